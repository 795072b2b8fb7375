using Microsoft.Playwright;
using Polls.Core.Kinds;
using Polls.Core.RoomPolls;
using Polls.Core.Storage;
using Polls.Core.Votes;
using Polls.Tests.Journeys;
using Polls.Tests.Servers;

namespace Polls.Tests.Web.Kinds;

/// <summary>Ratings and scales, from the desk's form to the result, by touch and keyboard.</summary>
[Collection(nameof(HostPages))]
public sealed class RatingTests(BreakableInstances cluster, Chromium chromium) : BrowserTest(cluster, chromium)
{
    [Fact]
    public async Task A_rating_is_written_given_and_shown_with_its_exact_mean()
    {
        var desk = await DeskAsync(Cluster.A);
        var room = await desk.StartRoomAsync("Feedback");
        await desk.WriteAsync(new("How was it?", PollKind.Rating, []));
        await desk.Page.Locator("#kind-rating").CheckAsync();
        await desk.Page.Locator("#visibility").SelectOptionAsync("live");
        await desk.Page.Locator("#lowLabel").FillAsync("Bad");
        await desk.SaveAsync();
        await desk.SeesAsync("Rate from 1 to 5");
        var poll = (await Cluster.B.StateAsync(room.Code, room.HostToken)).Polls.Single();
        (await AskAsync($"SELECT settings->>'look', settings->>'max', settings->>'lowLabel' FROM polls WHERE id = '{poll.Id}'")).ShouldBe(["stars|5|Bad"]);

        var screen = await desk.OpenScreenAsync();
        Phone[] phones = [await JoinedPhoneAsync(Cluster.A, room), await JoinedPhoneAsync(Cluster.B, room), await JoinedPhoneAsync(Cluster.B, room)];
        await desk.ClickAsync("openPoll");
        await Value(phones[0], "4 stars").TapAsync();
        await phones[0].SaysAsync("counted");

        // Arrow keys only move: a vote may be final.
        await Value(phones[1], "1 star. Bad").FocusAsync();
        await phones[1].Page.Keyboard.PressAsync("End");
        await Assertions.Expect(Value(phones[1], "5 stars")).ToBeFocusedAsync();
        await phones[1].Page.Keyboard.PressAsync("ArrowRight");
        await Assertions.Expect(Value(phones[1], "5 stars")).ToBeFocusedAsync();
        (await Cluster.A.StateAsync(room.Code, room.HostToken)).Polls.Single().Tally!.Voters.ShouldBe(1);
        await phones[1].Page.Keyboard.PressAsync("Enter");
        await phones[1].SaysAsync("counted");

        await Value(phones[2], "1 star. Bad").TapAsync();
        await phones[2].SaysAsync("counted");
        Tab[] all = [desk, screen, .. phones];
        await ShowAsync(all, "3.3", "Median 4.0");
        await Value(phones[2], "2 stars").TapAsync();
        await ShowAsync(all, "3.7", "Median 4.0");
        await phones[2].Button("withdraw").TapAsync();
        await phones[2].SaysAsync("withdrawn");
        await ShowAsync(all, "4.5", "Median 4.5");
        await Assertions.Expect(Value(phones[2], "2 stars")).ToHaveAttributeAsync("aria-checked", "false");
        await Value(phones[2], "2 stars").TapAsync();
        await ShowAsync(all, "3.7", "Median 4.0");

        await desk.ClickAsync("closePoll");
        await phones[2].Page.Locator(".result").WaitForAsync();
        await Assertions.Expect(phones[2].Page.Locator(".value-row:has(.mine-mark) .unseen").First).ToHaveTextAsync("2 stars");
        await phones[2].HearsAsync("Mean 3.7");
        await EachAsync([desk, .. phones], tab => Assertions.Expect(tab.Page.Locator(".value-row small")).ToHaveTextAsync(["1", "1", "0", "1", "0"]));
        await Assertions.Expect(screen.Page.Locator(".column-share small")).ToHaveTextAsync(["0", "1", "0", "1", "1"]);
    }

