using System.Net;
using System.Text.Json;
using Polls.Api.Rooms;
using Polls.Core.Rooms;
using Polls.Tests.Clients;
using Polls.Tests.Servers;

namespace Polls.Tests.Journeys;

/// <summary>A script joins and votes again and again; the host notices, locks the room, and takes its votes out.</summary>
[Collection(nameof(TwoInstances))]
public sealed class BallotStuffingTests(TwoInstances cluster)
{
    [Fact]
    public async Task Votes_of_people_who_never_connected_leave_every_screen_and_come_back()
    {
        var (room, poll) = await cluster.OpenRoomAsync();
        var honest = await cluster.B.JoinAsync(room.Code);
        await using var phone = await RoomClient.ConnectAsync(cluster.B.Address, honest.Token);
        await phone.CastAsync(poll, 1, 2);
        var script = new List<JoinedRoom>();
        for (var i = 0; i < Attendance.LeastSuspicious; i++)
        {
            script.Add(await cluster.A.JoinAsync(room.Code));
            await cluster.A.VoteAsync(room.Code, poll, script[i].Token, 1, 0);
        }

        await using var screen = await RoomClient.ConnectAsync(cluster.A.Address, await cluster.A.ScreenTokenAsync(room));
        await cluster.JoinedBeforeAsync(room);
        await Until.TrueAsync(async () => (await JoinsAsync(room)).NeverConnected == 20, "the phone is recorded as connected");
        var joins = await JoinsAsync(room);
        (joins.Joined, joins.VotersNeverConnected, joins.Warning, joins.JoiningLocked).ShouldBe((21, 20, true, false));

        await DoAsync(room, "lock-joining");
        (await cluster.B.RefusalAsync(HttpMethod.Post, $"/api/rooms/{room.Code}/participants", null, new { })).ShouldBe((HttpStatusCode.Conflict, "room.locked"));
        (await cluster.B.SendAsync<RoomSummary>(HttpMethod.Get, $"/api/rooms/{room.Code}")).JoiningLocked.ShouldBeTrue();
        await Until.TrueAsync(() => screen.State!.JoiningLocked, "the screen is told");

        var discard = await DiscardAsync(room, new { neverConnected = true });
        (discard.People, discard.Votes, discard.RestoredAt).ShouldBe((20, 20, null));
        await cluster.ConvergedAsync(poll, 3, phone, screen);
        foreach (var client in new[] { phone, screen })
        {
            client.Tallies[poll].Counts.ShouldBe([0, 0, 1]);
            client.Tallies[poll].Discarded.ShouldBe(20);
        }

        phone.State!.MyVotes.Count.ShouldBe(1);
        (await cluster.A.RefusalAsync(HttpMethod.Put, $"/api/rooms/{room.Code}/polls/{poll}/vote", script[0].Token, new { choices = new[] { 0 }, revision = 2 }))
            .ShouldBe((HttpStatusCode.Forbidden, "vote.discarded"));
        using (var summary = await cluster.B.SendAsync(HttpMethod.Get, $"/api/rooms/{room.Code}/summary.csv", room.HostToken, null))
        {
            (await summary.Content.ReadAsStringAsync()).ShouldContain("voters,state,discarded\r\n1,Which one?,singleChoice,Option 1,0,0%,1,open,20\r\n");
        }

        var results = await cluster.B.SendAsync<JsonElement>(HttpMethod.Get, $"/api/rooms/{room.Code}/results", room.HostToken);
        results.GetProperty("discards")[0].GetProperty("votes").GetInt32().ShouldBe(20);
        results.GetProperty("polls")[0].GetProperty("poll").GetProperty("tally").GetProperty("discarded").GetInt32().ShouldBe(20);
        results.GetProperty("polls")[0].GetProperty("votes").GetArrayLength().ShouldBe(1);

        await DoAsync(room, "unlock-joining");
        await cluster.B.JoinAsync(room.Code);
        var restored = await cluster.B.SendAsync<Discard>(HttpMethod.Post, $"/api/rooms/{room.Code}/discards/{discard.Id}/restore", room.HostToken);
        restored.RestoredAt.ShouldNotBeNull();
        await cluster.ConvergedAsync(poll, 3, phone, screen);
        screen.Tallies[poll].Counts.ShouldBe([20, 0, 1]);
        screen.Tallies[poll].Discarded.ShouldBe(0);
    }

    [Fact]
    public async Task A_connected_participant_learns_at_once_that_the_own_vote_is_discarded_and_that_it_counts_again()
    {
        var (room, poll) = await cluster.OpenRoomAsync();
        var joined = await cluster.A.JoinAsync(room.Code);
        await using var phone = await RoomClient.ConnectAsync(cluster.B.Address, joined.Token);
        await phone.CastAsync(poll, 1, 1);
        var discard = await DiscardAsync(room, new { joinedUntil = DateTimeOffset.UtcNow.AddMinutes(1) });
        await Until.TrueAsync(() => phone.State is { Discards: 1, MyVotes: [] }, "the phone has no vote");
        await cluster.ConvergedAsync(poll, 3, phone);
        (await phone.RefusalAsync("CastVote", poll, new { choices = new[] { 1 }, revision = 2 })).ShouldBe("vote.discarded");
        (await phone.GetStateAsync()).MyVotes.ShouldBeEmpty();

        await cluster.A.SendAsync<Discard>(HttpMethod.Post, $"/api/rooms/{room.Code}/discards/{discard.Id}/restore", room.HostToken);
        await Until.TrueAsync(() => phone.State is { Discards: 2, MyVotes: [{ Revision: 1 }] }, "the phone has its vote again");
        (await phone.CastAsync(poll, 2, 0)).Revision.ShouldBe(2);
        await cluster.ConvergedAsync(poll, 3, phone);
    }

    private Task<Joins> JoinsAsync(CreatedRoom room) => cluster.B.SendAsync<Joins>(HttpMethod.Get, $"/api/rooms/{room.Code}/joins", room.HostToken);

    private Task<Discard> DiscardAsync(CreatedRoom room, object cohort) =>
        cluster.A.SendAsync<Discard>(HttpMethod.Post, $"/api/rooms/{room.Code}/discards", room.HostToken, cohort);

    private async Task DoAsync(CreatedRoom room, string what)
    {
        using var response = await cluster.A.SendAsync(HttpMethod.Post, $"/api/rooms/{room.Code}/{what}", room.HostToken, null);
        response.StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }
}
