using System.Text.Json;
using Microsoft.Playwright;
using Polls.Core.Kinds;
using Polls.Core.RoomPolls;
using Polls.Core.Storage;
using Polls.Tests.Clients;
using Polls.Tests.Journeys;
using Polls.Tests.Servers;

namespace Polls.Tests.Web;

/// <summary>A host at work: everything a session needs, through the desk's user interface.</summary>
[Collection(nameof(HostPages))]
public sealed class DeskTests(BreakableInstances cluster, Chromium chromium) : BrowserTest(cluster, chromium)
{
    private const string Lunch = "What is for lunch?";
    private const string Days = "Which days suit you?";

    [Fact]
    public async Task A_host_runs_a_whole_session_from_the_desk_for_everyone_on_both_instances()
    {
        var desk = await DeskAsync(Cluster.A);
        var room = await desk.StartRoomAsync("All hands");
        await desk.SaysAsync("noPolls");
        await desk.WriteAsync(new(Days, PollKind.MultipleChoice, ["Monday", "Tuesday", "Friday"], PollSettings.Of(new ChoiceSettings(2))));
        await desk.ClickAsync("saveAndNext");
        await desk.ListsAsync(Days);
        await desk.WriteAsync(new(Lunch, PollKind.SingleChoice, ["Soup", "Salad", "Pasta"], new PollSettings()));
        await desk.SaveAsync();
        await desk.ListsAsync(Days, Lunch);
        await desk.ClickAsync("changeOrder");
        await desk.ClickAsync("moveUp", Lunch);
        await desk.ListsAsync(Lunch, Days);
        var roomId = (await AskAsync($"SELECT id FROM rooms WHERE code = '{room.Code}' AND ended_at IS NULL")).Single();
        await Until.TrueAsync(
            async () => (await AskAsync($"SELECT question FROM polls WHERE room_id = '{roomId}' ORDER BY position")).SequenceEqual([Lunch, Days]),
            "the new order is stored");
        (await AskAsync($"SELECT kind, array_to_string(options, ' '), settings->>'maxChoices' FROM polls WHERE room_id = '{roomId}' ORDER BY position"))
            .ShouldBe([$"{(int)PollKind.SingleChoice}|Soup Salad Pasta|1", $"{(int)PollKind.MultipleChoice}|Monday Tuesday Friday|2"]);
        var polls = (await Cluster.B.StateAsync(room.Code, room.HostToken)).Polls;
        var (lunch, days) = (polls[0].Id, polls[1].Id);

        var screen = await desk.OpenScreenAsync();
        await screen.SaysAsync("waiting");
        screen.Page.Url.ShouldNotContain("token");
        var ann = await JoinedPhoneAsync(Cluster.A, room);
        var bob = await PhoneAsync(Cluster.B, $"/r/{room.Code}");
        await bob.JoinAsync("Bob");
        var cem = await JoinedPhoneAsync(Cluster.B, room);
        Phone[] phones = [ann, bob, cem];
        Tab[] all = [desk, screen, .. phones];
        await desk.SeesAsync("3 people here");
        await EachAsync(phones, phone => phone.SeesNoMoreAsync(Lunch));

        await desk.ShowsStateAsync("draft");
        await desk.Page.GetByRole(AriaRole.Radio, new() { Name = "5 min" }).CheckAsync();
        await desk.ClickAsync("openPoll");
        await desk.ShowsStateAsync("open");
        await EachAsync([.. phones, screen], tab => tab.SeesAsync(Lunch));
        await EachAsync(all, tab => tab.Page.GetByRole(AriaRole.Timer).WaitForAsync());
        (await AskAsync($"SELECT round(extract(epoch FROM closes_at - opened_at)) FROM polls WHERE id = '{lunch}'")).ShouldBe(["300"]);
        await ann.VoteAsync("Soup");
        await bob.VoteAsync("Soup");
        await cem.VoteAsync("Pasta");
        await ShowAsync(lunch, 3, 2, 0, 1);

        await desk.ClickAsync("hideResults");
        await EachAsync(phones, phone => phone.ShowsTallyAsync());
        await screen.SaysAsync("hidden");
        await desk.SaysAsync("resultsHidden");
        await desk.ShowsTallyAsync(3, 2, 0, 1);
        await desk.ClickAsync("showResults");
        await desk.SaysAsync("resultsShown");
        await ShowAsync(lunch, 3, 2, 0, 1);

        await desk.ClickAsync("closePoll");
        await EachAsync(phones, phone => phone.SaysAsync("results"));
        await screen.SaysAsync("votingClosed");
        await desk.ShowsStateAsync("closed");
        await desk.ClickAsync("reopen");
        await desk.AgreeAsync("reopen");
        await desk.ShowsStateAsync("open");
        await ann.VoteAsync("Salad");
        await ann.CountedAsync("Salad");
        await ShowAsync(lunch, 3, 1, 1, 1);

        await desk.ClickAsync("reset");
        await desk.SeesAsync("3 votes will be deleted");
        await desk.AgreeAsync("cancel");
        await desk.ShowsTallyAsync(3, 1, 1, 1);
        await desk.ShowsStateAsync("open");
        await desk.ClickAsync("reset");
        await desk.AgreeAsync("reset");
        await desk.ShowsStateAsync("draft");
        await EachAsync(phones, phone => phone.SaysAsync("waiting"));
        (await Cluster.CountAsync($"SELECT count(*) FROM votes WHERE poll_id = '{lunch}'")).ShouldBe(0);
        await desk.ClickAsync("openPoll");
        foreach (var phone in phones)
        {
            await phone.Options.First.WaitForAsync();
            await phone.ChosenAsync();
        }

        await ann.VoteAsync("Soup");
        await cem.VoteAsync("Pasta");
        await ShowAsync(lunch, 2, 1, 0, 1);
        await desk.ClickAsync("closePoll");

        await desk.ClickAsync("nextPoll");
        await desk.ShowsPollAsync(Days);
        await desk.ClickAsync("openPoll");
        await EachAsync(phones, phone => phone.SeesAsync(Days));
        await ann.VoteAsync("Monday");
        await ann.VoteAsync("Friday");
        await ann.Button("sendVote").TapAsync();
        await bob.VoteAsync("Friday");
        await bob.Button("sendVote").TapAsync();
        await ShowAsync(days, 2, 1, 0, 2);
        await ExportsAgreeAsync();

        await desk.ChooseAsync("endRoom");
        await desk.AgreeAsync("cancel");
        await desk.ShowsStateAsync("open");
        await desk.ChooseAsync("endRoom");
        await desk.AgreeAsync("endRoom");
        await EachAsync(all, tab => tab.SaysAsync("ended"));
        await desk.ShowsStateAsync("closed");
        await Assertions.Expect(desk.Button("reopen")).ToHaveCountAsync(0);
        (await AskAsync($"SELECT ended_at IS NOT NULL FROM rooms WHERE id = '{roomId}'")).ShouldBe(["t"]);
        (await Cluster.RecountAsync(lunch, 3)).ShouldBe([2, 1, 0, 1]);
        (await Cluster.RecountAsync(days, 3)).ShouldBe([2, 1, 0, 2]);
        await ExportsAgreeAsync();

        async Task ShowAsync(Guid poll, params int[] tally)
        {
            await EachAsync(all, tab => tab.ShowsTallyAsync(tally));
            (await Cluster.TallyAsync(poll)).ShouldBe(tally);
            (await Cluster.RecountAsync(poll, 3)).ShouldBe(tally);
        }

        async Task ExportsAgreeAsync()
        {
            var stored = await AskAsync(
                $"""
                SELECT polls.position + 1, question, participant_id, coalesce(nickname, ''), array_to_string(marks, ' '), revision
                FROM votes JOIN polls ON polls.id = poll_id JOIN participants ON participants.id = participant_id
                WHERE polls.room_id = '{roomId}' AND cardinality(marks) > 0
                """);
            stored.Length.ShouldBe(4);
            var (name, csv) = await desk.DownloadAsync("exportCsv");
            name.ShouldBe($"polls-{room.Code}.csv");
            csv.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(row => row.Split(','))
                .Select(cells => string.Join('|', [.. cells[..5], cells[6]])).ShouldBe(stored, ignoreOrder: true);
            (name, var json) = await desk.DownloadAsync("exportJson");
            name.ShouldBe($"polls-{room.Code}.json");
            JsonDocument.Parse(json).RootElement.GetProperty("polls").EnumerateArray().SelectMany(Votes).ShouldBe(stored, ignoreOrder: true);
        }
    }

