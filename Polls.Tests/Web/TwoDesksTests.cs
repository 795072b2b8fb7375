using System.Net.Http.Json;
using Microsoft.Playwright;
using Polls.Api.Http;
using Polls.Api.Rooms;
using Polls.Core.Storage;
using Polls.Tests.Clients;
using Polls.Tests.Journeys;

namespace Polls.Tests.Web;

/// <summary>Two desks of one room: what one host types is neither lost nor overwrites what another one saved.</summary>
[Collection(nameof(HostPages))]
public sealed class TwoDesksTests(BreakableInstances cluster, Chromium chromium) : BrowserTest(cluster, chromium)
{
    [Fact]
    public async Task A_host_hears_at_once_that_another_one_saved_the_same_draft_and_decides()
    {
        var room = await Cluster.A.CreateRoomAsync(TestApi.Draft("At first?"));
        var mine = await DeskAsync(Cluster.A, room);
        var theirs = await DeskAsync(Cluster.B, room);
        foreach (var (desk, question) in new[] { (mine, "Mine?"), (theirs, "Theirs?") })
        {
            await desk.ClickAsync("edit");
            await Assertions.Expect(desk.Question).ToHaveValueAsync("At first?");
            await desk.Question.FillAsync(question);
        }

        await theirs.Page.Locator("#visibility").SelectOptionAsync("hostOnly");
        await theirs.SaveAsync();
        await mine.SaysAsync("changedMeanwhile");
        await mine.HearsAsync(mine.Text("changedSince"));
        await ComparesAsync(mine, "Theirs?", "Mine?");
        await Assertions.Expect(mine.Page.Locator(".version").First).ToContainTextAsync(mine.Text("visibilityHostOnly"));
        await mine.IsSoundAsync();

        // Both the text and the conflict survive a reload.
        await mine.ReloadAsync();
        await mine.SaysAsync("changedMeanwhile");
        await ComparesAsync(mine, "Theirs?", "Mine?");
        await mine.ClickAsync("takeTheirs");
        await Assertions.Expect(mine.Question).ToHaveValueAsync("Theirs?");
        await mine.SaysNoMoreAsync("changedMeanwhile");
        await mine.Question.FillAsync("Mine after all?");

        await theirs.ClickAsync("edit");
        await theirs.Question.FillAsync("Theirs again?");
        await theirs.SaveAsync();
        await mine.SaysAsync("changedMeanwhile");
        await mine.ClickAsync("saveMine");
        await mine.ShowsPollAsync("Mine after all?");
        await theirs.ShowsPollAsync("Mine after all?");
        (await QuestionsAsync(room)).ShouldBe(["Mine after all?"]);
    }

    [Fact]
    public async Task Two_hosts_who_correct_one_open_poll_see_both_texts_and_lose_no_vote()
    {
        var (room, poll) = await Cluster.OpenRoomAsync();
        var phone = await JoinedPhoneAsync(Cluster.A, room);
        await phone.VoteAsync("Option 2");
        await phone.CountedAsync("Option 2");
        var (mine, theirs) = (await DeskAsync(Cluster.A, room), await DeskAsync(Cluster.B, room));
        foreach (var (desk, question) in new[] { (mine, "Mine?"), (theirs, "Theirs?") })
        {
            await desk.ShowsPollAsync("Which one?");
            await desk.ClickAsync("correct");
            await desk.Question.FillAsync(question);
        }

        await theirs.SaveAsync();
        await phone.SeesAsync("Theirs?");
        await mine.SaysAsync("changedMeanwhile");
        await ComparesAsync(mine, "Theirs?", "Mine?");
        await mine.IsSoundAsync();
        await mine.ClickAsync("saveMine");
        await mine.ShowsPollAsync("Mine?");
        await EachAsync([theirs, phone], tab => tab.SeesAsync("Mine?"));
        await phone.ChosenAsync("Option 2");
        await EachAsync([mine, theirs, phone], tab => tab.ShowsTallyAsync(1, 0, 1, 0));
        (await Cluster.A.StateAsync(room.Code, room.HostToken)).Polls.Single(one => one.Id == poll).Edition.ShouldBe(1);

        // While a correction is written, the poll may close: its words may be corrected all the same.
        await mine.ClickAsync("correct");
        await mine.Question.FillAsync("Mine, at last?");
        await theirs.ClickAsync("closePoll");
        await phone.SaysAsync("results");
        await Assertions.Expect(mine.Question).ToHaveValueAsync("Mine, at last?");
        await mine.SaveAsync();
        await EachAsync([theirs, phone], tab => tab.SeesAsync("Mine, at last?"));
    }

    [Fact]
    public async Task A_save_that_comes_second_is_refused_and_keeps_the_text()
    {
        var room = await Cluster.A.CreateRoomAsync(TestApi.Draft("At first?"));
        var poll = (await Cluster.A.StateAsync(room.Code, room.HostToken)).Polls[0].Id;
        var desk = await DeskAsync(Cluster.A, room);
        desk.Traffic.ExpectStatus(412);
        await desk.ClickAsync("edit");
        await desk.Question.FillAsync("Mine?");
        // The other host is faster by less than a message takes.
        await BeforeAsync(desk, $"**/polls/{poll}", "PUT", () => SaveAsync(room, poll, "Theirs?"));
        await desk.ClickAsync("save");
        await desk.SaysAsync("changedMeanwhile");
        await ComparesAsync(desk, "Theirs?", "Mine?");
        await Assertions.Expect(desk.Page.Locator("#conflict-title")).ToBeFocusedAsync();
        (await QuestionsAsync(room)).ShouldBe(["Theirs?"]);
        await desk.ClickAsync("saveMine");
        await desk.ShowsPollAsync("Mine?");
        (await QuestionsAsync(room)).ShouldBe(["Mine?"]);
    }

