using System.Diagnostics;
using System.Globalization;
using System.Net;
using Npgsql;
using Polls.AppHost;
using Polls.Core.RoomPolls;
using Polls.Core.Storage;
using Polls.Core.Votes;
using Polls.Tests.Clients;
using Polls.Tests.Servers;

namespace Polls.Tests.Journeys;

/// <summary>
/// An instance stops or is killed: nothing acknowledged is lost, and everyone ends with the recounted tally (G1, G5,
/// G10).
/// </summary>
[Collection(nameof(BreakableInstances))]
public sealed class InstanceLossTests(BreakableInstances cluster) : IAsyncLifetime
{
    public Task InitializeAsync() => cluster.MendAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_instance_that_stops_during_voting_loses_no_acknowledged_vote(bool killed)
    {
        var (room, poll) = await cluster.OpenRoomAsync();
        await using var crowd = await Crowd.JoinAsync(cluster, room, voters: 12);
        await Until.TrueAsync(() => crowd.Screens.All(screen => screen.Participants == 12), "everyone counts 12 participants");
        var moved = crowd.Voters.Where(voter => voter.Home == cluster.B.Address).ToList();
        var voting = crowd.VoteAsync(poll, options: 3, rounds: 60);
        await Until.TrueAsync(
            () => crowd.Voters.All(voter => crowd.Receipts.Any(item => item.Participant == voter.Id)), "everyone has a receipt");

        var gone = cluster.Cluster.Instances[1];
        await (killed ? gone.KillAsync() : gone.StopAsync());
        if (!killed)
        {
            // An instance that did not stop in time would have been killed and would not have logged this.
            var log = await File.ReadAllTextAsync(gone.LogPath);
            log.ShouldContain("Stopped in good order");
            log.ShouldNotContain("Unhandled exception");
        }

        await crowd.ReceiptsAreStoredAsync(poll);
        await voting;
        await crowd.ReconnectAsync();
        crowd.Refusals.Where(code => code is not ("unavailable" or "busy")).ShouldBeEmpty();
        await crowd.ReceiptsAreStoredAsync(poll);
        (await cluster.RecountAsync(poll, 3))[0].ShouldBe(12);
        crowd.Screens.Length.ShouldBe(13, "all voters and the host; the screen of the lost instance is gone");
        await cluster.ConvergedAsync(poll, 3, crowd.Screens);
        await Until.TrueAsync(() => crowd.Screens.All(screen => screen.Participants == 12), "everyone who moved is counted once");
        await using var redis = await cluster.LookIntoRedisAsync();
        foreach (var voter in moved)
        {
            var mine = voter.Client.State!.MyVotes.ShouldHaveSingleItem();
            mine.PollId.ShouldBe(poll);
            mine.Choices!.Count.ShouldBe(1);
            await Until.TrueAsync(
                async () => (await redis.Sessions.FindAsync(voter.Id, default))?.InstanceId == "api-1",
                "the session belongs to the remaining instance");
        }
    }

    [Fact]
    public async Task Participants_of_a_killed_instance_who_do_not_reconnect_are_soon_not_counted()
    {
        var (room, _) = await cluster.OpenRoomAsync();
        await using var crowd = await Crowd.JoinAsync(cluster, room, voters: 4);
        await Until.TrueAsync(() => crowd.Screens.All(screen => screen.Participants == 4), "everyone counts 4 participants");
        await cluster.Cluster.Instances[1].KillAsync();
        await Until.TrueAsync(() => crowd.Screens.All(screen => screen.Participants == 2), "participants without a connection are not counted");
    }

    [Fact]
    public async Task A_timed_poll_closes_once_though_the_instance_that_opened_it_was_killed()
    {
        var room = await cluster.A.CreateRoomAsync(TestApi.Draft(settings: new PollSettings { DurationSeconds = 3 }));
        var poll = (await cluster.B.StateAsync(room.Code, room.HostToken)).Polls[0].Id;
        await using var phone = await RoomClient.ConnectAsync(cluster.B.Address, (await cluster.B.JoinAsync(room.Code)).Token);
        await cluster.A.DoAsync(room, poll, "open");
        await cluster.Cluster.Instances[0].KillAsync();

        await Until.TrueAsync(() => phone.Polls.GetValueOrDefault(poll)?.State == PollState.Closed, "the poll closes on the other instance");
        (await phone.RefusalAsync("CastVote", poll, new { choices = new[] { 0 }, revision = 0 })).ShouldBe("poll.notOpen");
        (await cluster.CountAsync($"SELECT version FROM polls WHERE id = '{poll}'")).ShouldBe(3, "drafted, opened, closed once");
    }

