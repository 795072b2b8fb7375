using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Polls.Api.Backplane;
using Polls.Api.Http;
using Polls.Api.Limits;
using Polls.Api.Presence;
using Polls.Api.Redis;
using Polls.Api.Sessions;
using Polls.Api.Setup;
using Polls.Tests.Backplane;
using Polls.Tests.Servers;

namespace Polls.Tests.Redis;

/// <summary>The Redis parts of one instance, as the product registers them, on their own connection.</summary>
public sealed class RedisInstance : IAsyncDisposable
{
    private readonly IHost host;
    private int resyncs;

    private RedisInstance(string connectionString, string id, string? caFile)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        // The watchdog is faster than in production, so that tests do not wait long. Calls may take longer, because the
        // machine is busy.
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:Redis"] = connectionString,
            ["Instance:Id"] = id,
            ["Redis:CaFile"] = caFile,
            ["Redis:HeartbeatInterval"] = "00:00:00.2",
            ["Redis:SilenceLimit"] = "00:00:02",
            ["Redis:OperationTimeout"] = "00:00:02",
        });
        builder.Services.AddSingleton(Metrics.Registry).AddOwnMetrics();
        builder.Services.AddSignalR().AddJsonProtocol(options => Json.Configure(options.PayloadSerializerOptions));
        builder.AddPollsRedis();
        host = builder.Build();
        Connection.MessagesMayBeMissing += () => Interlocked.Increment(ref resyncs);
    }

    public TestMetrics Metrics { get; } = new();

    public RedisConnection Connection => Get<RedisConnection>();

    public RoomGroups Listeners => Get<RoomGroups>();

    public IHubContext<RoomBackplane, IRoomBackplaneClient> Rooms => Get<IHubContext<RoomBackplane, IRoomBackplaneClient>>();

    public ISessions Sessions => Get<ISessions>();

    public IRateLimiter Limiter => Get<IRateLimiter>();

    public IPresence Presence => Get<IPresence>();

    public int Resyncs => Volatile.Read(ref resyncs);

    public static Task<RedisInstance> StartAsync(RedisServer server) => StartAsync(server.ConnectionString, "one");

    public static async Task<RedisInstance> StartAsync(string connectionString, string id, string? caFile = null)
    {
        var instance = new RedisInstance(connectionString, id, caFile);
        await instance.host.StartAsync();
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

    /// <summary>Sends a number to all live rooms with this id; true if Redis accepted it.</summary>
    public Task<bool> TellAsync(Guid room, int number) => BackplaneContract.TellAsync(Rooms, room, number);

    public async ValueTask DisposeAsync()
    {
        using var hurry = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        await host.StopAsync(hurry.Token);
        await ((IAsyncDisposable)host).DisposeAsync();
        Metrics.Dispose();
    }

    private T Get<T>()
        where T : notnull => host.Services.GetRequiredService<T>();
}
