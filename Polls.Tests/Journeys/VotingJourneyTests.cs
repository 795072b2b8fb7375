using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using Polls.Core.RoomPolls;
using Polls.Core.Storage;
using Polls.Core.Tallies;
using Polls.Core.Votes;
using Polls.Tests.Clients;
using Polls.Tests.Servers;

namespace Polls.Tests.Journeys;

/// <summary>The whole path of a vote, over two instances, with many clients.</summary>
[Collection(nameof(TwoInstances))]
public sealed class VotingJourneyTests(TwoInstances cluster)
{
    [Fact]
    public async Task A_state_that_a_client_has_is_not_sent_again_until_something_changed()
    {
        var (room, poll) = await cluster.OpenRoomAsync();
        var (ann, bob) = ((await cluster.A.JoinAsync(room.Code)).Token, (await cluster.A.JoinAsync(room.Code)).Token);
        var tag = (await GetAsync(cluster.A, ann)).Tag;
        (await GetAsync(cluster.B, ann, tag)).ShouldBe((HttpStatusCode.NotModified, tag), "any instance knows it");
        (await GetAsync(cluster.A, room.HostToken, tag)).Status.ShouldBe(HttpStatusCode.OK, "hosts see more");

        // Somebody else's vote, in a result that everybody sees; the own one; a change of the room.
        await cluster.A.VoteAsync(room.Code, poll, bob, 1, 0);
        tag = await ChangedAsync(tag);
        await cluster.A.VoteAsync(room.Code, poll, ann, 1, 1);
        tag = await ChangedAsync(tag);
        await cluster.A.DoAsync(room, poll, "hide-results");
        tag = await ChangedAsync(tag);
        await cluster.A.VoteAsync(room.Code, poll, bob, 2, 1);
        (await GetAsync(cluster.B, ann, tag)).Status.ShouldBe(HttpStatusCode.NotModified, "a hidden result leaves no trace");

        async Task<string> ChangedAsync(string known)
        {
            var (status, changed) = await GetAsync(cluster.B, ann, known);
            status.ShouldBe(HttpStatusCode.OK);
            changed.ShouldNotBe(known);
            return changed;
        }

        async Task<(HttpStatusCode Status, string Tag)> GetAsync(TestApi api, string token, string? known = null)
        {
            using var http = new HttpClient { BaseAddress = api.Address };
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/rooms/{room.Code}/state");
            request.Headers.Authorization = new("Bearer", token);
            if (known is not null)
            {
                request.Headers.IfNoneMatch.Add(EntityTagHeaderValue.Parse(known));
            }

            using var response = await http.SendAsync(request);
            return (response.StatusCode, response.Headers.ETag.ShouldNotBeNull().ToString());
        }
    }

    [Fact]
    public async Task Five_hundred_voters_on_two_instances_all_end_with_the_recounted_tally()
    {
        const int Voters = 500;
        var room = await cluster.A.CreateRoomAsync(TestApi.Draft(options: 4), TestApi.Draft(options: 5, kind: PollKind.MultipleChoice));
        var single = (await cluster.A.StateAsync(room.Code, room.HostToken)).Polls[0].Id;
        var multiple = (await cluster.A.StateAsync(room.Code, room.HostToken)).Polls[1].Id;
        await using var host = await RoomClient.ConnectAsync(cluster.A.Address, room.HostToken);
        await using var screen = await RoomClient.ConnectAsync(cluster.B.Address, await cluster.B.ScreenTokenAsync(room));
        var phones = new ConcurrentBag<RoomClient>();
        await Parallel.ForEachAsync(Enumerable.Range(0, Voters), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, _) =>
        {
            var home = i % 2 == 0 ? cluster.A : cluster.B;
            phones.Add(await RoomClient.ConnectAsync(home.Address, (await home.JoinAsync(room.Code, $"Voter {i}")).Token));
        });
        await cluster.A.DoAsync(room, single, "open");
        await cluster.B.DoAsync(room, multiple, "open");
        await Until.TrueAsync(
            () => phones.All(phone => phone.Polls.GetValueOrDefault(single)?.State == PollState.Open
                && phone.Polls.GetValueOrDefault(multiple)?.State == PollState.Open), "every phone shows both polls");

