using System.Collections.Concurrent;
using Polls.Api.Presence;
using Polls.Api.Sessions;
using Polls.Tests.Backplane;
using Polls.Tests.Servers;

namespace Polls.Tests.Redis;

/// <summary>Faults of a real Redis, and that an instance recovers from them without a restart.</summary>
public sealed class RedisFaultTests : IAsyncLifetime
{
    private ConcurrentQueue<int> inbox = null!;
    private readonly Guid participant = Guid.CreateVersion7();
    private readonly Guid room = Guid.CreateVersion7();
    private RedisServer redis = null!;
    private RedisInstance one = null!;
    private RedisInstance two = null!;

    public async Task InitializeAsync()
    {
        redis = await RedisServer.UpAsync();
        one = await RedisInstance.ConnectedAsync(redis, "one");
        two = await RedisInstance.ConnectedAsync(redis, "two");
        (inbox, _) = await BackplaneContract.ListenAsync(two.Listeners, room);
    }

    public async Task DisposeAsync()
    {
        await one.DisposeAsync();
        await two.DisposeAsync();
        await redis.DisposeAsync();
    }

    [Fact]
    public async Task After_a_crash_and_restart_of_Redis_everything_works_as_before()
    {
        for (var round = 0; round < 3; round++)
        {
            var resyncs = two.Resyncs;
            await redis.KillAsync();
            await one.DisconnectedAsync();
            await two.DisconnectedAsync();
            await redis.StartAsync();
            await one.ConnectedAsync();
            await two.ConnectedAsync();

            two.Resyncs.ShouldBeGreaterThan(resyncs);
            await EverythingWorksAsync(round);
        }

        two.Metrics["polls.redis.reconnects"].ShouldBeGreaterThanOrEqualTo(3);
        two.Metrics["polls.loop.failures"].ShouldBe(0);
    }

    [Fact]
    public async Task Calls_to_a_stalled_Redis_time_out_and_later_ones_fail_at_once_until_it_continues()
    {
        var resyncs = two.Resyncs;
        redis.Stall();
        var calls = await Task.WhenAll(Enumerable.Range(0, 1_000).Select(_ => one.TellAsync(room, 9)))
            .WaitAsync(TimeSpan.FromSeconds(60));

        calls.ShouldAllBe(sent => !sent);
        await one.DisconnectedAsync();
        (await one.Sessions.FindAsync(participant, default)).ShouldBeNull();
        (await one.Presence.ReportAsync([new(room, 2)], default)).ShouldBe([2]);
        // Long enough for the watchdog to drop the stalled connection and find no new one.
        await two.DisconnectedAsync();
        await Task.Delay(TimeSpan.FromSeconds(4));
        redis.Resume();
        await one.ConnectedAsync();
        await two.ConnectedAsync();

        two.Resyncs.ShouldBeGreaterThan(resyncs);
        inbox.Clear();
        await EverythingWorksAsync(1);
    }

    [Fact]
    public async Task An_instance_also_recovers_from_a_stall_shorter_than_the_watchdogs_interval()
    {
        redis.Stall();
        await one.TellAsync(room, 9);
        await one.DisconnectedAsync();
        redis.Resume();
        await one.ConnectedAsync();
        await two.ConnectedAsync();

        // Calls that timed out may still arrive: a stalled Redis has them in its buffers.
        await Until.TrueAsync(async () =>
        {
            await one.TellAsync(room, 5);
            return inbox.Contains(5);
        }, "messages flow");
    }

    [Fact]
    public async Task Killed_connections_come_back_with_every_subscription()
    {
        var more = new ConcurrentDictionary<Guid, int>();
        Guid[] rooms = [.. Enumerable.Range(0, 100).Select(_ => Guid.NewGuid())];
        foreach (var other in rooms)
        {
            await BackplaneContract.ListenAsync(two.Listeners, other, number => more[other] = number);
        }

        for (var round = 0; round < 10; round++)
        {
            var resyncs = (one.Resyncs, two.Resyncs);
            await redis.CliAsync("CLIENT", "KILL", "TYPE", round % 2 == 0 ? "pubsub" : "normal");
            await Until.TrueAsync(() => one.Resyncs > resyncs.Item1 && two.Resyncs > resyncs.Item2, $"both have resynced in round {round}");
            await one.ConnectedAsync();
            await two.ConnectedAsync();
            foreach (var other in rooms) await one.TellAsync(other, round);
            await Until.TrueAsync(() => more.Count == 100 && more.Values.All(seen => seen == round), "every channel is heard");
        }
    }

