using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Polls.Api.Backplane;
using Polls.Api.Instance;
using Polls.Api.Redis;
using Polls.Tests.Servers;

namespace Polls.Tests.Redis;

/// <summary>One instance's Redis parts on a connection of their own.</summary>
public sealed class RedisInstance : IAsyncDisposable
{
    private readonly CancellationTokenSource hurry = new();
    private int resyncs;

    private RedisInstance(string connectionString, string id, string? caFile = null)
    {
        // The watchdog is quicker than in production, so that tests need not wait long; calls may take longer,
        // because the machine has more to do.
        var options = Options.Create(new RedisOptions
        {
            ConnectionString = connectionString,
            CaFile = caFile,
            HeartbeatInterval = TimeSpan.FromMilliseconds(200),
            SilenceLimit = TimeSpan.FromSeconds(2),
            OperationTimeout = TimeSpan.FromSeconds(2),
        });
        var instance = Options.Create(new InstanceOptions { Id = id });
        Connection = new RedisConnection(
            options, instance, TimeProvider.System, Metrics.Polls, NullLogger<RedisConnection>.Instance);
        Backplane = new RedisBackplane(Connection, Metrics.Polls);
        Backplane.MessagesMayBeMissing += () => Interlocked.Increment(ref resyncs);
        Sessions = new RedisSessions(Connection);
        Presence = new RedisPresence(Connection, instance);
    }

    public TestMetrics Metrics { get; } = new();

    public RedisConnection Connection { get; }

    public RedisBackplane Backplane { get; }

    public RedisSessions Sessions { get; }

    public RedisPresence Presence { get; }

    public int Resyncs => Volatile.Read(ref resyncs);

    public static Task<RedisInstance> StartAsync(RedisServer server) => StartAsync(server.ConnectionString, "one");

    public static async Task<RedisInstance> StartAsync(string connectionString, string id, string? caFile = null)
    {
        var instance = new RedisInstance(connectionString, id, caFile);
        await instance.Connection.StartAsync(CancellationToken.None);
        return instance;
    }

    public static Task<RedisInstance> ConnectedAsync(RedisServer server, string id = "one") =>
        ConnectedAsync(server.ConnectionString, id);

    public static async Task<RedisInstance> ConnectedAsync(string connectionString, string id)
    {
        var instance = await StartAsync(connectionString, id);
        await instance.ConnectedAsync();
        return instance;
    }

    public Task ConnectedAsync() =>
        Until.TrueAsync(() => Connection.State == BackplaneState.Connected, "Redis is connected");

    public Task DisconnectedAsync() =>
        Until.TrueAsync(() => Connection.State == BackplaneState.Disconnected, "Redis is disconnected");

    public async ValueTask DisposeAsync()
    {
        hurry.CancelAfter(TimeSpan.FromSeconds(10));
        await Connection.StopAsync(hurry.Token);
        Connection.Dispose();
        Metrics.Dispose();
        hurry.Dispose();
    }
}