    [Fact]
    public async Task A_reload_and_a_second_device_continue_the_session_and_the_token_is_not_visible()
    {
        var desk = await DeskAsync(Cluster.A);
        var room = await desk.StartRoomAsync("Two devices");
        await Cluster.A.WriteAsync(room, TestApi.Draft("First?"));
        var second = await Cluster.A.WriteAsync(room, TestApi.Draft("Second?"));
        await desk.SelectAsync("Second?");
        await desk.ReloadAsync();
        await desk.ShowsPollAsync("Second?");
        await desk.ClickAsync("openPoll");
        await Cluster.B.VoteAsync(room.Code, second.Id, (await Cluster.B.JoinAsync(room.Code)).Token, 0, 1);
        await desk.ReloadAsync();
        await desk.ShowsStateAsync("open");
        await desk.ShowsTallyAsync(1, 0, 1, 0);

        var link = new Uri(await desk.DeviceLinkAsync());
        link.Query.ShouldBeEmpty();
        link.Fragment.ShouldBe($"#token={Uri.EscapeDataString(room.HostToken)}");
        var other = await NewDeskAsync(Cluster.A, Look.Laptop);
        await other.Page.AddInitScriptAsync("document.addEventListener('DOMContentLoaded', () => { window.addressAtFirst = location.href; })");
        await other.GoAsync(link.PathAndQuery + link.Fragment);
        (await other.Page.EvaluateAsync<string>("() => window.addressAtFirst")).ShouldNotContain("token");
        other.Page.Url.ShouldNotContain("token");
        await other.ShowsPollAsync("Second?");
        await other.ShowsTallyAsync(1, 0, 1, 0);
        await other.ClickAsync("closePoll");
        await desk.ShowsStateAsync("closed");
        await other.ReloadAsync();
        await other.ShowsStateAsync("closed");

        foreach (var device in new[] { desk, other })
        {
            device.Traffic.Addresses.ShouldContain(address => new Uri(address).AbsolutePath == "/hubs/room", "the test searches where the token is used");
            device.Traffic.Addresses.ShouldAllBe(address => !address.Contains(room.HostToken, StringComparison.Ordinal));
        }

        foreach (var instance in Cluster.Cluster.Instances)
        {
            var log = await File.ReadAllTextAsync(instance.LogPath);
            log.ShouldNotContain(room.HostToken);
            log.ShouldNotContain("access_token");
        }
    }