    [Fact]
    public async Task Publishing_works_again_when_it_is_no_longer_refused()
    {
        var resyncs = two.Resyncs;
        await redis.CliAsync("ACL", "SETUSER", "default", "-publish");
        await two.DisconnectedAsync();
        await redis.CliAsync("ACL", "SETUSER", "default", "+publish");
        await one.ConnectedAsync();
        await two.ConnectedAsync();

        two.Resyncs.ShouldBeGreaterThan(resyncs);
        await EverythingWorksAsync(3);
    }

    [Fact]
    public async Task A_silently_lost_subscription_is_noticed_and_renewed()
    {
        await using var proxy = new SilencingProxy(redis.Port);
        await using var three = await RedisInstance.ConnectedAsync($"127.0.0.1:{proxy.Port},password={redis.Password}", "three");
        var (heard, _) = await BackplaneContract.ListenAsync(three.Listeners, room);

        proxy.SilenceSubscriptions();
        await one.TellAsync(room, 1);
        await Until.TrueAsync(() => three.Resyncs >= 2, "the watchdog noticed the silence");
        await one.TellAsync(room, 2);

        await Until.TrueAsync(() => heard.Contains(2), "the new subscription receives messages");
        heard.ShouldNotContain(1);
    }

    [Fact]
    public async Task Scripts_that_Redis_has_lost_are_sent_again()
    {
        await EverythingWorksAsync(1);
        for (var round = 0; round < 5; round++)
        {
            await redis.CliAsync("SCRIPT", "FLUSH");
            await one.Sessions.OpenAsync(Session("c1"), default);
            (await one.Presence.ReportAsync([.. Enumerable.Range(0, 100).Select(_ => new RoomCount(Guid.NewGuid(), 1))], default))
                .ShouldAllBe(total => total == 1);
            (await one.Sessions.TouchAsync([new(participant, DateTimeOffset.UnixEpoch, null)], default)).ShouldBeEmpty();
            (await one.Sessions.FindAsync(participant, default)).ShouldNotBeNull();
        }

        // Without the retry, a call would do nothing, as it does while Redis is unavailable.
        one.Metrics["polls.redis.failures"].ShouldBe(0, one.Connection.LastError);
    }

    [Fact]
    public async Task A_wiped_Redis_is_refilled_by_the_next_reports()
    {
        await EverythingWorksAsync(1);
        await one.Sessions.OpenAsync(Session("c1"), default);
        await redis.CliAsync("FLUSHALL");

        (await two.Presence.CountAsync(room, default)).ShouldBe(0);
        (await one.Presence.ReportAsync([new(room, 2)], default)).ShouldBe([2]);
        (await two.Presence.ReportAsync([new(room, 3)], default)).ShouldBe([5]);
        (await one.Sessions.TouchAsync([new(participant, DateTimeOffset.UnixEpoch, null)], default)).ShouldBe([participant]);
        await one.Sessions.OpenAsync(Session("c1"), default);
        (await two.Sessions.FindAsync(participant, default)).ShouldBe(Session("c1"));
    }

    [Fact]
    public async Task While_Redis_is_down_calls_do_nothing_and_presence_keeps_the_counts_of_others()
    {
        await one.Presence.ReportAsync([new(room, 2)], default);
        await two.Presence.ReportAsync([new(room, 3)], default);
        await one.Presence.ReportAsync([new(room, 2)], default);
        await redis.KillAsync();
        await one.DisconnectedAsync();

        (await one.TellAsync(room, 1)).ShouldBeFalse();
        (await one.Sessions.OpenAsync(Session("c1"), default)).ShouldBeNull();
        (await one.Sessions.TouchAsync([new(participant, DateTimeOffset.UnixEpoch, null)], default)).ShouldBeNull();
        await one.Sessions.CloseAsync(participant, "c1", default);
        (await one.Presence.ReportAsync([new(room, 4)], default)).ShouldBe([7]);
        (await one.Presence.CountAsync(room, default)).ShouldBe(7);
    }

