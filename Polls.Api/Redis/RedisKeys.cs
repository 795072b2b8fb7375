using System.Globalization;
using Polls.Api.Limits;
using StackExchange.Redis;

namespace Polls.Api.Redis;

/// <summary>
/// Every key and channel that Polls has in Redis. All of it may be wiped at any time.
/// <code>
/// key                               type  life             meaning
/// polls:session:{participantId}     hash  1 h, sliding     one connected participant (ISessions)
///     room  nick?  conn  inst  seen  poll?  rev?  cast?    seen and cast in microseconds since 1970
/// polls:presence:{roomId}           hash  10 s, sliding    participants connected (IPresence)
///     {instanceId}                                         "{count}:{reported at, ms since 1970 by Redis' clock}"
/// polls:limit:{class}:{whom, hex}   string until rested   when the next request is due, µs since 1970 by Redis' clock (IRateLimiter);
///                                                          whom: participant, room or address (IPv6: its /64)
///
/// channel                           payload                meaning
/// polls:bus:{channel}               the publisher's bytes  IBackplane
/// polls:heartbeat:{random}          empty                  one connection's messages to itself
/// </code>
/// Client name of every connection: <c>polls-{instanceId}</c>.
/// </summary>
internal static class RedisKeys
{
    public static RedisKey Session(Guid participantId) => Key("session", participantId);

    public static RedisKey Presence(Guid roomId) => Key("presence", roomId);

    public static RedisKey Limit(LimitKey key) => $"polls:limit:{key.Class}:{key.Id:x32}";

    public static RedisChannel Bus(string channel) => Channel("bus", channel);

    public static RedisChannel Heartbeat(Guid connection) =>
        Channel("heartbeat", connection.ToString("N", CultureInfo.InvariantCulture));

    public static string ClientName(string instanceId) => $"polls-{instanceId}";

    private static RedisKey Key(string kind, Guid id) => $"polls:{kind}:{id}";

    private static RedisChannel Channel(string kind, string name) =>
        new($"polls:{kind}:{name}", RedisChannel.PatternMode.Literal);
}
