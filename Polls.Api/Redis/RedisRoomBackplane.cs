using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.StackExchangeRedis;
using Microsoft.Extensions.Options;
using Polls.Api.Backplane;

namespace Polls.Api.Redis;

/// <summary>SignalR's backplane for messages between live rooms, on the instance's one connection to Redis.</summary>
internal sealed class RedisRoomBackplane(
    ILogger<RedisHubLifetimeManager<RoomBackplane>> log, RedisConnection connection, IHubProtocolResolver protocols,
    IOptions<HubOptions> hubs, IOptions<HubOptions<RoomBackplane>> hub) : RedisHubLifetimeManager<RoomBackplane>(
        log,
        Options.Create(new Microsoft.AspNetCore.SignalR.StackExchangeRedis.RedisOptions
        {
            ConnectionFactory = _ => connection.Multiplexer
        }),
        protocols, hubs, hub), IDisposable
{
    // Not disposed on purpose: that would unsubscribe from each channel in turn, wait for Redis each time, and close
    // the shared connection.
    void IDisposable.Dispose()
    {
    }
}
