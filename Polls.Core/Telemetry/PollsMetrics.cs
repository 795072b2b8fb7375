using System.Text.Json;
using Prometheus;

namespace Polls.Core.Telemetry;

/// <summary>
/// The product's own metrics, as methods for what happens; <c>docs/metrics.md</c> explains each name. Labels are bounded: never a
/// room, a poll or a person. Recording a vote allocates nothing, and every series whose labels are known starts at 0.
/// </summary>
public sealed partial class PollsMetrics
{
    private readonly CollectorRegistry registry;
    private readonly MetricFactory factory;
    private readonly Counter.Child[] votes;
    private readonly Counter.Child[] loopFailures;
    private readonly Histogram voteDuration;
    private readonly Histogram batchSize;
    private readonly Histogram batchDuration;
    private readonly Counter rateLimited;
    private readonly Counter.Child led;
    private readonly Counter.Child followed;
    private readonly Gauge housekeepingLeader;

    /// <summary>Creates the metrics in the registry of this instance.</summary>
    public PollsMetrics(CollectorRegistry registry)
    {
        this.registry = registry;
        factory = Metrics.WithCustomRegistry(registry);
        // The text format has no exemplars, and looking for a trace has a cost per measurement.
        factory.ExemplarBehavior = ExemplarBehavior.NoExemplars();

        votes = Each<VoteOutcome>(factory.CreateCounter("polls_votes_total", "Votes by outcome.", "outcome"));
        voteDuration = Histogram("polls_vote_duration_seconds", "Time from queueing a vote to its answer.", Buckets.Votes);
        batchSize = Histogram("polls_vote_batch_size", "Votes per transaction.", Buckets.Sizes);
        batchDuration = Histogram("polls_vote_batch_duration_seconds", "Duration of a committed batch, retries included.", Buckets.Votes);
        rateLimited = factory.CreateCounter(
            "polls_rate_limited_total", "Requests and hub calls refused by a rate limit, by rule.", "rule");
        loopFailures = Each<BackgroundLoop>(factory.CreateCounter(
            "polls_loop_failures_total", "Exceptions that a background loop caught, by loop.", "loop"));
        var turns = factory.CreateCounter("polls_housekeeping_turns_total", "Turns of housekeeping, by outcome.", "outcome");
        (led, followed) = (turns.WithLabels("led"), turns.WithLabels("followed"));
        housekeepingLeader = factory.CreateGauge(
            "polls_housekeeping_leader", "1 if this instance did the work in its last turn, 0 if another instance was doing it.");

        sendLag = Histogram(
            "polls_tally_send_lag_seconds", "Time from the oldest commit in a sent tally to sending it.", Buckets.Lags);
        screenLag = Histogram(
            "polls_tally_screen_lag_seconds", "Time from the arrival of the oldest vote in a sent tally to sending it.",
            Buckets.Lags);
        broadcasts = factory.CreateCounter("polls_broadcasts_total", "Updates sent to the connections of a room, by event.", "event");
        broadcastsConflated = factory.CreateCounter(
            "polls_broadcasts_conflated_total", "Tallies not sent because a newer one was available.");
        messagesSent = factory.CreateCounter("polls_hub_messages_sent_total", "Broadcast messages passed to connections.");
        messagesReplaced = factory.CreateCounter(
            "polls_hub_messages_replaced_total", "Waiting state messages replaced by a newer one.");
        slowConnections = factory.CreateGauge("polls_hub_connections_slow", "Hub connections with waiting messages.");
        connectionsOverflowed = factory.CreateCounter(
            "polls_hub_connections_overflowed_total", "Hub connections aborted because too many messages waited.");
        rooms = factory.CreateGauge("polls_rooms_live", "Rooms with connections on this instance.");
        participants = factory.CreateGauge("polls_participants_live", "Participants counted by this instance.");

        var sent = factory.CreateCounter("polls_backplane_sent_total", "Messages passed to the backplane, by outcome.", "outcome");
        (backplaneTook, backplaneFailed) = (sent.WithLabels("sent"), sent.WithLabels("failed"));
        backplaneReceived = factory.CreateCounter(
            "polls_backplane_received_total", "Messages that the backplane delivered to this instance.");
        backplaneLag = Histogram(
            "polls_backplane_lag_seconds", "Time from publishing a heartbeat to receiving it on this instance.", Buckets.Lags);
        backplaneResyncs = factory.CreateCounter(
            "polls_backplane_resyncs_total", "Comparisons with PostgreSQL because messages may have been lost.");
        redisReconnects = factory.CreateCounter("polls_redis_reconnects_total", "Connections to Redis made after the first one.");
        redisFailures = factory.CreateCounter("polls_redis_failures_total", "Redis calls without an answer.", "reason");
        redisCallDuration = Histogram("polls_redis_call_duration_seconds", "Duration of answered Redis calls.", Buckets.Lags);
    }

