using System.Collections.Concurrent;
using System.Text.Json;
using Polls.Core.Storage;
using Polls.Core.Votes;
using Polls.Tests.Clients;
using Polls.Tests.Servers;

namespace Polls.Tests.Journeys;

/// <summary>Redis is optional at run time (G8).</summary>
[Collection(nameof(BreakableInstances))]
public sealed class RedisOutageTests(BreakableInstances cluster) : IAsyncLifetime
{
    public Task InitializeAsync() => cluster.MendAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task If_Redis_is_killed_during_voting_no_vote_fails_and_Redis_is_used_again_afterwards()
    {
        var (room, poll) = await cluster.OpenRoomAsync();
        await using var crowd = await Crowd.JoinAsync(cluster, room, voters: 12);
        int?[] processes = [.. cluster.Cluster.Instances.Select(instance => instance.ProcessId)];
        var voting = crowd.VoteAsync(poll, options: 3, rounds: 40);
        await Until.TrueAsync(() => crowd.Receipts.Count > 24, "voting is in progress");

        await cluster.Cluster.Redis!.KillAsync();

        await voting;
        crowd.Refusals.ShouldBeEmpty();
        await crowd.ReceiptsAreStoredAsync(poll);
        await cluster.ConvergedAsync(poll, 3, crowd.Screens);

        foreach (var api in new[] { cluster.A, cluster.B })
        {
            await Until.TrueAsync(async () => (await BreakableInstances.HealthAsync(api)).Status == "degraded", "health says degraded");
            var (code, _, report) = await BreakableInstances.HealthAsync(api);
            code.ShouldBe(200);
            report.GetProperty("redis").GetProperty("status").GetString().ShouldBe("down");
            report.GetProperty("usingRedisBackplane").GetBoolean().ShouldBeFalse();
            (await BreakableInstances.ReadyAsync(api)).ShouldBe(200);
        }

        // Commands on one instance still reach clients on the other, and new participants can still join.
        var second = await cluster.A.WriteAsync(room, TestApi.Draft("Second"));
        await cluster.B.DoAsync(room, second.Id, "open");
        await using var late = await RoomClient.ConnectAsync(cluster.A.Address, (await cluster.B.JoinAsync(room.Code)).Token);
        await late.CastAsync(second.Id, 0, 2);
        await Until.TrueAsync(() => crowd.Screens.All(screen => screen.Polls.GetValueOrDefault(second.Id)?.State == PollState.Open), "everyone sees the poll open");
        await cluster.ConvergedAsync(second.Id, 3, [.. crowd.Screens, late]);
        await cluster.B.DoAsync(room, poll, "close");
        await Until.TrueAsync(() => crowd.Screens.All(screen => screen.Polls[poll].State == PollState.Closed), "everyone sees the poll closed");

        await cluster.Cluster.Redis.StartAsync();

        await BackToNormalAsync();
        cluster.Cluster.Instances.Select(instance => instance.ProcessId).ShouldBe(processes, "no instance was restarted");
        await crowd.VoteAsync(second.Id, options: 3, rounds: 2);
        await cluster.ConvergedAsync(second.Id, 3, [.. crowd.Screens, late]);
        await Until.TrueAsync(() => crowd.Screens.All(screen => screen.Participants == 13), "everyone counts 13 participants");
        await SessionsTellOfAsync([.. crowd.Voters.Select(voter => voter.Id)], second.Id);
    }

    [Fact]
    public async Task Votes_of_which_an_instance_could_not_hear_reach_their_voters_screens()
    {
        var (room, poll) = await cluster.OpenRoomAsync(new() { ResultsVisibility = ResultsVisibility.AfterVote });
        var (ann, bob) = (await cluster.A.JoinAsync(room.Code), await cluster.A.JoinAsync(room.Code));
        await using var phone = await RoomClient.ConnectAsync(cluster.A.Address, ann.Token);
        await using var silent = await RoomClient.ConnectAsync(cluster.A.Address, bob.Token);
        await cluster.Cluster.Redis!.KillAsync();

        await cluster.B.VoteAsync(room.Code, poll, ann.Token, 0, 1);
        // A's own commit brings it the tally with that vote.
        await cluster.A.VoteAsync(room.Code, poll, (await cluster.A.JoinAsync(room.Code)).Token, 0, 0);
        await Until.TrueAsync(() => phone.Polls[poll].ResultsVisible && phone.Tallies.ContainsKey(poll), "the voter sees the result without Redis");
        phone.OwnVotes.Select(vote => (vote.Revision, vote.Choices!.Single())).ShouldBe([(0, 1)]);

        // The last ones before Redis is back, too.
        await cluster.B.SendAsync<VoteReceipt>(HttpMethod.Delete, $"/api/rooms/{room.Code}/polls/{poll}/vote?revision=1", ann.Token);
        await cluster.Cluster.Redis.StartAsync();
        await Until.TrueAsync(() => !phone.Polls[poll].ResultsVisible, "and no more after withdrawing");
        (silent.Polls[poll].ResultsVisible, silent.TallyLog.IsEmpty, silent.OwnVotes.IsEmpty).ShouldBe((false, true, true));
    }