    [Fact]
    public async Task Nobody_has_rated_yet_is_no_zero_and_a_score_has_a_sign()
    {
        var room = await Cluster.A.CreateRoomAsync(new PollDraft(
            "Would you recommend us?", PollKind.Rating, [], PollSettings.Of(new RatingSettings(Look: RatingLook.Nps))));
        var poll = (await Cluster.A.StateAsync(room.Code, room.HostToken)).Polls.Single();
        await Cluster.A.DoAsync(room, poll.Id, "open");
        var screen = await ScreenAsync(Cluster.B, room);
        await ShowAsync([screen], "–", "Median –");
        foreach (var value in new[] { 0, 6, 7, 10 })
        {
            await Cluster.A.SendAsync<VoteReceipt>(
                HttpMethod.Put, $"/api/rooms/{room.Code}/polls/{poll.Id}/vote", (await Cluster.A.JoinAsync(room.Code)).Token, new { value, revision = 0 });
        }

        await ShowAsync([screen], "-25", "Mean 5.8");
        await Assertions.Expect(screen.Page.Locator(".nps-shares b")).ToHaveTextAsync(["50%", "25%", "25%"]);
    }

    [Fact]
    public async Task Shares_that_are_not_rounded_as_usual_say_so_in_results_and_tables()
    {
        var room = await Cluster.A.CreateRoomAsync(
            new PollDraft("Would you recommend us?", PollKind.Rating, [], PollSettings.Of(new RatingSettings(Look: RatingLook.Nps))),
            new PollDraft("How were they?", PollKind.Scales, ["Food", "Room"], PollSettings.Of(new ScalesSettings(1, 5, null, null, RatingLook.Numbers, true))));
        var polls = (await Cluster.A.StateAsync(room.Code, room.HostToken)).Polls;
        var (screen, phone) = (await ScreenAsync(Cluster.B, room), await JoinedPhoneAsync(Cluster.A, room));
        foreach (var (poll, answers) in new (Guid, object[])[]
        {
            // A third of the people in each group; then a third of them at each value.
            (polls[0].Id, [new { value = 0 }, new { value = 7 }, new { value = 10 }]),
            (polls[1].Id, [new { values = new[] { 1, 5 } }, new { values = new[] { 2, 5 } }, new { values = new[] { 3, 5 } }]),
        })
        {
            await Cluster.A.DoAsync(room, poll, "open");
            foreach (var answer in answers)
            {
                await KindDrafts.AnswerAsync(Cluster.A, room, poll, answer);
            }

            await Cluster.A.DoAsync(room, poll, "close");
            await phone.Page.Locator(".result summary").TapAsync();
            if (poll == polls[0].Id)
            {
                await Assertions.Expect(screen.Page.Locator(".nps-shares b")).ToHaveTextAsync(["34%", "33%", "33%"]);
                await screen.SaysAsync("adjusted");
            }
            else
            {
                await Assertions.Expect(phone.Page.Locator("tbody tr").First.Locator("td")).ToHaveTextAsync(["1 (34%)", "1 (33%)", "1 (33%)", "0 (0%)", "0 (0%)", "2.0"]);
            }

            await phone.SaysAsync("adjusted");
        }
    }

