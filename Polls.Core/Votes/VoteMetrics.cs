using Polls.Core.Loops;
using Polls.Core.Telemetry;
using Prometheus;

namespace Polls.Core.Votes;

/// <summary>The way of a vote from the queue to its receipt.</summary>
public sealed class VoteMetrics(CollectorRegistry registry, LoopMetrics loops)
{
    // A vote takes a few milliseconds. After ten seconds it is refused and the client must repeat it.
    // 0.5 is the limit of the latency SLO (observability/rules/recording.yml).
    private static readonly double[] Durations =
        [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    // Up to and beyond the default batch limit.
    private static readonly double[] Sizes = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500];

    private readonly Counter.Child[] outcomes =
        registry.Counters<VoteOutcome>("polls_votes_total", "Votes by outcome.", "outcome");
    private readonly Histogram duration = registry.Histogram(
        "polls_vote_duration_seconds", "Time from queueing a vote to its answer.", Durations);

    private readonly Histogram batchSize = registry.Histogram("polls_vote_batch_size", "Votes per transaction.", Sizes);
    private readonly Histogram batchDuration = registry.Histogram(
        "polls_vote_batch_duration_seconds", "Duration of a committed batch, retries included.", Durations);

    private readonly Counter.Child writerFailures = loops.FailuresOf("voteWriter");

    /// <summary>The outcome of a vote is known.</summary>
    public void Decided(VoteOutcome outcome) => outcomes[(int)outcome].Inc();

    /// <summary>A queued vote was answered.</summary>
    public void Answered(TimeSpan time) => duration.Observe(time.TotalSeconds);

    /// <summary>A batch of votes was committed.</summary>
    public void BatchCommitted(int size, TimeSpan time)
    {
        batchSize.Observe(size);
        batchDuration.Observe(time.TotalSeconds);
    }

    /// <summary>A writer caught an exception and continues.</summary>
    public void WriterFailed() => writerFailures.Inc();

    /// <summary>
    /// Exports the state of the vote queue: the waiting votes of all writers and of the fullest writer, the limit of
    /// one writer, and the number of writers whose last batch failed.
    /// </summary>
    public void ObserveQueue(Func<int> depth, Func<int> fullest, Func<int> limit, Func<int> failingWriters)
    {
        registry.Observe("polls_vote_queue_depth", "Votes waiting for a batch.", depth);
        registry.Observe("polls_vote_queue_fullest", "Votes waiting for the fullest writer.", fullest);
        registry.Observe(
            "polls_vote_queue_limit",
            "Maximum number of votes waiting for one writer; further votes are answered busy.", limit);
        registry.Observe(
            "polls_vote_writers_failing", "Writers whose last batch failed in PostgreSQL; they refuse votes at once.",
            failingWriters);
    }
}
