using System.Diagnostics.Metrics;
using System.Text.Json;
using Polls.Core.Tallies;
using Polls.Core.Votes;

namespace Polls.Core.Telemetry;

/// <content>What happens, told by those whom it happens to.</content>
public sealed partial class PollsMetrics
{
    // Boxed once: a vote must not allocate for being counted.
    private static readonly KeyValuePair<string, object?>[] VoteOutcomes =
        [.. Enum.GetNames<VoteOutcome>().Select(name => Label("outcome", JsonNamingPolicy.CamelCase.ConvertName(name)))];

    private static readonly KeyValuePair<string, object?>[] Loops =
        [.. Enum.GetNames<BackgroundLoop>().Select(name => Label("loop", JsonNamingPolicy.CamelCase.ConvertName(name)))];

    private static readonly KeyValuePair<string, object?> Sent = Label("outcome", "sent");
    private static readonly KeyValuePair<string, object?> Failed = Label("outcome", "failed");
    private static readonly KeyValuePair<string, object?> Led = Label("outcome", "led");
    private static readonly KeyValuePair<string, object?> Followed = Label("outcome", "followed");

    /// <summary>
    /// Shows from the start, at zero, what has not happened yet: a rate needs a first value, and whoever looks for a name
    /// finds it. To be called when an exporter listens.
    /// </summary>
    public void Begin()
    {
        foreach (var outcome in VoteOutcomes)
        {
            votes.Add(0, outcome);
        }

        foreach (var counter in (Counter<long>[])
            [broadcasts, broadcastsConflated, messagesSent, messagesReplaced, connectionsOverflowed, backplaneReceived, backplaneResyncs, redisReconnects])
        {
            counter.Add(0);
        }

        foreach (var loop in Loops)
        {
            loopFailures.Add(0, loop);
        }

        ShowRedisFailures();
        backplaneSent.Add(0, Sent);
        backplaneSent.Add(0, Failed);
        housekeepingTurns.Add(0, Led);
        housekeepingTurns.Add(0, Followed);
        housekeepingLeader.Record(0);
        slowConnections.Add(0);
        LiveRooms(0, 0);
    }

    /// <summary>A background loop caught an exception and goes on.</summary>
    public void LoopFailed(BackgroundLoop loop) => loopFailures.Add(1, Loops[(int)loop]);

    /// <summary>Somebody did something too often and was refused.</summary>
    /// <param name="rule">The rule's fixed name.</param>
    /// <param name="times">How often; 0 only shows that there is such a rule.</param>
    public void RateLimited(string rule, int times = 1) => rateLimited.Add(times, Label("rule", rule));

    /// <summary>It is decided what became of a vote.</summary>
    public void VoteDecided(VoteOutcome outcome) => votes.Add(1, VoteOutcomes[(int)outcome]);

    /// <summary>A vote that the queue had taken got its answer.</summary>
    public void VoteAnswered(TimeSpan duration) => voteDuration.Record(duration.TotalSeconds);

    /// <summary>A batch of votes was committed.</summary>
    public void BatchCommitted(int size, TimeSpan duration)
    {
        batchSize.Record(size);
        batchDuration.Record(duration.TotalSeconds);
    }

    /// <summary>
    /// Makes the vote queue readable: how full it is over all writers and for the fullest of them, how many may wait for one
    /// writer, and how many of the writers PostgreSQL leaves waiting.
    /// </summary>
    public void ObserveVoteQueue(Func<int> depth, Func<int> fullest, Func<int> limit, Func<int> failingWriters)
    {
        meter.CreateObservableGauge("polls.vote.queue.depth", depth, "{vote}", "Votes waiting for a batch.");
        meter.CreateObservableGauge("polls.vote.queue.fullest", fullest, "{vote}", "Votes waiting for the writer that most wait for.");
        meter.CreateObservableGauge("polls.vote.queue.limit", limit, "{vote}", "Votes that may wait for one writer before the next is answered busy.");
        meter.CreateObservableGauge(
            "polls.vote.writers.failing", failingWriters, "{writer}", "Writers whose last batch PostgreSQL did not take: they refuse at once.");
    }