    [Fact]
    public async Task Without_a_valid_token_the_desk_says_what_to_do()
    {
        var (room, _) = await Cluster.OpenRoomAsync();
        var desk = await DeskAsync(Cluster.B, $"/host/{room.Code}");
        await desk.SaysAsync("noRightHint");
        desk.Traffic.ExpectBrokenConnections();
        desk.Traffic.ExpectStatus(401);
        await desk.GoAsync("/");
        await desk.GoAsync($"/host/{room.Code}#token=made-up");
        await desk.SaysAsync("noRightHint");
        await desk.SeesNoMoreAsync("Which one?");
        await desk.Page.GetByRole(AriaRole.Link, new() { Name = desk.Text("toStart") }).ClickAsync();
        await desk.SaysAsync("newRoom");
    }

    private static IEnumerable<string> Votes(JsonElement exported)
    {
        var poll = exported.GetProperty("poll");
        return exported.GetProperty("votes").EnumerateArray().Select(vote => string.Join(
            '|',
            poll.GetProperty("position").GetInt32() + 1,
            poll.GetProperty("question").GetString(),
            vote.GetProperty("participantId").GetString(),
            vote.TryGetProperty("nickname", out var nickname) ? nickname.GetString() : "",
            string.Join(' ', vote.GetProperty("choices").EnumerateArray()),
            vote.GetProperty("revision").GetInt32()));
    }
}