    [Fact]
    public async Task A_wiped_Redis_is_refilled_and_no_vote_is_lost()
    {
        var (room, poll) = await cluster.OpenRoomAsync();
        await using var crowd = await Crowd.JoinAsync(cluster, room, voters: 6);
        await crowd.VoteAsync(poll, options: 3, rounds: 1);
        await SessionsTellOfAsync([.. crowd.Voters.Select(voter => voter.Id)], poll);

        (await cluster.RedisCommandAsync("FLUSHALL")).ShouldBe(["OK"]);

        await crowd.VoteAsync(poll, options: 3, rounds: 1);
        crowd.Refusals.ShouldBeEmpty();
        await cluster.ConvergedAsync(poll, 3, crowd.Screens);
        await SessionsTellOfAsync([.. crowd.Voters.Select(voter => voter.Id)], poll);
        await using var newcomer = await RoomClient.ConnectAsync(cluster.B.Address, (await cluster.B.JoinAsync(room.Code)).Token);
        await Until.TrueAsync(() => crowd.Screens.All(screen => screen.Participants == 7), "everyone counts 7 participants");
    }

    [Fact]
    public async Task If_Redis_restarts_empty_it_gets_the_sessions_of_all_connected_participants()
    {
        var (room, _) = await cluster.OpenRoomAsync();
        await using var crowd = await Crowd.JoinAsync(cluster, room, voters: 4);
        await cluster.Cluster.Redis!.KillAsync();
        foreach (var file in Directory.GetFiles(Path.Combine(cluster.Cluster.DataDirectory, "redis", "appendonlydir")))
        {
            File.Delete(file);
        }

        await cluster.Cluster.Redis.StartAsync();

        await BackToNormalAsync();
        await using var redis = await cluster.LookIntoRedisAsync();
        foreach (var voter in crowd.Voters)
        {
            await Until.TrueAsync(async () => await redis.Sessions.FindAsync(voter.Id, default) is not null, "the session exists again");
        }
    }

    [Fact]
    public async Task A_stalled_Redis_delays_no_vote()
    {
        var (room, poll) = await cluster.OpenRoomAsync();
        await using var crowd = await Crowd.JoinAsync(cluster, room, voters: 6);
        cluster.Cluster.Redis!.Suspend();

        await crowd.VoteAsync(poll, options: 3, rounds: 20);

        crowd.Refusals.ShouldBeEmpty();
        await crowd.ReceiptsAreStoredAsync(poll);
        await cluster.ConvergedAsync(poll, 3, crowd.Screens);
        await using var late = await RoomClient.ConnectAsync(cluster.A.Address, (await cluster.B.JoinAsync(room.Code)).Token);
        await Until.TrueAsync(async () => (await BreakableInstances.HealthAsync(cluster.A)).Status == "degraded", "health says degraded");

        cluster.Cluster.Redis.Resume();

        await BackToNormalAsync();
        await cluster.A.DoAsync(room, poll, "close");
        await Until.TrueAsync(() => crowd.Screens.All(screen => screen.Polls[poll].State == PollState.Closed), "everyone sees the poll closed");
    }

    [Fact]
    public async Task A_Redis_that_is_full_is_reported_and_people_stay_counted()
    {
        var (room, poll) = await cluster.OpenRoomAsync();
        await using var crowd = await Crowd.JoinAsync(cluster, room, voters: 6);
        await Until.TrueAsync(() => crowd.Screens.All(screen => screen.Participants == 6), "everyone counts 6 participants");
        // Each instance keeps what it last read of the others.
        (await CountAsync(cluster.A)).ShouldBe(6);
        (await CountAsync(cluster.B)).ShouldBe(6);

        await cluster.RedisCommandAsync("CONFIG", "SET", "maxmemory", "1");

        foreach (var api in new[] { cluster.A, cluster.B })
        {
            await Until.TrueAsync(async () => (await BreakableInstances.HealthAsync(api)).Status == "degraded", "health says degraded");
            var (code, _, report) = await BreakableInstances.HealthAsync(api);
            code.ShouldBe(200);
            report.GetProperty("redis").GetProperty("status").GetString().ShouldBe("down");
            report.GetProperty("redis").GetProperty("reason").GetString().ShouldBe("refused (OOM)");
            (await BreakableInstances.ReadyAsync(api)).ShouldBe(200);
        }

        await crowd.VoteAsync(poll, options: 3, rounds: 3);
        crowd.Refusals.ShouldBeEmpty();
        await crowd.ReceiptsAreStoredAsync(poll);
        await cluster.ConvergedAsync(poll, 3, crowd.Screens);
        await Until.TrueAsync(
            async () => (await cluster.RedisCommandAsync("KEYS", "polls:presence:*")).Count == 0, "the leases of all reports have run out");
        (await CountAsync(cluster.A)).ShouldBe(6);
        (await CountAsync(cluster.B)).ShouldBe(6);
        crowd.Screens.Select(screen => screen.Participants).ShouldAllBe(count => count == 6);

        await cluster.RedisCommandAsync("CONFIG", "SET", "maxmemory", "0");
        await BackToNormalAsync();
        await using var late = await RoomClient.ConnectAsync(cluster.B.Address, (await cluster.A.JoinAsync(room.Code)).Token);
        await Until.TrueAsync(() => crowd.Screens.All(screen => screen.Participants == 7), "everyone counts 7 participants");

        async Task<int> CountAsync(TestApi api) =>
            (await api.SendAsync<JsonElement>(HttpMethod.Get, $"/api/rooms/{room.Code}")).GetProperty("participants").GetInt32();
    }

