using Polls.Api.Limits;
using StackExchange.Redis;

namespace Polls.Api.Redis;

/// <summary>
/// All keys and channels that Polls uses in Redis. All of them can be deleted at any time.
/// <code>
/// key                             type    life           meaning
/// polls:session:{participantId}   hash    1 h, sliding   one connected participant (ISessions)
///     room  nick?  conn  inst  seen  poll?  rev?  cast?  seen and cast in microseconds since 1970
/// polls:presence:{roomId}         hash    10 s, sliding  participants connected (IPresence)
///     {instanceId}                                       "{count}:{reported at, ms since 1970 by Redis' clock}"
/// polls:limit:{class}:{key, hex}  string  until unused   when the next request is due, µs since 1970 by Redis' clock
///                                                        (IRateLimiter); key: participant, room or address
///                                                        (IPv6: its /64)
/// polls:probe:{instanceId}        string  1 min          empty; written with each heartbeat, to see that Redis takes
///                                                        writes
///
/// channel                         payload                meaning
/// polls:{hub}:group:{roomId}      hub message            messages between live rooms (RoomBackplane); {hub} is its
///                                                        full name
/// polls:{hub}:…                   hub message            subscribed by SignalR's backplane, not used here
/// polls:heartbeat:{random}        sent at, ticks         messages of an instance to itself
/// </code>
/// The client name of each connection is <c>polls-{instanceId}</c>.
/// </summary>
internal static class RedisKeys
{
    /// <summary>The prefix that the client library adds to each channel.</summary>
    public const string ChannelPrefix = "polls:";

    public static RedisKey Session(Guid participantId) => Key("session", participantId);

    public static RedisKey Presence(Guid roomId) => Key("presence", roomId);

    public static RedisKey Limit(LimitKey key) => $"polls:limit:{key.Class}:{key.Id:x32}";

    public static RedisKey Probe(string instanceId) => $"polls:probe:{instanceId}";

    public static RedisChannel Heartbeat(Guid instance) => RedisChannel.Literal($"heartbeat:{instance:N}");

    public static string ClientName(string instanceId) => $"polls-{instanceId}";

    private static RedisKey Key(string kind, Guid id) => $"polls:{kind}:{id}";
}
