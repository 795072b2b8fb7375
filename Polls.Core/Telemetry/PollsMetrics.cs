using System.Diagnostics.Metrics;

namespace Polls.Core.Telemetry;

/// <summary>Every instrument of the <c>Polls</c> meter. Labels are bounded: never a room, a poll or a person.</summary>
public sealed class PollsMetrics : IDisposable
{
    /// <summary>The meter's name, as exporters select it.</summary>
    public const string MeterName = "Polls";

    private readonly Meter meter;
    private readonly Counter<long> loopFailures;
    private readonly Counter<long> backplaneSent;
    private readonly Counter<long> backplaneReceived;
    private readonly Counter<long> backplaneResyncs;
    private readonly Counter<long> redisReconnects;
    private readonly Counter<long> redisFailures;
    private readonly Gauge<int> redisUp;
    private readonly UpDownCounter<long> slowConnections;
    private readonly Counter<long> messagesReplaced;
    private readonly Counter<long> connectionsOverflowed;

    /// <summary>Creates the instruments on a meter of the given factory, which owns and disposes it.</summary>
    public PollsMetrics(IMeterFactory meters)
    {
        meter = meters.Create(MeterName);
        loopFailures = meter.CreateCounter<long>(
            "polls.loop.failures", "{failure}", "Exceptions that a background loop survived, by loop.");
        backplaneSent = meter.CreateCounter<long>(
            "polls.backplane.sent", "{message}", "Messages given to the backplane, by outcome (sent or failed).");
        backplaneReceived = meter.CreateCounter<long>(
            "polls.backplane.received", "{message}", "Messages that the backplane delivered to this instance.");
        backplaneResyncs = meter.CreateCounter<long>(
            "polls.backplane.resyncs", "{resync}", "Times that messages may have been missed and state was compared again.");
        redisReconnects = meter.CreateCounter<long>(
            "polls.redis.reconnects", "{reconnect}", "Connections to Redis made after the first one.");
        redisFailures = meter.CreateCounter<long>(
            "polls.redis.failures", "{call}", "Redis calls that gave no answer, by reason.");
        redisUp = meter.CreateGauge<int>(
            "polls.redis.up", null, "1 while Redis answers and delivers messages, 0 while it does not.");
        slowConnections = meter.CreateUpDownCounter<long>(
            "polls.hub.connections.slow", "{connection}", "Hub connections for which messages wait at present.");
        messagesReplaced = meter.CreateCounter<long>(
            "polls.hub.messages.replaced", "{message}", "Waiting newest-state messages that a newer one replaced.");
        connectionsOverflowed = meter.CreateCounter<long>(
            "polls.hub.connections.overflowed", "{connection}", "Hub connections aborted because too many messages waited.");
    }

    /// <summary>A background loop caught an exception and goes on.</summary>
    /// <param name="loop">The loop's fixed name.</param>
    public void LoopFailed(string loop) => loopFailures.Add(1, new KeyValuePair<string, object?>("loop", loop));

    /// <summary>A message was given to the backplane, which took it or did not.</summary>
    public void BackplaneSent(bool taken) =>
        backplaneSent.Add(1, new KeyValuePair<string, object?>("outcome", taken ? "sent" : "failed"));

    /// <summary>The backplane delivered a message to this instance.</summary>
    public void BackplaneReceived() => backplaneReceived.Add(1);

    /// <summary>Subscribers were told that messages may be missing.</summary>
    public void BackplaneResynced() => backplaneResyncs.Add(1);

    /// <summary>Redis is connected again.</summary>
    public void RedisReconnected() => redisReconnects.Add(1);

    /// <summary>A call to Redis gave no answer.</summary>
    /// <param name="reason">One of a few fixed words.</param>
    public void RedisFailed(string reason) =>
        redisFailures.Add(1, new KeyValuePair<string, object?>("reason", reason));

    /// <summary>Redis came or went.</summary>
    public void RedisUp(bool up) => redisUp.Record(up ? 1 : 0);

    /// <summary>Messages began to wait for a connection.</summary>
    public void ConnectionFellBehind() => slowConnections.Add(1);

    /// <summary>Nothing waits for the connection any more, or it is gone.</summary>
    public void ConnectionCaughtUp() => slowConnections.Add(-1);

    /// <summary>A newer state took the place of a waiting one.</summary>
    public void MessageReplaced() => messagesReplaced.Add(1);

    /// <summary>A connection was aborted because too many messages waited for it.</summary>
    public void ConnectionOverflowed() => connectionsOverflowed.Add(1);

    /// <inheritdoc />
    public void Dispose() => meter.Dispose();
}