    [Fact]
    public async Task Without_Redis_an_instance_counts_its_own_participants_correctly_however_often_it_is_asked()
    {
        var (room, _) = await cluster.OpenRoomAsync();
        await using var crowd = await Crowd.JoinAsync(cluster, room, voters: 6);
        await Until.TrueAsync(() => crowd.Screens.All(screen => screen.Participants == 6), "everyone counts 6 participants");
        var told = new ConcurrentBag<int>();
        using var stop = new CancellationTokenSource();
        var asking = new[] { cluster.A, cluster.B, cluster.A, cluster.B }.Select(async api =>
        {
            while (!stop.IsCancellationRequested)
            {
                told.Add((await api.SendAsync<JsonElement>(HttpMethod.Get, $"/api/rooms/{room.Code}")).GetProperty("participants").GetInt32());
            }
        }).ToList();
        await Until.TrueAsync(() => told.Count > 50, "the count is requested repeatedly");

        await cluster.Cluster.Redis!.KillAsync();

        // Only one instance knows the new participant. If all its clients receive the new count, it has counted without
        // Redis.
        await Until.TrueAsync(async () => (await BreakableInstances.HealthAsync(cluster.A)).Status == "degraded", "health says degraded");
        await using var newcomer = await RoomClient.ConnectAsync(cluster.A.Address, (await cluster.B.JoinAsync(room.Code)).Token);
        var near = crowd.Screens.Where(screen => screen.Address == cluster.A.Address).Append(newcomer).ToList();
        var far = crowd.Screens.Where(screen => screen.Address == cluster.B.Address).ToList();
        await Until.TrueAsync(() => near.All(screen => screen.Participants == 7), "its own instance counts the new participant");
        far.ShouldAllBe(screen => screen.Participants == 6);
        (await cluster.A.SendAsync<JsonElement>(HttpMethod.Get, $"/api/rooms/{room.Code}")).GetProperty("participants").GetInt32().ShouldBe(7);
        await newcomer.DisposeAsync();
        await Until.TrueAsync(() => crowd.Screens.All(screen => screen.Participants == 6), "everyone counts 6 participants without Redis");
        var asked = told.Count;
        await Until.TrueAsync(() => told.Count > asked + 50, "the count is still requested");
        await stop.CancelAsync();
        await Task.WhenAll(asking).WaitAsync(TimeSpan.FromSeconds(60));
        told.Distinct().Order().ShouldBeSubsetOf([6, 7]);

        await cluster.Cluster.Redis.StartAsync();
        await BackToNormalAsync();
        await using var late = await RoomClient.ConnectAsync(cluster.B.Address, (await cluster.A.JoinAsync(room.Code)).Token);
        await Until.TrueAsync(() => crowd.Screens.All(screen => screen.Participants == 7), "everyone counts 7 participants");
    }

    private async Task BackToNormalAsync()
    {
        foreach (var api in new[] { cluster.A, cluster.B })
        {
            await Until.TrueAsync(async () => (await BreakableInstances.HealthAsync(api)).Status == "healthy", "health says healthy");
            var report = (await BreakableInstances.HealthAsync(api)).Report;
            report.GetProperty("usingRedisBackplane").GetBoolean().ShouldBeTrue();
        }
    }

    private async Task SessionsTellOfAsync(Guid[] participants, Guid poll)
    {
        await using var redis = await cluster.LookIntoRedisAsync();
        foreach (var participant in participants)
        {
            await Until.TrueAsync(
                async () => (await redis.Sessions.FindAsync(participant, default))?.LastVote?.PollId == poll, "the session has the last vote");
        }
    }
}