    [Fact]
    public async Task Scales_are_written_answered_and_shown_with_the_mean_of_those_who_rated_each_statement()
    {
        var desk = await DeskAsync(Cluster.A);
        var room = await desk.StartRoomAsync("Feedback");
        await desk.WriteAsync(new("How were they?", PollKind.Scales, ["Food", "Room"]));
        await desk.Page.Locator("#kind-scales").CheckAsync();
        await desk.Page.Locator("#visibility").SelectOptionAsync("live");
        await desk.Page.Locator("#scale-min").SelectOptionAsync("0");
        await Assertions.Expect(desk.Page.Locator("#scale-max option").Last).ToHaveTextAsync("10");
        await desk.Page.Locator("#scale-min").SelectOptionAsync("1");
        await Assertions.Expect(desk.Page.Locator("#scale-max option").Last).ToHaveTextAsync("10");
        await desk.SaveAsync();
        await desk.SeesAsync("2 statements");
        var poll = (await Cluster.B.StateAsync(room.Code, room.HostToken)).Polls.Single();
        (await AskAsync($"SELECT settings->>'look', settings->>'min', settings->>'max', settings->>'maySkip' FROM polls WHERE id = '{poll.Id}'")).ShouldBe(["numbers|1|5|true"]);
        var screen = await desk.OpenScreenAsync();
        Phone[] phones = [await JoinedPhoneAsync(Cluster.A, room), await JoinedPhoneAsync(Cluster.B, room), await JoinedPhoneAsync(Cluster.B, room)];
        await desk.ClickAsync("openPoll");
        await OfAsync(phones[0], "Food", "5 of 5");
        await OfAsync(phones[0], "Room", "2 of 5");
        await phones[0].Button("sendVote").TapAsync();
        await phones[0].SaysAsync("counted");
        await OfAsync(phones[1], "Food", "2 of 5");
        await OfAsync(phones[1], "Room", "1 of 5");
        await phones[1].Page.GetByRole(AriaRole.Button, new() { Name = "Clear: Room" }).TapAsync();
        await phones[1].Button("sendVote").TapAsync();
        await phones[1].SaysAsync("counted");
        await MeansAsync("3.5", "2.0");
        await Assertions.Expect(screen.Page.Locator(".chart-share small")).ToHaveTextAsync(["2 answers", "1 answer"]);

        await OfAsync(phones[1], "Room", "3 of 5");
        await phones[1].Button("changeVote").TapAsync();
        await phones[1].SaysAsync("counted");
        await MeansAsync("3.5", "2.5");
        // By keyboard: arrows move, the space bar chooses.
        await phones[2].Page.GetByRole(AriaRole.Radiogroup, new() { Name = "Food", Exact = true }).GetByRole(AriaRole.Radio).First.FocusAsync();
        await phones[2].Page.Keyboard.PressAsync("ArrowRight");
        await phones[2].Page.Keyboard.PressAsync("Space");
        await phones[2].Button("sendVote").TapAsync();
        await phones[2].SaysAsync("counted");
        await MeansAsync("3.0", "2.5");
        await phones[2].Button("withdraw").TapAsync();
        await phones[2].SaysAsync("withdrawn");
        await MeansAsync("3.5", "2.5");

        await desk.ClickAsync("closePoll");
        await phones[1].Page.Locator(".result summary").TapAsync();
        await Assertions.Expect(phones[1].Page.Locator("tbody tr").First.Locator("td")).ToHaveTextAsync(["0 (0%)", "1 (50%)", "0 (0%)", "0 (0%)", "1 (50%)", "3.5"]);
        await phones[2].HearsAsync("Food. Mean 3.5. 2 answers.");

        Task MeansAsync(params string[] means) => Until.TrueAsync(
            async () =>
            {
                var shown = new[]
                {
                    await screen.Page.Locator(".chart-share b").AllInnerTextsAsync(), await desk.Page.Locator(".statement-row > b").AllInnerTextsAsync(),
                    await phones[0].Page.Locator(".statement-row > b").AllInnerTextsAsync(), await phones[2].Page.Locator(".statement-row > b").AllInnerTextsAsync(),
                };
                return shown.All(texts => texts.SequenceEqual(means));
            },
            $"the means are {string.Join(", ", means)}");
    }

    [Fact]
    public async Task Where_no_statement_may_be_skipped_the_button_tells_how_many_are_missing()
    {
        var room = await Cluster.A.CreateRoomAsync(
            new PollDraft("All of them?", PollKind.Scales, ["Food", "Room"], PollSettings.Of(new ScalesSettings(1, 5, null, null, RatingLook.Numbers, false))));
        await Cluster.A.DoAsync(room, (await Cluster.A.StateAsync(room.Code, room.HostToken)).Polls.Single().Id, "open");
        var phone = await JoinedPhoneAsync(Cluster.B, room);
        await OfAsync(phone, "Food", "4 of 5");
        await Assertions.Expect(phone.Page.Locator(".poll-foot .primary")).ToHaveTextAsync("1 is still unanswered");
        await Assertions.Expect(phone.Page.Locator(".poll-foot .primary")).ToHaveAttributeAsync("aria-disabled", "true");
        await OfAsync(phone, "Room", "4 of 5");
        await phone.Button("sendVote").TapAsync();
        await phone.SaysAsync("counted");
    }

    private static ILocator Value(Phone phone, string name) => phone.Page.GetByRole(AriaRole.Radio, new() { Name = name, Exact = true });

    private static Task OfAsync(Phone phone, string statement, string value) =>
        phone.Page.GetByRole(AriaRole.Radiogroup, new() { Name = statement, Exact = true }).GetByRole(AriaRole.Radio, new() { Name = value, Exact = true }).TapAsync();

    private static Task ShowAsync(IEnumerable<Tab> tabs, string figure, string other) => EachAsync(tabs, tab => Until.TrueAsync(
        async () => await tab.Page.Locator(".figure b").AllInnerTextsAsync() is [var shown] && shown == figure
            && (await tab.Page.Locator(".figure-others").InnerTextAsync()).Contains(other, StringComparison.Ordinal),
        $"the figure is {figure}, and {other}"));
}
