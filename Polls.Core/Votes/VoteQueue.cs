using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polls.Core.Rooms;
using Polls.Core.Telemetry;

namespace Polls.Core.Votes;

/// <summary>
/// The group commit of one instance: bounded queues, drained by a few writers. A writer takes the votes that queued up
/// while its last batch was in flight; it never waits for a fuller batch.
/// </summary>
public sealed class VoteQueue : IAsyncDisposable
{
    // Well below the 30 s that orchestrators allow for stopping: other parts stop after the queue.
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(8);

    // While votes arrive and PostgreSQL is away, a writer fails again within milliseconds.
    private static readonly TimeSpan FailureIsNews = TimeSpan.FromSeconds(30);
    private readonly VoteWriter[] writers;
    private readonly CancellationTokenSource giveUp;
    private readonly TimeSpan receiptTimeout;
    private readonly TimeProvider clock;
    private readonly VoteMetrics metrics;
    private int limited;

    /// <summary>Creates the queue; <see cref="Start"/> starts its writers.</summary>
    public VoteQueue(
        CastVotes cast, IRoomListener listener, IOptions<VoteOptions> options, TimeProvider clock, VoteMetrics metrics,
        ILogger<VoteQueue> log)
    {
        var settings = options.Value;
        receiptTimeout = TimeSpan.FromSeconds(settings.ReceiptTimeoutSeconds);
        this.clock = clock;
        this.metrics = metrics;
        giveUp = new CancellationTokenSource(Timeout.InfiniteTimeSpan, clock);
        writers = [.. Enumerable.Range(0, settings.Writers)
            .Select(_ => new VoteWriter(cast, listener, settings, clock, metrics, log, giveUp.Token))];
        metrics.ObserveQueue(
            () => Depth,
            () => writers.Max(writer => writer.Depth),
            () => settings.QueueLimit,
            () => writers.Count(writer => !writer.DatabaseAnswers));
    }

    /// <summary>Votes waiting now, in all writers.</summary>
    public int Depth => writers.Sum(writer => writer.Depth);

    /// <summary>
    /// False while PostgreSQL does not accept the batches of any writer. Returns true again 30 seconds after the last
    /// failure if no vote has been tried since.
    /// </summary>
    public bool DatabaseAnswers =>
        writers.All(writer => writer.DatabaseAnswers || clock.GetElapsedTime(writer.FailedAt) > FailureIsNews);

    /// <summary>
    /// Whether the disk of PostgreSQL was full at the last batch of a writer, for up to 30 seconds after it.
    /// </summary>
    public bool DiskIsFull =>
        writers.Any(writer => writer.DiskIsFull && clock.GetElapsedTime(writer.FailedAt) <= FailureIsNews);

    /// <summary>Starts the writers.</summary>
    public void Start()
    {
        foreach (var writer in writers)
        {
            writer.Start();
        }
    }

    /// <summary>
    /// Queues the vote and waits for its result. A full queue returns <see cref="VoteOutcome.Busy"/> at once.
    /// </summary>
    /// <exception cref="OperationCanceledException">The caller cancelled; the vote may still be committed.</exception>
    public async Task<VoteResult> CastAsync(PendingVote vote, CancellationToken cancellationToken)
    {
        vote.QueuedAt = clock.GetTimestamp();
        using var trace = vote.Trace = PollsTraces.StartVote(vote.PollId);
        // One writer per poll, so that writers of one instance never wait for each other's locks.
        var writer = writers[(uint)vote.PollId.GetHashCode() % (uint)writers.Length];
        if (!writer.TryEnqueue(vote))
        {
            metrics.Decided(VoteOutcome.Busy);
            trace.Decided(VoteOutcome.Busy);
            return new VoteResult(VoteOutcome.Busy);
        }

        var result = await AnswerAsync(vote, cancellationToken);
        metrics.Answered(clock.GetElapsedTime(vote.QueuedAt));
        trace.Decided(result.Outcome);
        if (result.Outcome >= VoteOutcome.Busy)
        {
            // Outcomes of PostgreSQL are counted at the commit, whether or not a caller still waits.
            metrics.Decided(result.Outcome);
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
    /// Limits the time for commits, because the instance is about to stop. Votes that PostgreSQL does not accept within
    /// a few seconds get <see cref="VoteOutcome.Unavailable"/>. New votes are still accepted.
    /// </summary>
    public void LimitVotes()
    {
        if (Interlocked.Exchange(ref limited, 1) == 0)
        {
            giveUp.CancelAfter(DrainLimit);
        }
    }

    /// <summary>
    /// Accepts no more votes, commits the waiting ones within the time of <see cref="LimitVotes"/>, and returns when
    /// all are answered.
    /// </summary>
    /// <param name="cancellationToken">Gives up votes that are not committed yet.</param>
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