    [Theory]
    [InlineData("refused (OOM)", "CONFIG SET maxmemory 1", "CONFIG SET maxmemory 0")]
    [InlineData("refused (NOREPLICAS)", "CONFIG SET min-replicas-to-write 1", "CONFIG SET min-replicas-to-write 0")]
    [InlineData("refused (READONLY)", "REPLICAOF 127.0.0.1 1", "REPLICAOF NO ONE")]
    public async Task A_Redis_that_refuses_writes_counts_as_unavailable_and_presence_keeps_the_counts(
        string reason, string refuse, string allow)
    {
        await one.Presence.ReportAsync([new(room, 2)], default);
        await two.Presence.ReportAsync([new(room, 3)], default);
        await one.Presence.ReportAsync([new(room, 2)], default);
        // As after ten seconds without reports.
        await redis.CliAsync("DEL", $"polls:presence:{room}");
        await redis.CliAsync(refuse.Split(' '));
        await one.DisconnectedAsync();
        await two.DisconnectedAsync();

        one.Connection.LastError.ShouldBe(reason);
        (one.Metrics["polls.redis.up"], one.Metrics["polls.redis.refuses.writes"]).ShouldBe((0, 1));
        one.Metrics["polls.loop.failures"].ShouldBe(0);
        (await one.Presence.CountAsync(room, default)).ShouldBe(5);
        (await one.Presence.ReportAsync([new(room, 4)], default)).ShouldBe([7]);
        var resyncs = two.Resyncs;

        await redis.CliAsync(allow.Split(' '));

        await one.ConnectedAsync();
        await two.ConnectedAsync();
        two.Resyncs.ShouldBeGreaterThan(resyncs);
        one.Metrics["polls.redis.refuses.writes"].ShouldBe(0);
        await EverythingWorksAsync(4);
    }

    [Fact]
    public async Task Listeners_added_while_Redis_is_down_work_when_it_is_back()
    {
        await redis.KillAsync();
        await one.DisconnectedAsync();
        var (late, left) = (Guid.NewGuid(), Guid.NewGuid());
        var (lateHeard, joined, _) = BackplaneContract.BeginListening(one.Listeners, late);
        var (leftHeard, _, leaving) = BackplaneContract.BeginListening(one.Listeners, left);
        leaving.Dispose();
        joined.IsCompleted.ShouldBeFalse();
        await redis.StartAsync();
        await joined.WaitAsync(Until.Limit);
        await two.ConnectedAsync();

        await two.TellAsync(left, 1);
        await two.TellAsync(late, 2);
        await Until.TrueAsync(() => lateHeard.Contains(2), "the new listener receives messages");
        leftHeard.ShouldBeEmpty();
    }

    [Fact]
    public async Task Connections_and_threads_do_not_pile_up_over_many_faults()
    {
        for (var round = 0; round < 10; round++)
        {
            var resyncs = one.Resyncs;
            await redis.CliAsync("CLIENT", "KILL", "TYPE", "pubsub");
            await Until.TrueAsync(() => one.Resyncs > resyncs, "resynced");
        }

        await one.ConnectedAsync();
        await Until.TrueAsync(async () =>
        {
            var clients = (await redis.CliAsync("CLIENT", "LIST")).Split('\n');
            return clients.Count(client => client.Contains("name=polls-one", StringComparison.Ordinal)) == 2;
        }, "one connection for commands and one for messages are left");
    }

    private Session Session(string connection) =>
        new(participant, room, connection, "one", "Ann", null, DateTimeOffset.UnixEpoch.AddDays(20_000));

    private async Task EverythingWorksAsync(int number)
    {
        (await one.TellAsync(room, number)).ShouldBeTrue();
        await Until.TrueAsync(() => inbox.Contains(number), $"message {number} arrived");
        await two.Sessions.OpenAsync(Session($"c{number}"), default);
        (await one.Sessions.FindAsync(participant, default)).ShouldBe(Session($"c{number}"));
        await one.Presence.ReportAsync([new(room, 2)], default);
        (await two.Presence.ReportAsync([new(room, 3)], default)).ShouldBe([5]);
    }
}
