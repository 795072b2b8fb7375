using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polls.Core.Rooms;
using Polls.Core.Telemetry;

namespace Polls.Core.Votes;

/// <summary>
/// The group commit of one instance: bounded queues drained by a few writers, each of which takes whatever has
/// queued up while its last batch was in flight. Nothing lingers for a fuller batch.
/// </summary>
public sealed class VoteQueue : IAsyncDisposable
{
    // Well below the half minute that orchestrators give an instance to go: others have to stop after the queue.
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(8);

    // While votes come, a writer that PostgreSQL leaves waiting fails again within milliseconds.
    private static readonly TimeSpan FailureIsNews = TimeSpan.FromSeconds(30);
    private readonly VoteWriter[] writers;
    private readonly CancellationTokenSource giveUp;
    private readonly TimeSpan receiptTimeout;
    private readonly TimeProvider clock;
    private readonly PollsMetrics metrics;
    private int limited;

    /// <summary>Creates the queue; <see cref="Start"/> starts its writers.</summary>
    public VoteQueue(
        CastVotes cast, IRoomAudience audience, IOptions<VoteOptions> options, TimeProvider clock, PollsMetrics metrics,
        ILogger<VoteQueue> log)
    {
        var settings = options.Value;
        receiptTimeout = TimeSpan.FromSeconds(settings.ReceiptTimeoutSeconds);
        this.clock = clock;
        this.metrics = metrics;
        giveUp = new CancellationTokenSource(Timeout.InfiniteTimeSpan, clock);
        writers = [.. Enumerable.Range(0, settings.Writers).Select(_ => new VoteWriter(cast, audience, settings, clock, metrics, log, giveUp.Token))];
        metrics.ObserveVoteQueue(() => Depth, () => writers.Max(writer => writer.Depth), () => settings.QueueLimit, () => writers.Count(writer => !writer.DatabaseAnswers));
    }

    /// <summary>Votes waiting at present, over all writers.</summary>
    public int Depth => writers.Sum(writer => writer.Depth);

    /// <summary>
    /// False while PostgreSQL does not take what is brought to it, for any of the writers. Where it did not for half a minute
    /// because nobody votes any more, nobody knows, and this is true.
    /// </summary>
    public bool DatabaseAnswers => writers.All(writer => writer.DatabaseAnswers || clock.GetElapsedTime(writer.FailedAt) > FailureIsNews);

    /// <summary>Starts the writers.</summary>
    public void Start()
    {
        foreach (var writer in writers)
        {
            writer.Start();
        }
    }

    /// <summary>
    /// Queues the vote and waits for its fate. Never blocks on a full queue: that is <see cref="VoteOutcome.Busy"/> at once.
    /// </summary>
    /// <exception cref="OperationCanceledException">The caller is gone; the vote may still commit.</exception>
    public async Task<VoteResult> CastAsync(PendingVote vote, CancellationToken cancellationToken)
    {
        vote.QueuedAt = clock.GetTimestamp();
        using var trace = vote.Trace = PollsTraces.StartVote(vote.PollId);
        // One poll, one writer: writers of one instance never wait for each other's locks.
        var writer = writers[(uint)vote.PollId.GetHashCode() % (uint)writers.Length];
        if (!writer.TryEnqueue(vote))
        {
            metrics.VoteDecided(VoteOutcome.Busy);
            trace.Decided(VoteOutcome.Busy);
            return new VoteResult(VoteOutcome.Busy);
        }

        var result = await AnswerAsync(vote, cancellationToken);
        metrics.VoteAnswered(clock.GetElapsedTime(vote.QueuedAt));
        trace.Decided(result.Outcome);
        if (result.Outcome >= VoteOutcome.Busy)
        {
            // What PostgreSQL decides is counted where it is committed, whether or not anybody waits for it.
            metrics.VoteDecided(result.Outcome);
        }

        return result;
    }

    private async Task<VoteResult> AnswerAsync(PendingVote vote, CancellationToken cancellationToken)
    {
        try
        {
            return await vote.Result.WaitAsync(receiptTimeout, clock, cancellationToken);
        }
        catch (TimeoutException)
        {
            return new VoteResult(VoteOutcome.Unavailable);
        }
    }

    /// <summary>
    /// The instance is going to stop: from now on votes have a few seconds to be committed, and those that cannot be,
    /// because the database hangs, are answered with <see cref="VoteOutcome.Unavailable"/>. Votes are still taken.
    /// </summary>
    public void LimitVotes()
    {
        if (Interlocked.Exchange(ref limited, 1) == 0)
        {
            giveUp.CancelAfter(DrainLimit);
        }
    }

    /// <summary>Takes no more votes, commits those that wait as <see cref="LimitVotes"/> says, and returns when all are answered.</summary>
    /// <param name="cancellationToken">Gives up at once what is not committed yet.</param>
    public async Task DrainAsync(CancellationToken cancellationToken = default)
    {
        LimitVotes();
        await using var hurry = cancellationToken.Register(giveUp.Cancel);
        await Task.WhenAll(writers.Select(writer => writer.DrainAsync()));
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await DrainAsync();
        giveUp.Dispose();
    }
}
