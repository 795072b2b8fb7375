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
        // The text format has no exemplars, and looking for a trace costs each recording.
        factory.ExemplarBehavior = ExemplarBehavior.NoExemplars();

        votes = Each<VoteOutcome>(factory.CreateCounter("polls_votes_total", "Votes by what became of them.", "outcome"));
        voteDuration = Histogram("polls_vote_duration_seconds", "From a vote's place in the queue to its answer.", Buckets.Votes);
        batchSize = Histogram("polls_vote_batch_size", "Votes per transaction.", Buckets.Sizes);
        batchDuration = Histogram("polls_vote_batch_duration_seconds", "Duration of a committed batch, retries included.", Buckets.Votes);
        rateLimited = factory.CreateCounter(
            "polls_rate_limited_total", "Requests and hub calls refused because somebody did them too often, by rule.", "rule");
        loopFailures = Each<BackgroundLoop>(factory.CreateCounter(
            "polls_loop_failures_total", "Exceptions that a background loop survived, by loop.", "loop"));
        var turns = factory.CreateCounter("polls_housekeeping_turns_total", "Housekeeping's turns, by who did the work.", "outcome");
        (led, followed) = (turns.WithLabels("led"), turns.WithLabels("followed"));
        housekeepingLeader = factory.CreateGauge(
            "polls_housekeeping_leader", "1 when this instance did the work in its latest turn, 0 when another one was at it.");

        sendLag = Histogram(
            "polls_tally_send_lag_seconds", "From the oldest commit that a sent tally tells of to its sending here.", Buckets.Lags);
        screenLag = Histogram(
            "polls_tally_screen_lag_seconds", "From the arrival of the oldest vote that a sent tally tells of to its sending here.",
            Buckets.Lags);
        broadcasts = factory.CreateCounter("polls_broadcasts_total", "Updates sent to the connections of a room, by event.", "event");
        broadcastsConflated = factory.CreateCounter(
            "polls_broadcasts_conflated_total", "Tallies that were not sent because a newer one was there already.");
        messagesSent = factory.CreateCounter("polls_hub_messages_sent_total", "Messages of broadcasts handed to connections.");
        messagesReplaced = factory.CreateCounter(
            "polls_hub_messages_replaced_total", "Waiting newest-state messages that a newer one replaced.");
        slowConnections = factory.CreateGauge("polls_hub_connections_slow", "Hub connections for which messages wait at present.");
        connectionsOverflowed = factory.CreateCounter(
            "polls_hub_connections_overflowed_total", "Hub connections aborted because too many messages waited.");
        rooms = factory.CreateGauge("polls_rooms_live", "Rooms that have connections on this instance.");
        participants = factory.CreateGauge("polls_participants_live", "Participants that this instance counts.");

        var sent = factory.CreateCounter("polls_backplane_sent_total", "Messages given to the backplane, by outcome.", "outcome");
        (backplaneTook, backplaneFailed) = (sent.WithLabels("sent"), sent.WithLabels("failed"));
        backplaneReceived = factory.CreateCounter(
            "polls_backplane_received_total", "Messages that the backplane delivered to this instance.");
        backplaneLag = Histogram(
            "polls_backplane_lag_seconds", "From publishing a heartbeat to hearing it on this instance.", Buckets.Lags);
        backplaneResyncs = factory.CreateCounter(
            "polls_backplane_resyncs_total", "Times that messages may have been missed and state was compared again.");
        redisReconnects = factory.CreateCounter("polls_redis_reconnects_total", "Connections to Redis made after the first one.");
        redisFailures = factory.CreateCounter("polls_redis_failures_total", "Redis calls that gave no answer.", "reason");
        redisCallDuration = Histogram("polls_redis_call_duration_seconds", "Duration of answered Redis calls.", Buckets.Lags);
    }

    /// <summary>A background loop caught an exception and goes on.</summary>
    public void LoopFailed(BackgroundLoop loop) => loopFailures[(int)loop].Inc();

    /// <summary>Somebody did something too often and was refused.</summary>
    /// <param name="rule">The rule's fixed name.</param>
    /// <param name="times">How often; 0 only shows that there is such a rule.</param>
    public void RateLimited(string rule, int times = 1) => rateLimited.WithLabels([rule]).Inc(times);

    /// <summary>It is decided what became of a vote.</summary>
    public void VoteDecided(VoteOutcome outcome) => votes[(int)outcome].Inc();

    /// <summary>A vote that the queue had taken got its answer.</summary>
    public void VoteAnswered(TimeSpan duration) => voteDuration.Observe(duration.TotalSeconds);

    /// <summary>A batch of votes was committed.</summary>
    public void BatchCommitted(int size, TimeSpan duration)
    {
        batchSize.Observe(size);
        batchDuration.Observe(duration.TotalSeconds);
    }

    /// <summary>
    /// Makes the vote queue readable: how full it is over all writers and for the fullest of them, how many may wait for one
    /// writer, and how many of the writers PostgreSQL leaves waiting.
    /// </summary>
    public void ObserveVoteQueue(Func<int> depth, Func<int> fullest, Func<int> limit, Func<int> failingWriters)
    {
        Observe("polls_vote_queue_depth", "Votes waiting for a batch.", depth);
        Observe("polls_vote_queue_fullest", "Votes waiting for the writer that most wait for.", fullest);
        Observe("polls_vote_queue_limit", "Votes that may wait for one writer before the next is answered busy.", limit);
        Observe("polls_vote_writers_failing", "Writers whose last batch PostgreSQL did not take: they refuse at once.", failingWriters);
    }

    /// <summary>Housekeeping had its turn, and did the work or left it to another instance.</summary>
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
        /// <summary>A vote takes a few milliseconds; after ten seconds its voter is told to repeat it.</summary>
        public static readonly double[] Votes = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

        /// <summary>Updates are paced at 100 to 250 ms, and late is what takes longer.</summary>
        public static readonly double[] Lags = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10];

        /// <summary>Up to the default batch limit and beyond it.</summary>
        public static readonly double[] Sizes = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500];
    }
}