    [Fact]
    public async Task A_draft_that_was_only_moved_is_saved_without_a_question()
    {
        var room = await Cluster.A.CreateRoomAsync(TestApi.Draft("First?"), TestApi.Draft("Second?"));
        var polls = (await Cluster.A.StateAsync(room.Code, room.HostToken)).Polls.Select(one => one.Id).ToList();
        var desk = await DeskAsync(Cluster.A, room);
        desk.Traffic.ExpectStatus(412);
        await desk.SelectAsync("First?");
        await desk.ClickAsync("edit");
        await desk.Question.FillAsync("First, changed?");
        await BeforeAsync(desk, $"**/polls/{polls[0]}", "PUT", async () =>
        {
            using var ordered = await Cluster.B.SendAsync(
                HttpMethod.Put, $"/api/rooms/{room.Code}/polls/order", room.HostToken, JsonContent.Create(new { polls = new[] { polls[1], polls[0] } }));
            ordered.EnsureSuccessStatusCode();
        });
        await desk.SaveAsync();
        await desk.ListsAsync("Second?", "First, changed?");
        (await QuestionsAsync(room)).ShouldBe(["Second?", "First, changed?"]);
    }

    [Theory]
    [InlineData("open", "notDraft")]
    [InlineData("delete", "pollGone")]
    public async Task A_text_whose_draft_is_gone_can_become_a_new_poll(string what, string textName)
    {
        var room = await Cluster.A.CreateRoomAsync(TestApi.Draft("At first?"));
        var poll = (await Cluster.A.StateAsync(room.Code, room.HostToken)).Polls[0].Id;
        var desk = await DeskAsync(Cluster.A, room);
        await desk.ClickAsync("edit");
        await desk.Question.FillAsync("Mine?");
        if (what == "open")
        {
            await Cluster.B.DoAsync(room, poll, "open");
        }
        else
        {
            (await Cluster.B.SendAsync(HttpMethod.Delete, $"/api/rooms/{room.Code}/polls/{poll}", room.HostToken, null)).Dispose();
        }

        await desk.SaysAsync(textName);
        await desk.IsSoundAsync();
        await Assertions.Expect(desk.Question).ToHaveValueAsync("Mine?");
        await desk.ClickAsync("saveAsNew");
        await desk.ShowsPollAsync("Mine?");
        (await QuestionsAsync(room)).ShouldBe(what == "open" ? ["At first?", "Mine?"] : ["Mine?"]);
    }

    [Fact]
    public async Task No_poll_is_opened_reset_or_moved_over_what_another_host_just_did()
    {
        var room = await Cluster.A.CreateRoomAsync(TestApi.Draft("First?"), TestApi.Draft("Second?"), TestApi.Draft("Third?"));
        var polls = (await Cluster.A.StateAsync(room.Code, room.HostToken)).Polls.Select(one => one.Id).ToList();
        var desk = await DeskAsync(Cluster.A, room);
        desk.Traffic.ExpectStatus(412);
        await desk.SelectAsync("First?");
        await BeforeAsync(desk, "**/open", "POST", () => SaveAsync(room, polls[0], "First, changed?"));
        await desk.ClickAsync("openPoll");
        await desk.SaysAsync("changedSince");
        await desk.ShowsPollAsync("First, changed?");
        await desk.ShowsStateAsync("draft");
        (await Cluster.B.StateAsync(room.Code, room.HostToken)).Polls[0].State.ShouldBe(PollState.Draft);

        // A mover has the place of another host's order only after it has been seen.
        await BeforeAsync(desk, "**/polls/order", "PUT", async () =>
        {
            using var ordered = await Cluster.B.SendAsync(
                HttpMethod.Put, $"/api/rooms/{room.Code}/polls/order", room.HostToken, JsonContent.Create(new { polls = new[] { polls[2], polls[0], polls[1] } }));
            ordered.EnsureSuccessStatusCode();
        });
        await desk.ClickAsync("changeOrder");
        await desk.ClickAsync("moveDown", "First, changed?");
        await desk.SaysAsync("badOrder");
        await desk.ListsAsync("Third?", "First, changed?", "Second?");
        (await QuestionsAsync(room)).ShouldBe(["Third?", "First, changed?", "Second?"]);
    }

    private async Task SaveAsync(CreatedRoom room, Guid poll, string question)
    {
        using var saved = await Cluster.B.SendAsync(
            HttpMethod.Put, $"/api/rooms/{room.Code}/polls/{poll}", room.HostToken, JsonContent.Create(TestApi.Draft(question), options: Json.Options));
        saved.EnsureSuccessStatusCode();
    }

    private async Task<string[]> QuestionsAsync(CreatedRoom room) =>
        [.. (await Cluster.A.StateAsync(room.Code, room.HostToken)).Polls.Select(poll => poll.Question)];

    /// <summary>Another host acts while the first such request of this desk is on its way.</summary>
    private static async Task BeforeAsync(Desk desk, string address, string method, Func<Task> act)
    {
        var acted = 0;
        await desk.Page.RouteAsync(address, async route =>
        {
            if (route.Request.Method == method && Interlocked.Exchange(ref acted, 1) == 0)
            {
                await act();
            }

            await route.ContinueAsync();
        });
    }

    private static Task ComparesAsync(Desk desk, params string[] questions) =>
        Assertions.Expect(desk.Page.Locator(".version strong")).ToHaveTextAsync(questions);
}
