using System.Diagnostics.Metrics;

namespace Polls.Core.Telemetry;

/// <summary>
/// Every instrument of the <c>Polls</c> meter; <c>docs/metrics.md</c> tells what they mean. Labels are bounded: never a
/// room, a poll or a person. Recording allocates nothing.
/// </summary>
public sealed partial class PollsMetrics : IDisposable
{
    /// <summary>The meter's name, as exporters select it.</summary>
    public const string MeterName = "Polls";

    private readonly Meter meter;
    private readonly Counter<long> loopFailures;
    private readonly Counter<long> votes;
    private readonly Counter<long> rateLimited;
    private readonly Histogram<double> voteDuration;
    private readonly Histogram<int> batchSize;
    private readonly Histogram<double> batchDuration;
    private readonly Histogram<double> sendLag;
    private readonly Histogram<double> screenLag;
    private readonly Counter<long> broadcasts;
    private readonly Counter<long> broadcastsConflated;
    private readonly Counter<long> messagesSent;
    private readonly Counter<long> messagesReplaced;
    private readonly UpDownCounter<long> slowConnections;
    private readonly Counter<long> connectionsOverflowed;
    private readonly Gauge<int> rooms;
    private readonly Gauge<int> participants;
    private readonly Counter<long> backplaneSent;
    private readonly Counter<long> backplaneReceived;
    private readonly Histogram<double> backplaneLag;
    private readonly Counter<long> backplaneResyncs;
    private readonly Counter<long> redisReconnects;
    private readonly Counter<long> redisFailures;
    private readonly Histogram<double> redisCallDuration;
    private readonly Counter<long> housekeepingTurns;
    private readonly Gauge<int> housekeepingLeader;
    private volatile IReadOnlyList<string> redisReasons = [];

    /// <summary>Creates the instruments on a meter of the given factory, which owns and disposes it.</summary>
    public PollsMetrics(IMeterFactory meters)
    {
        meter = meters.Create(MeterName);
        loopFailures = Counter("polls.loop.failures", "{failure}", "Exceptions that a background loop survived, by loop.");

        votes = Counter("polls.votes", "{vote}", "Votes by what became of them.");
        rateLimited = Counter("polls.rate_limited", "{request}", "Requests and hub calls refused because somebody did them too often, by rule.");
        voteDuration = Histogram<double>("polls.vote.duration", "s", "From a vote's place in the queue to its answer.", Buckets.Votes);
        batchSize = Histogram<int>("polls.vote.batch.size", "{vote}", "Votes per transaction.", Buckets.Sizes);
        batchDuration = Histogram<double>(
            "polls.vote.batch.duration", "s", "Duration of a committed batch, retries included.", Buckets.Votes);

        sendLag = Histogram<double>(
            "polls.tally.send.lag", "s", "From the oldest commit that a sent tally tells of to its sending here.", Buckets.Lags);
        screenLag = Histogram<double>(
            "polls.tally.screen.lag", "s", "From the arrival of the oldest vote that a sent tally tells of to its sending here.", Buckets.Lags);
        broadcasts = Counter("polls.broadcasts", "{broadcast}", "Updates sent to the connections of a room, by event.");
        broadcastsConflated = Counter(
            "polls.broadcasts.conflated", "{broadcast}", "Tallies that were not sent because a newer one was there already.");
        messagesSent = Counter("polls.hub.messages.sent", "{message}", "Messages of broadcasts handed to connections.");
        messagesReplaced = Counter("polls.hub.messages.replaced", "{message}", "Waiting newest-state messages that a newer one replaced.");
        slowConnections = meter.CreateUpDownCounter<long>(
            "polls.hub.connections.slow", "{connection}", "Hub connections for which messages wait at present.");
        connectionsOverflowed = Counter(
            "polls.hub.connections.overflowed", "{connection}", "Hub connections aborted because too many messages waited.");
        rooms = meter.CreateGauge<int>("polls.rooms.live", "{room}", "Rooms that have connections on this instance.");
        participants = meter.CreateGauge<int>("polls.participants.live", "{participant}", "Participants that this instance counts.");

        backplaneSent = Counter("polls.backplane.sent", "{message}", "Messages given to the backplane, by outcome.");
        backplaneReceived = Counter("polls.backplane.received", "{message}", "Messages that the backplane delivered to this instance.");
        backplaneLag = Histogram<double>(
            "polls.backplane.lag", "s", "From publishing a heartbeat to hearing it on this instance.", Buckets.Lags);
        backplaneResyncs = Counter(
            "polls.backplane.resyncs", "{resync}", "Times that messages may have been missed and state was compared again.");
        redisReconnects = Counter("polls.redis.reconnects", "{reconnect}", "Connections to Redis made after the first one.");
        redisFailures = Counter("polls.redis.failures", "{call}", "Redis calls that gave no answer.");
        redisCallDuration = Histogram<double>("polls.redis.call.duration", "s", "Duration of answered Redis calls.", Buckets.Lags);

        housekeepingTurns = Counter("polls.housekeeping.turns", "{turn}", "Housekeeping's turns, by who did the work.");
        housekeepingLeader = meter.CreateGauge<int>(
            "polls.housekeeping.leader", null, "1 when this instance did the work in its latest turn, 0 when another one was at it.");
    }

    /// <inheritdoc />
    public void Dispose() => meter.Dispose();

    private Counter<long> Counter(string name, string unit, string description) => meter.CreateCounter<long>(name, unit, description);

    private Histogram<T> Histogram<T>(string name, string unit, string description, IReadOnlyList<T> buckets)
        where T : struct => meter.CreateHistogram(
            name, unit, description, tags: null, advice: new InstrumentAdvice<T> { HistogramBucketBoundaries = buckets });

    private static class Buckets
    {
        /// <summary>A vote takes a few milliseconds; after ten seconds its voter is told to repeat it.</summary>
        public static readonly IReadOnlyList<double> Votes =
            [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

        /// <summary>Updates are paced at 100 to 250 ms, and late is what takes longer.</summary>
        public static readonly IReadOnlyList<double> Lags =
            [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10];

        /// <summary>Up to the default batch limit and beyond it.</summary>
        public static readonly IReadOnlyList<int> Sizes = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500];
    }
}
