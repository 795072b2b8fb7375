using Polls.Api.Limits;
using Polls.Api.Sessions;
using Polls.Tests.Backplane;
using Polls.Tests.Servers;

namespace Polls.Tests.Redis;

/// <summary>Highly available Redis: with Sentinel, and as a cluster.</summary>
public sealed class RedisTopologyTests : IAsyncLifetime
{
    private readonly RedisProcesses redis = new();
    private readonly List<RedisInstance> instances = [];

    [Fact]
    public async Task After_a_failover_the_instances_use_the_primary_that_Sentinel_names()
    {
        var (primary, replica, sentinel) = (redis.Port(), redis.Port(), redis.Port());
        await redis.StartAsync(primary, settings: [$"masterauth {RedisProcesses.Password}"]);
        await redis.StartAsync(replica, settings: [$"masterauth {RedisProcesses.Password}", $"replicaof 127.0.0.1 {primary}"]);
        await redis.StartAsync(
            sentinel, sentinel: true, $"sentinel monitor polls 127.0.0.1 {primary} 1", $"sentinel auth-pass polls {RedisProcesses.Password}",
            "sentinel down-after-milliseconds polls 500", "sentinel failover-timeout polls 5000");
        await Until.TrueAsync(
            async () => (await RedisProcesses.CliAsync(sentinel, "SENTINEL", "REPLICAS", "polls")).Contains($"127.0.0.1:{replica}", StringComparison.Ordinal),
            "Sentinel knows the replica");
        var (one, two) = await ConnectAsync($"127.0.0.1:{sentinel},serviceName=polls,password={RedisProcesses.Password}");
        var room = Guid.NewGuid();
        var (heard, _) = await BackplaneContract.ListenAsync(two.Listeners, room);
        (await one.TellAsync(room, 1)).ShouldBeTrue();
        await Until.TrueAsync(() => heard.Contains(1), "the other instance receives it");

        await redis.KillAsync(primary);
        await Until.TrueAsync(
            async () =>
            {
                await one.TellAsync(room, 2);
                return heard.Contains(2);
            },
            "the other instance receives it through the new primary");
        // It answers slightly before it accepts writes.
        var session = Session(Guid.NewGuid(), room);
        await Until.TrueAsync(
            async () =>
            {
                await one.Sessions.OpenAsync(session, default);
                return await two.Sessions.FindAsync(session.ParticipantId, default) is not null;
            },
            () => $"the new primary accepts writes ({one.Connection.LastError})");
        await one.ConnectedAsync();
        await two.ConnectedAsync();
        await EverythingWorksAsync(one, two);
        (await RedisProcesses.CliAsync(replica, "KEYS", "polls:session:*")).ShouldNotBeEmpty("the replica has become the primary");
    }

    [Fact]
    public async Task A_cluster_of_three_carries_sessions_presence_limits_and_messages()
    {
        int[] nodes = [redis.Port(), redis.Port(), redis.Port()];
        foreach (var node in nodes)
        {
            await redis.StartAsync(node, settings: ["cluster-enabled yes", $"cluster-port {redis.Port()}", "cluster-node-timeout 2000"]);
        }

        await RedisProcesses.CliAsync(
            nodes[0], ["--cluster", "create", .. nodes.Select(node => $"127.0.0.1:{node}"), "--cluster-replicas", "0", "--cluster-yes"]);
        foreach (var node in nodes)
        {
            await Until.TrueAsync(
                async () => (await RedisProcesses.CliAsync(node, "CLUSTER", "INFO")).Contains("cluster_state:ok", StringComparison.Ordinal), "the cluster is complete");
        }

        var (one, two) = await ConnectAsync($"127.0.0.1:{nodes[0]},127.0.0.1:{nodes[1]},password={RedisProcesses.Password}");
        for (var i = 0; i < 30; i++)
        {
            var room = Guid.NewGuid();
            var (heard, listening) = await BackplaneContract.ListenAsync(two.Listeners, room);
            (await one.TellAsync(room, i)).ShouldBeTrue();
            await Until.TrueAsync(() => heard.Contains(i), "the other instance receives it, on whichever node the channel is");
            listening.Dispose();
            await EverythingWorksAsync(one, two);
        }

        foreach (var node in nodes)
        {
            (await RedisProcesses.CliAsync(node, "KEYS", "polls:session:*")).ShouldNotBeEmpty("every node has a share of the keys");
        }
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var instance in instances)
        {
            await instance.DisposeAsync();
        }

        await redis.DisposeAsync();
    }

    private static async Task EverythingWorksAsync(RedisInstance one, RedisInstance two)
    {
        var (participant, room) = (Guid.NewGuid(), Guid.NewGuid());
        var session = Session(participant, room);
        await one.Sessions.OpenAsync(session, default);
        (await two.Sessions.FindAsync(participant, default)).ShouldBe(session);
        await one.Presence.ReportAsync([new(room, 2)], default);
        (await two.Presence.ReportAsync([new(room, 3)], default)).ShouldBe([5]);
        var (key, rule) = (LimitKey.Of(RateClass.Read, participant), new RateRule(0.001, 2));
        (await one.Limiter.TakeAsync(key, rule, 1, default)).ShouldBe(TimeSpan.Zero);
        (await two.Limiter.TakeAsync(key, rule, 1, default)).ShouldBe(TimeSpan.Zero);
        (await two.Limiter.TakeAsync(key, rule, 1, default)).ShouldBeGreaterThan(TimeSpan.Zero, "the two instances share a limit");
    }

    private static Session Session(Guid participant, Guid room) =>
        new(participant, room, "c1", "one", "Ann", null, DateTimeOffset.UnixEpoch.AddDays(20_000));

    private async Task<(RedisInstance One, RedisInstance Two)> ConnectAsync(string connectionString)
    {
        instances.Add(await RedisInstance.ConnectedAsync(connectionString, "one"));
        instances.Add(await RedisInstance.ConnectedAsync(connectionString, "two"));
        return (instances[0], instances[1]);
    }
}