    [Fact]
    public async Task An_instance_that_is_stopped_while_PostgreSQL_hangs_exits_and_acknowledges_nothing()
    {
        var (room, poll) = await cluster.OpenRoomAsync();
        var ann = await cluster.B.JoinAsync(room.Code);
        await using var phone = await RoomClient.ConnectAsync(cluster.B.Address, ann.Token);
        await phone.CastAsync(poll, 0, 0);
        var gone = cluster.Cluster.Instances[1];
        var exitCode = new TaskCompletionSource<int>();
        void Note(LocalPart part, int code) => exitCode.TrySetResult(part == gone ? code : -1);
        cluster.Cluster.UnexpectedExit += Note;
        Task<VoteReceipt> vote;
        await using (var other = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(cluster.Cluster.Postgres.ConnectionString) { Pooling = false }))
        await using (var connection = await other.OpenConnectionAsync())
        {
            // The vote waits for the poll's row, so it is in progress.
            var transaction = await connection.BeginTransactionAsync();
            await using var held = new NpgsqlCommand("SELECT 1 FROM polls WHERE id = $1 FOR NO KEY UPDATE", connection) { Parameters = { new() { Value = poll } } };
            await held.ExecuteNonQueryAsync();
            await using var waiting = new NpgsqlCommand("SELECT count(*) FROM pg_locks WHERE NOT granted", connection);
            vote = phone.CastAsync(poll, 1, 1);
            await Until.TrueAsync(async () => (long)(await waiting.ExecuteScalarAsync())! > 0, "the vote is in progress");
            cluster.Cluster.Postgres.Suspend();

            Signal(gone.ProcessId!.Value, "TERM");

            await Until.TrueAsync(() => Task.FromResult(!gone.IsRunning), "the instance has exited");
            cluster.Cluster.Postgres.Resume();
            await transaction.RollbackAsync();
        }

        cluster.Cluster.UnexpectedExit -= Note;
        (await exitCode.Task.WaitAsync(TimeSpan.FromSeconds(10))).ShouldBe(0, gone.LogTail());
        await Should.ThrowAsync<Exception>(vote.WaitAsync(TimeSpan.FromSeconds(60)));

        // The phone cannot know whether the vote was stored, and sends it again to the other instance.
        await Until.TrueAsync(async () => await BreakableInstances.ReadyAsync(cluster.A) == 200, "the other instance still serves");
        await using var again = await RoomClient.ConnectAsync(cluster.A.Address, ann.Token);
        (await again.CastAsync(poll, 1, 1)).Revision.ShouldBe(1);
        await cluster.ConvergedAsync(poll, 3, again);
        (await cluster.TallyAsync(poll)).ShouldBe([1, 0, 1, 0]);
    }

    [Fact]
    public async Task Tokens_outlive_all_instances()
    {
        var (room, poll) = await cluster.OpenRoomAsync();
        var participant = (await cluster.A.JoinAsync(room.Code)).Token;
        var screen = await cluster.B.ScreenTokenAsync(room);
        await Task.WhenAll(cluster.Cluster.Instances.Select(instance => instance.StopAsync()));
        await Task.WhenAll(cluster.Cluster.Instances.Select(instance => instance.StartAsync()));

        foreach (var api in new[] { cluster.A, cluster.B })
        {
            await api.VoteAsync(room.Code, poll, participant, 1, 1);
            (await api.StateAsync(room.Code, screen)).Polls.ShouldHaveSingleItem().Tally!.Voters.ShouldBe(1);
            (await api.WriteAsync(room, TestApi.Draft("More"))).State.ShouldBe(PollState.Draft);
            await using var phone = await RoomClient.ConnectAsync(api.Address, participant);
            phone.State!.MyVotes.ShouldHaveSingleItem().Choices.ShouldBe([1]);
        }
    }

    [Fact]
    public async Task A_host_command_repeated_on_the_other_instance_after_a_kill_is_done_once()
    {
        var (room, poll) = await cluster.OpenRoomAsync();
        var closing = cluster.A.SendAsync(HttpMethod.Post, $"/api/rooms/{room.Code}/polls/{poll}/close", room.HostToken, null);
        await cluster.Cluster.Instances[0].KillAsync();
        await Task.WhenAny(closing);
        (await cluster.B.DoAsync(room, poll, "close")).State.ShouldBe(PollState.Closed);
        (await cluster.B.DoAsync(room, poll, "close")).State.ShouldBe(PollState.Closed);
        (await cluster.CountAsync($"SELECT version FROM polls WHERE id = '{poll}'")).ShouldBe(3, "drafted, opened, closed once");
        var joined = await cluster.B.JoinAsync(room.Code);
        (await cluster.B.RefusalAsync(HttpMethod.Put, $"/api/rooms/{room.Code}/polls/{poll}/vote", joined.Token, new { choices = new[] { 0 }, revision = 0 }))
            .ShouldBe((HttpStatusCode.Conflict, "poll.notOpen"));
    }

    private static void Signal(int process, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", process.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit(TimeSpan.FromSeconds(10)).ShouldBeTrue();
    }
}
