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

    /// <summary>A tally went to the connections of a room here.</summary>
    /// <param name="since">When what it tells of happened; null when nobody knows.</param>
    /// <param name="now">The time.</param>
    /// <param name="skipped">How many versions before it were not sent.</param>
    public void TallySent(Moments? since, DateTimeOffset now, long skipped)
    {
        if (since is { } moments)
        {
            // Another instance's clock may be ahead of this one's.
            sendLag.Observe(Math.Max(0, (now - moments.Committed).TotalSeconds));
            screenLag.Observe(Math.Max(0, (now - moments.Cast).TotalSeconds));
        }

        if (skipped > 0)
        {
            broadcastsConflated.Inc(skipped);
        }
    }

    /// <summary>An update went to so many connections of a room.</summary>
    /// <param name="name">The event's fixed name.</param>
    /// <param name="connections">How many got it.</param>
    public void Broadcast(string name, int connections)
    {
        broadcasts.WithLabels([name]).Inc();
        messagesSent.Inc(connections);
    }

    /// <summary>Makes the number of open hub connections readable.</summary>
    public void ObserveConnections(Func<int> open) => Observe(
        "websocket_connections_current", "Hub connections that are open on this instance, whatever their transport.", open);

    /// <summary>Messages began to wait for a connection.</summary>
    public void ConnectionFellBehind() => slowConnections.Inc();

    /// <summary>Nothing waits for the connection any more, or it is gone.</summary>
    public void ConnectionCaughtUp() => slowConnections.Dec();

    /// <summary>A newer state took the place of a waiting one.</summary>
    public void MessageReplaced() => messagesReplaced.Inc();

    /// <summary>A connection was aborted because too many messages waited for it.</summary>
    public void ConnectionOverflowed() => connectionsOverflowed.Inc();

    /// <summary>So many rooms, and participants in them, are here at present.</summary>
    public void LiveRooms(int count, int people)
    {
        rooms.Set(count);
        participants.Set(people);
    }

    /// <summary>A message was given to the backplane, which took it or did not.</summary>
    public void BackplaneSent(bool taken) => (taken ? backplaneTook : backplaneFailed).Inc();

    /// <summary>The backplane delivered a message to this instance.</summary>
    public void BackplaneReceived() => backplaneReceived.Inc();

    /// <summary>This instance heard its own heartbeat.</summary>
    public void HeartbeatHeard(TimeSpan lag) => backplaneLag.Observe(lag.TotalSeconds);

    /// <summary>Subscribers were told that messages may be missing.</summary>
    public void BackplaneResynced() => backplaneResyncs.Inc();

    /// <summary>Makes the connection to Redis readable.</summary>
    /// <param name="up">1 while Redis answers and delivers messages.</param>
    /// <param name="callsInFlight">Calls under way.</param>
    /// <param name="reasons">Why calls may fail, as <see cref="RedisFailed"/> will be told: shown at zero from the start.</param>
    public void ObserveRedis(Func<int> up, Func<int> callsInFlight, IReadOnlyList<string> reasons)
    {
        Observe("polls_redis_up", "1 while Redis answers and delivers messages, 0 while it does not.", up);
        Observe("polls_redis_calls_inflight", "Redis calls under way.", callsInFlight);
        foreach (var reason in reasons)
        {
            redisFailures.WithLabels([reason]);
        }
    }

    /// <summary>Redis is connected again.</summary>
    public void RedisReconnected() => redisReconnects.Inc();

    /// <summary>A call to Redis gave no answer.</summary>
    /// <param name="reason">One of a few fixed words.</param>
    public void RedisFailed(string reason) => redisFailures.WithLabels([reason]).Inc();

    /// <summary>Redis answered a call.</summary>
    public void RedisAnswered(TimeSpan duration) => redisCallDuration.Observe(duration.TotalSeconds);
}