    /// <summary>A tally went to the connections of a room here.</summary>
    /// <param name="since">When what it tells of happened; null when nobody knows.</param>
    /// <param name="now">The time.</param>
    /// <param name="skipped">How many versions before it were not sent.</param>
    public void TallySent(Moments? since, DateTimeOffset now, long skipped)
    {
        if (since is { } moments)
        {
            // Another instance's clock may be ahead of this one's.
            sendLag.Record(Math.Max(0, (now - moments.Committed).TotalSeconds));
            screenLag.Record(Math.Max(0, (now - moments.Cast).TotalSeconds));
        }

        if (skipped > 0)
        {
            broadcastsConflated.Add(skipped);
        }
    }

    /// <summary>An update went to so many connections of a room.</summary>
    /// <param name="name">The event's fixed name.</param>
    /// <param name="connections">How many got it.</param>
    public void Broadcast(string name, int connections)
    {
        broadcasts.Add(1, Label("event", name));
        messagesSent.Add(connections);
    }

    /// <summary>Makes the number of open hub connections readable.</summary>
    public void ObserveConnections(Func<int> open) => meter.CreateObservableGauge(
        "websocket.connections.current", open, "{connection}", "Hub connections that are open on this instance, whatever their transport.");

    /// <summary>Messages began to wait for a connection.</summary>
    public void ConnectionFellBehind() => slowConnections.Add(1);

    /// <summary>Nothing waits for the connection any more, or it is gone.</summary>
    public void ConnectionCaughtUp() => slowConnections.Add(-1);

    /// <summary>A newer state took the place of a waiting one.</summary>
    public void MessageReplaced() => messagesReplaced.Add(1);

    /// <summary>A connection was aborted because too many messages waited for it.</summary>
    public void ConnectionOverflowed() => connectionsOverflowed.Add(1);

    /// <summary>So many rooms, and participants in them, are here at present.</summary>
    public void LiveRooms(int count, int people)
    {
        rooms.Record(count);
        participants.Record(people);
    }

    /// <summary>A message was given to the backplane, which took it or did not.</summary>
    public void BackplaneSent(bool taken) => backplaneSent.Add(1, taken ? Sent : Failed);

    /// <summary>The backplane delivered a message to this instance.</summary>
    public void BackplaneReceived() => backplaneReceived.Add(1);

    /// <summary>This instance heard its own heartbeat.</summary>
    public void HeartbeatHeard(TimeSpan lag) => backplaneLag.Record(lag.TotalSeconds);

    /// <summary>Subscribers were told that messages may be missing.</summary>
    public void BackplaneResynced() => backplaneResyncs.Add(1);

    /// <summary>Makes the connection to Redis readable.</summary>
    /// <param name="up">1 while Redis answers and delivers messages.</param>
    /// <param name="callsInFlight">Calls under way.</param>
    /// <param name="reasons">Why calls may fail, as <see cref="RedisFailed"/> will be told: shown at zero from the start.</param>
    public void ObserveRedis(Func<int> up, Func<int> callsInFlight, IReadOnlyList<string> reasons)
    {
        redisReasons = reasons;
        ShowRedisFailures();
        meter.CreateObservableGauge("polls.redis.up", up, null, "1 while Redis answers and delivers messages, 0 while it does not.");
        meter.CreateObservableGauge("polls.redis.calls.inflight", callsInFlight, "{call}", "Redis calls under way.");
    }

    /// <summary>Redis is connected again.</summary>
    public void RedisReconnected() => redisReconnects.Add(1);

    /// <summary>A call to Redis gave no answer.</summary>
    /// <param name="reason">One of a few fixed words.</param>
    public void RedisFailed(string reason) => redisFailures.Add(1, Label("reason", reason));

    /// <summary>Redis answered a call.</summary>
    public void RedisAnswered(TimeSpan duration) => redisCallDuration.Record(duration.TotalSeconds);

    /// <summary>Makes readable which of the parts that this instance depends on it does without at present.</summary>
    public void ObserveDegraded(Func<IEnumerable<Measurement<int>>> parts) => meter.CreateObservableGauge(
        "polls.degraded", parts, null, "1 while this instance does without the part, 0 while it has it.");

    /// <summary>Housekeeping had its turn, and did the work or left it to another instance.</summary>
    public void HousekeepingTurn(bool led)
    {
        housekeepingTurns.Add(1, led ? Led : Followed);
        housekeepingLeader.Record(led ? 1 : 0);
    }

    private void ShowRedisFailures()
    {
        foreach (var reason in redisReasons)
        {
            redisFailures.Add(0, Label("reason", reason));
        }
    }

    private static KeyValuePair<string, object?> Label(string name, string value) => new(name, value);
}
