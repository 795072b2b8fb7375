using Polls.Core.Tallies;
using Prometheus;

namespace Polls.Core.Telemetry;

/// <content>From the commit to the screens: live rooms, hub connections, the backplane and Redis.</content>
public sealed partial class PollsMetrics
{
    private readonly Histogram sendLag;
    private readonly Histogram screenLag;
    private readonly Counter broadcasts;
    private readonly Counter broadcastsConflated;
    private readonly Counter messagesSent;
    private readonly Counter messagesReplaced;
    private readonly Gauge slowConnections;
    private readonly Counter connectionsOverflowed;
    private readonly Gauge rooms;
    private readonly Gauge participants;
    private readonly Counter.Child backplaneTook;
    private readonly Counter.Child backplaneFailed;
    private readonly Counter backplaneReceived;
    private readonly Histogram backplaneLag;
    private readonly Counter backplaneResyncs;
    private readonly Counter redisReconnects;
    private readonly Counter redisFailures;
    private readonly Histogram redisCallDuration;

    /// <summary>Records that a tally was sent to the connections of a room on this instance.</summary>
    /// <param name="since">The times of the oldest vote in the tally that was not sent yet; null if unknown.</param>
    /// <param name="now">The current time.</param>
    /// <param name="skipped">The number of earlier versions that were not sent.</param>
    public void TallySent(Moments? since, DateTimeOffset now, long skipped)
    {
        if (since is { } moments)
        {
            // Another instance's clock can be ahead of this one's.
            sendLag.Observe(Math.Max(0, (now - moments.Committed).TotalSeconds));
            screenLag.Observe(Math.Max(0, (now - moments.Cast).TotalSeconds));
        }

        if (skipped > 0)
        {
            broadcastsConflated.Inc(skipped);
        }
    }

    /// <summary>Records an update to connections of a room.</summary>
    /// <param name="name">The event's fixed name.</param>
    /// <param name="connections">The number of receivers.</param>
    public void Broadcast(string name, int connections)
    {
        broadcasts.WithLabels([name]).Inc();
        messagesSent.Inc(connections);
    }

    /// <summary>Exports the number of open hub connections.</summary>
    public void ObserveConnections(Func<int> open) => Observe(
        "websocket_connections_current", "Hub connections that are open on this instance, with any transport.", open);

    /// <summary>A connection is slow: messages started to wait for it.</summary>
    public void ConnectionFellBehind() => slowConnections.Inc();

    /// <summary>A connection is no longer slow: no messages wait, or it has closed.</summary>
    public void ConnectionCaughtUp() => slowConnections.Dec();

    /// <summary>A newer state replaced a waiting one.</summary>
    public void MessageReplaced() => messagesReplaced.Inc();

    /// <summary>A connection was aborted because too many messages waited for it.</summary>
    public void ConnectionOverflowed() => connectionsOverflowed.Inc();

    /// <summary>Records the current numbers of live rooms and their participants on this instance.</summary>
    public void LiveRooms(int count, int people)
    {
        rooms.Set(count);
        participants.Set(people);
    }

    /// <summary>A message was passed to the backplane, successfully or not.</summary>
    public void BackplaneSent(bool taken) => (taken ? backplaneTook : backplaneFailed).Inc();

    /// <summary>The backplane delivered a message to this instance.</summary>
    public void BackplaneReceived() => backplaneReceived.Inc();

    /// <summary>This instance received its own heartbeat.</summary>
    public void HeartbeatHeard(TimeSpan lag) => backplaneLag.Observe(lag.TotalSeconds);

    /// <summary>Subscribers were notified that messages may be missing.</summary>
    public void BackplaneResynced() => backplaneResyncs.Inc();

    /// <summary>Exports the state of the connection to Redis.</summary>
    /// <param name="up">1 while Redis answers and delivers messages.</param>
    /// <param name="callsInFlight">The number of calls in progress.</param>
    /// <param name="reasons">The possible reasons of <see cref="RedisFailed"/>, exported as zero from the start.</param>
    public void ObserveRedis(Func<int> up, Func<int> callsInFlight, IReadOnlyList<string> reasons)
    {
        Observe("polls_redis_up", "1 while Redis answers and delivers messages, 0 while it does not.", up);
        Observe("polls_redis_calls_inflight", "Redis calls in progress.", callsInFlight);
        foreach (var reason in reasons)
        {
            redisFailures.WithLabels([reason]);
        }
    }

    /// <summary>The instance reconnected to Redis.</summary>
    public void RedisReconnected() => redisReconnects.Inc();

    /// <summary>A call to Redis received no answer.</summary>
    /// <param name="reason">One of a few fixed words.</param>
    public void RedisFailed(string reason) => redisFailures.WithLabels([reason]).Inc();

    /// <summary>Redis answered a call.</summary>
    public void RedisAnswered(TimeSpan duration) => redisCallDuration.Observe(duration.TotalSeconds);
}