        var receipts = new ConcurrentBag<VoteReceipt>();
        await Parallel.ForEachAsync(phones.Select((phone, i) => (phone, i)), new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (item, _) =>
        {
            var (phone, i) = item;
            var votes = new List<Task<VoteReceipt>> { phone.CastAsync(single, 1, i % 4), phone.CastAsync(multiple, 1, i % 5, (i + 1) % 5) };
            if (i % 3 == 0)
            {
                // Changed, sent twice, and overtaken by an older revision.
                votes.Add(phone.CastAsync(single, 3, (i + 1) % 4));
                votes.Add(phone.CastAsync(single, 3, (i + 1) % 4));
                votes.Add(phone.CastAsync(single, 2, (i + 2) % 4));
            }

            if (i % 7 == 0)
            {
                votes.Add(phone.WithdrawAsync(multiple, 2));
            }

            foreach (var receipt in await Task.WhenAll(votes))
            {
                receipts.Add(receipt);
            }
        });

        RoomClient[] all = [.. phones, host, screen];
        foreach (var (poll, options) in new[] { (single, 4), (multiple, 5) })
        {
            var recount = await cluster.RecountAsync(poll, options);
            int[] Shown(RoomClient client) => client.Tallies.TryGetValue(poll, out var tally) ? [tally.Voters, .. tally.Counts] : [];
            await Until.TrueAsync(() => all.All(client => Shown(client).SequenceEqual(recount)), $"every screen shows {string.Join(' ', recount)}");
            var stored = (await cluster.A.StateAsync(room.Code, room.HostToken)).Polls.Single(p => p.Id == poll).Tally!;
            int[] kept = [stored.Voters, .. stored.Counts];
            kept.ShouldBe(recount);
        }

