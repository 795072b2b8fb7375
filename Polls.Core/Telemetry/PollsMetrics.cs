using System.Diagnostics.Metrics;
using Polls.Core.Votes;

namespace Polls.Core.Telemetry;

/// <summary>Every instrument of the <c>Polls</c> meter. Labels are bounded: never a room, a poll or a person.</summary>
public sealed class PollsMetrics : IDisposable
{
    /// <summary>The meter's name, as exporters select it.</summary>
    public const string MeterName = "Polls";

    private readonly Meter meter;
    private readonly Counter<long> loopFailures;
    private readonly Counter<long> votes;
    private readonly Histogram<double> voteDuration;
    private readonly Histogram<int> batchSize;
    private readonly Histogram<double> batchDuration;

    /// <summary>Creates the instruments on a meter of the given factory, which owns and disposes it.</summary>
    public PollsMetrics(IMeterFactory meters)
    {
        meter = meters.Create(MeterName);
        loopFailures = meter.CreateCounter<long>(
            "polls.loop.failures", "{failure}", "Exceptions that a background loop survived, by loop.");
        votes = meter.CreateCounter<long>("polls.votes", "{vote}", "Votes answered, by outcome.");
        voteDuration = meter.CreateHistogram<double>(
            "polls.vote.duration", "s", "From the queue to the answer, after the commit.");
        batchSize = meter.CreateHistogram<int>("polls.vote.batch.size", "{vote}", "Votes per transaction.");
        batchDuration = meter.CreateHistogram<double>("polls.vote.batch.duration", "s", "Duration of a batch, retries included.");
    }

    /// <summary>A background loop caught an exception and goes on.</summary>
    /// <param name="loop">The loop's fixed name.</param>
    public void LoopFailed(string loop) => loopFailures.Add(1, new KeyValuePair<string, object?>("loop", loop));

    /// <summary>A vote got its answer.</summary>
    public void VoteAnswered(VoteOutcome outcome, TimeSpan duration)
    {
        votes.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
        voteDuration.Record(duration.TotalSeconds);
    }

    /// <summary>A batch of votes was committed.</summary>
    public void BatchCommitted(int size, TimeSpan duration)
    {
        batchSize.Record(size);
        batchDuration.Record(duration.TotalSeconds);
    }

    /// <summary>Makes the vote queue's depth and limit readable.</summary>
    public void ObserveVoteQueue(Func<int> depth, Func<int> limit)
    {
        meter.CreateObservableGauge("polls.vote.queue.depth", depth, "{vote}", "Votes waiting for a batch.");
        meter.CreateObservableGauge("polls.vote.queue.limit", limit, "{vote}", "Votes that may wait before one is answered busy.");
    }

    /// <inheritdoc />
    public void Dispose() => meter.Dispose();
}
