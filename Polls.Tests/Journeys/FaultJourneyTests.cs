using System.Collections.Concurrent;
using System.Net;
using Polls.Api.Health;
using Polls.Api.Rooms;
using Polls.Core.Votes;
using Polls.Tests.Clients;
using Polls.Tests.Servers;

namespace Polls.Tests.Journeys;

/// <summary>Whatever dies while people vote: no receipt is ever worth nothing, and everything comes back by itself.</summary>
public sealed class FaultJourneyTests : IAsyncLifetime
{
    private const int Voters = 24;
    private readonly TwoInstances cluster = new();
    private readonly ConcurrentDictionary<Guid, VoteReceipt> receipts = new();
    private readonly List<(JoinedRoom Who, RoomClient Phone)> phones = [];
    private CreatedRoom room = null!;
    private Guid poll;

    public async Task InitializeAsync()
    {
        await cluster.InitializeAsync();
        room = await cluster.A.CreateRoomAsync(TestApi.Draft());
        poll = (await cluster.A.StateAsync(room.Code, room.HostToken)).Polls[0].Id;
        await cluster.A.DoAsync(room, poll, "open");
        for (var i = 0; i < Voters; i++)
        {
            var home = i % 2 == 0 ? cluster.A : cluster.B;
            var joined = await home.JoinAsync(room.Code);
            phones.Add((joined, await RoomClient.ConnectAsync(home.Address, joined.Token)));
        }
    }

    public async Task DisposeAsync()
    {
        foreach (var (_, phone) in phones)
        {
            await phone.DisposeAsync();
        }

        await cluster.DisposeAsync();
    }

    [Fact]
    public async Task Redis_killed_while_people_vote_stops_no_vote_and_no_result()
    {
        await VoteWhileAsync(() => cluster.Cluster.Redis!.KillAsync());
        await EveryScreenShowsTheRecountAsync();
        await Until.TrueAsync(async () => (await HealthAsync(cluster.A)).Status == "degraded", "health says degraded");
        (await cluster.A.RefusalAsync(HttpMethod.Get, "/health/ready")).Status.ShouldBe(HttpStatusCode.OK);

        // Without Redis a host's command on one instance reaches people on the other all the same.
        await cluster.A.DoAsync(room, poll, "hide-results");
        await Until.TrueAsync(() => phones.All(p => !p.Phone.Polls[poll].ResultsVisible), "every phone hides the result");
        await cluster.A.DoAsync(room, poll, "show-results");

        await cluster.Cluster.Redis!.StartAsync();
        await Until.TrueAsync(async () => (await HealthAsync(cluster.B)).Status == "healthy", "health says healthy again");
        await VoteWhileAsync(() => Task.CompletedTask);
        await EveryScreenShowsTheRecountAsync();
        await Until.TrueAsync(() => phones.All(p => p.Phone.Participants == Voters), "presence counts everyone again");
    }

    [Fact]
    public async Task PostgreSQL_killed_while_people_vote_loses_no_receipt_and_recovers_without_a_restart()
    {
        await VoteWhileAsync(async () =>
        {
            await cluster.Cluster.Postgres.KillAsync();
            await Until.TrueAsync(
                async () => (await cluster.A.RefusalAsync(
                    HttpMethod.Put, $"/api/rooms/{room.Code}/polls/{poll}/vote", phones[0].Who.Token, new { choices = new[] { 0 }, revision = 1_000_000 })) is
                    (HttpStatusCode.ServiceUnavailable, "unavailable"), "a vote is refused for a while");
            (await cluster.A.RefusalAsync(HttpMethod.Get, "/health/live")).Status.ShouldBe(HttpStatusCode.OK);
            await Until.TrueAsync(
                async () => (await cluster.A.SendAsync(HttpMethod.Get, "/health/ready", null, null)).StatusCode == HttpStatusCode.ServiceUnavailable,
                "the instance is not ready");
            await cluster.Cluster.Postgres.StartAsync();
        });
        await EveryScreenShowsTheRecountAsync();
        phones.ShouldAllBe(p => p.Phone.IsConnected);
    }