        (await cluster.RecountAsync(single, 4))[0].ShouldBe(Voters);
        (await cluster.RecountAsync(multiple, 5))[0].ShouldBe(phones.Select((_, i) => i).Count(i => i % 7 != 0));
        all.ShouldAllBe(client => VersionsOnlyGrow(client.TallyLog));
        await Until.TrueAsync(() => all.All(client => client.Participants == Voters), "every screen counts 500 participants");
        foreach (var client in all)
        {
            await client.DisposeAsync();
        }
    }

    [Fact]
    public async Task Hidden_results_and_drafts_never_reach_a_participant()
    {
        var room = await cluster.A.CreateRoomAsync(
            TestApi.Draft(settings: new PollSettings { ResultsVisibility = ResultsVisibility.HostOnly }), TestApi.Draft("A draft"));
        var poll = (await cluster.A.StateAsync(room.Code, room.HostToken)).Polls[0].Id;
        var joined = await cluster.B.JoinAsync(room.Code);
        await using var phone = await RoomClient.ConnectAsync(cluster.B.Address, joined.Token);
        await using var screen = await RoomClient.ConnectAsync(cluster.B.Address, await cluster.A.ScreenTokenAsync(room));
        await using var host = await RoomClient.ConnectAsync(cluster.B.Address, room.HostToken);
        phone.State!.Polls.ShouldBeEmpty();
        screen.State!.Polls.ShouldBeEmpty();
        host.State!.Polls.Count.ShouldBe(2);

        await cluster.A.DoAsync(room, poll, "open");
        await Until.TrueAsync(() => phone.Polls.ContainsKey(poll), "the phone shows the open poll");
        await phone.CastAsync(poll, 1, 0);
        await Until.TrueAsync(() => host.Tallies.GetValueOrDefault(poll)?.Voters == 1, "the host sees the vote");
        await Until.TrueAsync(() => screen.Tallies.GetValueOrDefault(poll)?.Voters == 1, "the screen received the vote");
        phone.TallyLog.ShouldBeEmpty();
        (await phone.GetStateAsync()).Polls.ShouldHaveSingleItem().Tally.ShouldBeNull();
        (await cluster.A.StateAsync(room.Code, joined.Token)).Polls.ShouldHaveSingleItem().Tally.ShouldBeNull();
        (await cluster.A.RefusalAsync(HttpMethod.Get, $"/api/rooms/{room.Code}/results", joined.Token)).Code.ShouldBe("auth.forbidden");

        await cluster.B.DoAsync(room, poll, "show-results");
        await Until.TrueAsync(() => phone.Tallies.GetValueOrDefault(poll)?.Voters == 1, "the phone sees the shown result");
        await cluster.A.DoAsync(room, poll, "hide-results");
        await Until.TrueAsync(() => !phone.Polls[poll].ResultsVisible, "the phone is told that results are hidden");
        phone.Polls[poll].Tally.ShouldBeNull();
        var seen = phone.TallyLog.Count;
        await phone.CastAsync(poll, 2, 1);
        await Until.TrueAsync(() => host.Tallies[poll].Counts[1] == 1, "the host sees the change");
        phone.TallyLog.Count.ShouldBe(seen);
    }

    [Fact]
    public async Task Nothing_of_one_room_is_sent_to_another()
    {
        var busy = await cluster.A.CreateRoomAsync(TestApi.Draft());
        var quiet = await cluster.A.CreateRoomAsync(TestApi.Draft());
        var poll = (await cluster.A.StateAsync(busy.Code, busy.HostToken)).Polls[0].Id;
        await using var stranger = await RoomClient.ConnectAsync(cluster.B.Address, quiet.HostToken);
        await using var host = await RoomClient.ConnectAsync(cluster.B.Address, busy.HostToken);
        await cluster.A.DoAsync(busy, poll, "open");
        await cluster.A.VoteAsync(busy.Code, poll, (await cluster.A.JoinAsync(busy.Code)).Token, 0, 1);
        await Until.TrueAsync(() => host.Tallies.GetValueOrDefault(poll)?.Voters == 1, "the host sees the vote");
        stranger.Polls.Keys.ShouldNotContain(poll);
        stranger.TallyLog.ShouldNotContain(tally => tally.PollId == poll);
        var token = (await cluster.A.JoinAsync(quiet.Code)).Token;
        (await cluster.A.RefusalAsync(HttpMethod.Put, $"/api/rooms/{busy.Code}/polls/{poll}/vote", token, new { choices = new[] { 0 }, revision = 0 }))
            .Code.ShouldBe("auth.wrongRoom");
        (await cluster.A.RefusalAsync(HttpMethod.Put, $"/api/rooms/{quiet.Code}/polls/{poll}/vote", token, new { choices = new[] { 0 }, revision = 0 }))
            .Code.ShouldBe("poll.notFound");
    }

    [Fact]
    public async Task A_refreshed_browser_keeps_its_place_and_its_vote_on_any_instance()
    {
        var room = await cluster.A.CreateRoomAsync(TestApi.Draft());
        var poll = (await cluster.A.StateAsync(room.Code, room.HostToken)).Polls[0].Id;
        await cluster.A.DoAsync(room, poll, "open");
        var joined = await cluster.A.JoinAsync(room.Code, "Ann");
        await using (var before = await RoomClient.ConnectAsync(cluster.A.Address, joined.Token))
        {
            await before.CastAsync(poll, 4, 2);
        }

        await using var after = await RoomClient.ConnectAsync(cluster.B.Address, joined.Token);
        var mine = after.State!.MyVotes.ShouldHaveSingleItem();
        (mine.PollId, mine.Revision, mine.Choices!.Single()).ShouldBe((poll, 4, 2));
        await after.CastAsync(poll, 5, 0);
        (await cluster.RecountAsync(poll, 3)).ShouldBe([1, 1, 0, 0]);
        await Until.TrueAsync(() => after.Participants == 1, "the participant counts once");
    }

    [Fact]
    public async Task A_timed_poll_closes_automatically_exactly_once_on_every_screen()
    {
        var room = await cluster.A.CreateRoomAsync(TestApi.Draft(settings: new PollSettings { DurationSeconds = 1 }));
        var poll = (await cluster.A.StateAsync(room.Code, room.HostToken)).Polls[0].Id;
        await using var phone = await RoomClient.ConnectAsync(cluster.B.Address, (await cluster.B.JoinAsync(room.Code)).Token);
        var opened = await cluster.A.DoAsync(room, poll, "open");
        (opened.ClosesAt - opened.OpenedAt).ShouldBe(TimeSpan.FromSeconds(1));
        await Until.TrueAsync(() => phone.Polls.GetValueOrDefault(poll)?.State == PollState.Closed, "the poll closes");
        (await phone.RefusalAsync("CastVote", poll, new { choices = new[] { 0 }, revision = 0 })).ShouldBe("poll.notOpen");
        (await cluster.CountAsync($"SELECT version FROM polls WHERE id = '{poll}'")).ShouldBe(3, "drafted, opened, closed once");
    }

    [Fact]
    public async Task Ending_the_room_closes_its_polls_and_tells_everyone()
    {
        var room = await cluster.A.CreateRoomAsync(TestApi.Draft());
        var poll = (await cluster.A.StateAsync(room.Code, room.HostToken)).Polls[0].Id;
        var joined = await cluster.B.JoinAsync(room.Code);
        await using var phone = await RoomClient.ConnectAsync(cluster.B.Address, joined.Token);
        await cluster.A.DoAsync(room, poll, "open");
        using (await cluster.A.SendAsync(HttpMethod.Post, $"/api/rooms/{room.Code}/close", room.HostToken, null))
        {
            await Until.TrueAsync(() => phone.RoomClosed, "the phone is told that the room has ended");
        }

        (await phone.RefusalAsync("CastVote", poll, new { choices = new[] { 0 }, revision = 0 })).ShouldBe("poll.notOpen");
        (await cluster.B.RefusalAsync(HttpMethod.Post, $"/api/rooms/{room.Code}/participants")).Code.ShouldBe("room.ended");
        (await cluster.B.StateAsync(room.Code, joined.Token)).Polls.Single().State.ShouldBe(PollState.Closed);
    }

    [Fact]
    public async Task A_reset_deletes_the_votes_and_every_later_receipt_counts()
    {
        var room = await cluster.A.CreateRoomAsync(TestApi.Draft());
        var poll = (await cluster.A.StateAsync(room.Code, room.HostToken)).Polls[0].Id;
        await cluster.A.DoAsync(room, poll, "open");
        await using var phone = await RoomClient.ConnectAsync(cluster.B.Address, (await cluster.B.JoinAsync(room.Code)).Token);
        await phone.CastAsync(poll, 1, 1);
        await cluster.A.DoAsync(room, poll, "reset");
        await Until.TrueAsync(() => phone.States == 2 && phone.Polls.IsEmpty, "the poll disappears from the phone");
        await cluster.A.DoAsync(room, poll, "open");
        (await phone.CastAsync(poll, 1, 2)).Revision.ShouldBe(1);
        (await cluster.TallyAsync(poll)).ShouldBe([1, 0, 0, 1], "a phone without its counter is counted too");
        (await phone.CastAsync(poll, 2, 0)).Revision.ShouldBe(2);
        await cluster.ConvergedAsync(poll, 3, phone);
        (await cluster.TallyAsync(poll)).ShouldBe([1, 1, 0, 0]);
    }

    [Fact]
    public async Task A_host_who_only_sends_commands_over_HTTP_counts_as_present()
    {
        var room = await cluster.A.CreateRoomAsync(TestApi.Draft());
        var poll = (await cluster.A.StateAsync(room.Code, room.HostToken)).Polls[0].Id;
        await SeenAfterAsync(() => cluster.A.WriteAsync(room, TestApi.Draft("More")));
        foreach (var command in new[] { "open", "hide-results", "show-results", "close", "reset" })
        {
            await SeenAfterAsync(() => cluster.B.DoAsync(room, poll, command));
        }

        async Task SeenAfterAsync(Func<Task> command)
        {
            await cluster.Cluster.Postgres.ExecuteAsync($"UPDATE rooms SET host_seen_at = now() - interval '2 hours' WHERE id = '{room.RoomId}'");
            await command();
            (await cluster.CountAsync($"SELECT count(*) FROM rooms WHERE id = '{room.RoomId}' AND host_seen_at > now() - interval '1 hour'"))
                .ShouldBe(1);
        }
    }

    private static bool VersionsOnlyGrow(IEnumerable<Tally> log) => log
        .GroupBy(tally => tally.PollId)
        .All(poll => poll.Zip(poll.Skip(1)).All(pair => pair.Second.Version >= pair.First.Version));
}