    /// <summary>A background loop caught an exception and continues.</summary>
    public void LoopFailed(BackgroundLoop loop) => loopFailures[(int)loop].Inc();

    /// <summary>A rate limit refused a caller.</summary>
    /// <param name="rule">The rule's fixed name.</param>
    /// <param name="times">The number of refusals; 0 only creates the series.</param>
    public void RateLimited(string rule, int times = 1) => rateLimited.WithLabels([rule]).Inc(times);

    /// <summary>The outcome of a vote is known.</summary>
    public void VoteDecided(VoteOutcome outcome) => votes[(int)outcome].Inc();

    /// <summary>A queued vote was answered.</summary>
    public void VoteAnswered(TimeSpan duration) => voteDuration.Observe(duration.TotalSeconds);

    /// <summary>A batch of votes was committed.</summary>
    public void BatchCommitted(int size, TimeSpan duration)
    {
        batchSize.Observe(size);
        batchDuration.Observe(duration.TotalSeconds);
    }

    /// <summary>
    /// Exports the state of the vote queue: the waiting votes of all writers and of the fullest writer, the limit of one writer, and the
    /// number of writers whose last batch failed.
    /// </summary>
    public void ObserveVoteQueue(Func<int> depth, Func<int> fullest, Func<int> limit, Func<int> failingWriters)
    {
        Observe("polls_vote_queue_depth", "Votes waiting for a batch.", depth);
        Observe("polls_vote_queue_fullest", "Votes waiting for the fullest writer.", fullest);
        Observe("polls_vote_queue_limit", "Maximum number of votes waiting for one writer; further votes are answered busy.", limit);
        Observe("polls_vote_writers_failing", "Writers whose last batch failed in PostgreSQL; they refuse votes at once.", failingWriters);
    }

    /// <summary>Housekeeping had a turn and did the work, or left it to another instance.</summary>
    public void HousekeepingTurn(bool isLeader)
    {
        (isLeader ? led : followed).Inc();
        housekeepingLeader.Set(isLeader ? 1 : 0);
    }

    private static Counter.Child[] Each<TLabel>(Counter counter)
        where TLabel : struct, Enum =>
        [.. Enum.GetNames<TLabel>().Select(name => counter.WithLabels(JsonNamingPolicy.CamelCase.ConvertName(name)))];

    private Histogram Histogram(string name, string help, double[] buckets) =>
        factory.CreateHistogram(name, help, new HistogramConfiguration { Buckets = buckets });

    private void Observe(string name, string help, Func<int> value)
    {
        var gauge = factory.CreateGauge(name, help);
        registry.AddBeforeCollectCallback(() => gauge.Set(value()));
    }

    private static class Buckets
    {
        /// <summary>A vote takes a few milliseconds. After ten seconds it is refused and the client must repeat it.</summary>
        public static readonly double[] Votes = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

        /// <summary>Updates are sent every 100 to 250 ms. Longer values are late.</summary>
        public static readonly double[] Lags = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10];

        /// <summary>Up to and beyond the default batch limit.</summary>
        public static readonly double[] Sizes = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500];
    }
}