    [Fact]
    public async Task An_instance_killed_while_people_vote_loses_no_receipt_and_its_people_go_on_elsewhere()
    {
        await VoteWhileAsync(() => cluster.Cluster.Instances[1].KillAsync());
        for (var i = 1; i < Voters; i += 2)
        {
            await phones[i].Phone.DisposeAsync();
            phones[i] = (phones[i].Who, await RoomClient.ConnectAsync(cluster.A.Address, phones[i].Who.Token));
            var mine = phones[i].Phone.State!.MyVotes.ShouldHaveSingleItem();
            mine.Revision.ShouldBeGreaterThanOrEqualTo(receipts[phones[i].Who.ParticipantId].Revision);
        }

        await VoteWhileAsync(() => Task.CompletedTask);
        await EveryScreenShowsTheRecountAsync();
        await Until.TrueAsync(() => phones.All(p => p.Phone.Participants == Voters), "everyone is counted once");
        foreach (var (_, phone) in phones.Where((_, i) => i % 2 == 1))
        {
            await phone.DisposeAsync();
        }

        await Until.TrueAsync(() => phones[0].Phone.Participants == Voters / 2, "those who left are not counted");
    }

    [Fact]
    public async Task An_instance_that_is_told_to_stop_answers_what_it_took()
    {
        await VoteWhileAsync(() => cluster.Cluster.Instances[1].StopAsync());
        foreach (var (who, receipt) in receipts)
        {
            (await cluster.CountAsync($"SELECT count(*) FROM votes WHERE poll_id = '{poll}' AND participant_id = '{who}' AND revision >= {receipt.Revision}"))
                .ShouldBe(1);
        }

        cluster.Cluster.Instances[1].LogTail().ShouldNotContain("Unhandled exception");
    }

    /// <summary>Everybody votes again and again, from before the fault until after it; failures are retried with the same revision.</summary>
    private async Task VoteWhileAsync(Func<Task> fault)
    {
        using var stop = new CancellationTokenSource();
        var voting = phones.Select((item, i) => Task.Run(async () =>
        {
            var revision = receipts.TryGetValue(item.Who.ParticipantId, out var last) ? last.Revision + 1 : 0;
            while (!stop.IsCancellationRequested)
            {
                try
                {
                    receipts[item.Who.ParticipantId] = await item.Phone.CastAsync(poll, revision, (revision + i) % 3);
                    revision = receipts[item.Who.ParticipantId].Revision + 1;
                }
                catch (Exception failure) when (failure is Microsoft.AspNetCore.SignalR.HubException or InvalidOperationException or OperationCanceledException or IOException or System.Net.WebSockets.WebSocketException)
                {
                    // Refused, or the instance is gone: the receipts written down so far are what counts.
                    await Task.Delay(50);
                }
            }
        })).ToList();
        await Until.TrueAsync(() => receipts.Count == Voters, "everyone has a receipt");
        await fault();
        var before = receipts.ToDictionary();
        await Until.TrueAsync(
            () => phones.Where(item => item.Phone.IsConnected)
                .All(item => receipts[item.Who.ParticipantId].Revision > before[item.Who.ParticipantId].Revision),
            "everyone who is connected votes on");
        await stop.CancelAsync();
        await Task.WhenAll(voting);
    }

    private async Task EveryScreenShowsTheRecountAsync()
    {
        var recount = await cluster.RecountAsync(poll, 3);
        await Until.TrueAsync(
            () => phones.Where(item => item.Phone.IsConnected).All(item =>
                item.Phone.Tallies.TryGetValue(poll, out var tally) && ((int[])[tally.Voters, .. tally.Counts]).SequenceEqual(recount)),
            $"every screen shows {string.Join(' ', recount)}");
        var stored = (await cluster.A.StateAsync(room.Code, room.HostToken)).Polls[0].Tally!;
        ((int[])[stored.Voters, .. stored.Counts]).ShouldBe(recount);
        foreach (var (who, receipt) in receipts)
        {
            (await cluster.CountAsync($"SELECT count(*) FROM votes WHERE poll_id = '{poll}' AND participant_id = '{who}' AND revision >= {receipt.Revision}"))
                .ShouldBe(1, "every receipt's vote is stored");
        }

        phones.ShouldAllBe(item => item.Phone.TallyLog.Zip(item.Phone.TallyLog.Skip(1)).All(pair => pair.Second.Version >= pair.First.Version));
    }

    private static Task<HealthReport> HealthAsync(TestApi api) => api.SendAsync<HealthReport>(HttpMethod.Get, "/health");
}
