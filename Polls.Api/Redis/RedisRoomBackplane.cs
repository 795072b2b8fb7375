using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.StackExchangeRedis;
using Microsoft.Extensions.Options;
using Polls.Api.Backplane;

namespace Polls.Api.Redis;

/// <summary>SignalR's backplane for what live rooms tell each other, on the instance's one connection to Redis.</summary>
internal sealed class RedisRoomBackplane(
    ILogger<RedisHubLifetimeManager<RoomBackplane>> logger, RedisConnection connection, IHubProtocolResolver protocols,
    IOptions<HubOptions> hubs, IOptions<HubOptions<RoomBackplane>> hub) : RedisHubLifetimeManager<RoomBackplane>(
        logger,
        Options.Create(new Microsoft.AspNetCore.SignalR.StackExchangeRedis.RedisOptions { ConnectionFactory = _ => connection.Multiplexer }),
        protocols, hubs, hub), IDisposable
{
    // Left out on purpose: it would leave every channel one by one, waiting for Redis each time, and then close the connection, which is not its own.
    void IDisposable.Dispose()
    {
    }
}
