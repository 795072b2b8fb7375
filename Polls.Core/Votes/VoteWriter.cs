using System.Diagnostics;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Polls.Core.Rooms;
using Polls.Core.Storage;
using Polls.Core.Tallies;
using Polls.Core.Telemetry;
using Polly;

namespace Polls.Core.Votes;

/// <summary>A bounded queue and the loop that drains it, one batch at a time.</summary>
internal sealed class VoteWriter(
    CastVotes cast, IRoomListener listener, VoteOptions options, TimeProvider clock, VoteMetrics metrics, ILogger log,
    CancellationToken giveUp)
{
    private readonly Channel<PendingVote> queue = Channel.CreateBounded<PendingVote>(
        new BoundedChannelOptions(options.QueueLimit) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private readonly ResiliencePipeline retrying = TransientFaults.Retrying(clock);
    private readonly VoteBatch batch = new();
    private readonly OldestVotes oldest = new();
    private Task loop = Task.CompletedTask;
    private volatile bool databaseAnswers = true;
    private volatile bool diskIsFull;
    private long failedAt;

    public int Depth => queue.Reader.Count;

    /// <summary>
    /// False after a batch that PostgreSQL did not accept, until it accepts one. Meanwhile batches are not retried.
    /// </summary>
    public bool DatabaseAnswers => databaseAnswers;

    /// <summary>Whether the last batch failed because PostgreSQL's disk is full.</summary>
    public bool DiskIsFull => diskIsFull;

    /// <summary>Timestamp of the last batch that PostgreSQL did not accept; 0 if there was none.</summary>
    public long FailedAt => Interlocked.Read(ref failedAt);

    public void Start() => loop = Task.Run(RunAsync);

    public bool TryEnqueue(PendingVote vote) => queue.Writer.TryWrite(vote);

    public Task DrainAsync()
    {
        queue.Writer.TryComplete();
        return loop;
    }

    private async Task RunAsync()
    {
        while (batch.HasLeftovers || await queue.Reader.WaitToReadAsync())
        {
            await AnswerAsync(batch.Take(queue.Reader));
        }
    }

    /// <summary>Commits the votes and completes each of them in every case.</summary>
    private async Task AnswerAsync(IReadOnlyList<PendingVote> votes)
    {
        try
        {
            await CommitAsync(votes);
        }
        catch (Exception exception)
        {
            metrics.WriterFailed();
            VoteLog.BatchFailed(log, exception, votes.Count);
            Fail(votes);
        }
    }

    private async Task CommitAsync(IReadOnlyList<PendingVote> votes)
    {
        using var trace = PollsTraces.StartBatch(votes, static vote => vote.Trace);
        var started = clock.GetTimestamp();
        VoteResult[] results;
        List<TallyMoved> tallies;
        try
        {
            // If the batch was committed, the retry returns the same receipts.
            (results, tallies) = databaseAnswers
                ? await retrying.ExecuteAsync(async token => await cast.ExecuteAsync(votes, token), giveUp)
                : await cast.ExecuteAsync(votes, giveUp);
        }
        catch (OperationCanceledException) when (giveUp.IsCancellationRequested)
        {
            Fail(votes);
            return;
        }
        catch (Exception exception) when (TransientFaults.IsLockTimeout(exception) && SpansPolls(votes))
        {
            // One of the polls is locked; the others must not wait for it.
            foreach (var poll in votes.GroupBy(vote => vote.PollId))
            {
                await AnswerAsync([.. poll]);
            }

            return;
        }
        catch (Exception exception) when (votes.Count > 1 && TransientFaults.IsDataFault(exception))
        {
            // One vote is invalid; it must fail alone.
            await AnswerAsync([.. votes.Take(votes.Count / 2)]);
            await AnswerAsync([.. votes.Skip(votes.Count / 2)]);
            return;
        }
        catch (Exception exception) when (TransientFaults.IsDataFault(exception))
        {
            metrics.WriterFailed();
            VoteLog.VoteRejected(log, exception);
            votes[0].Complete(new VoteResult(VoteOutcome.Rejected));
            return;
        }
        catch (Exception exception) when (TransientFaults.IsLockTimeout(exception))
        {
            // The poll is locked, but storage is available: only these votes must be retried.
            metrics.WriterFailed();
            VoteLog.BatchFailed(log, exception, votes.Count);
            Fail(votes);
            return;
        }
        catch (Exception exception) when (TransientFaults.IsTransient(exception))
        {
            StorageIsAway(exception, votes);
            return;
        }

        if (!databaseAnswers)
        {
            databaseAnswers = true;
            diskIsFull = false;
            VoteLog.StorageIsBack(log);
        }

        metrics.BatchCommitted(votes.Count, clock.GetElapsedTime(started));
        trace.Committed();
        for (var i = 0; i < results.Length; i++)
        {
            votes[i].Complete(results[i]);
            // The ballot box decides what becomes of a vote for another edition.
            if (results[i].Outcome != VoteOutcome.PollEdited)
            {
                metrics.Decided(results[i].Outcome);
            }
        }

        NotifyListener(tallies, votes, results, trace);
    }

    private void NotifyListener(
        List<TallyMoved> tallies, IReadOnlyList<PendingVote> votes, VoteResult[] results, Activity? trace)
    {
        var committed = clock.GetUtcNow();
        oldest.Take(votes, results);
        foreach (var tally in tallies)
        {
            listener.OnTallyMoved(oldest.Find(tally.Tally.PollId) is { } queuedAt
                ? tally with
                {
                    Since = new Moments(committed - clock.GetElapsedTime(queuedAt), committed), Trace = trace?.Id
                }
                : tally);
        }

        var moved = tallies.ToDictionary(tally => tally.Tally.PollId);
        for (var i = 0; i < results.Length; i++)
        {
            if (results[i] is { Outcome: VoteOutcome.Accepted or VoteOutcome.Repeated, Vote: { } counts })
            {
                var tally = moved[votes[i].PollId];
                listener.OnVoteCast(tally.RoomId, tally.Epoch, votes[i], counts.Ballot);
            }
        }
    }

    private static bool SpansPolls(IReadOnlyList<PendingVote> votes) =>
        votes.Any(vote => vote.PollId != votes[0].PollId);

    /// <summary>Refuses all waiting votes, which would only wait longer for the same failure.</summary>
    private void StorageIsAway(Exception exception, IReadOnlyList<PendingVote> votes)
    {
        Interlocked.Exchange(ref failedAt, clock.GetTimestamp());
        diskIsFull = TransientFaults.IsDiskFull(exception);
        if (databaseAnswers)
        {
            databaseAnswers = false;
            VoteLog.StorageIsAway(log, exception);
        }

        metrics.WriterFailed();
        Fail(votes);
        Fail(batch.TakeLeftovers());
        for (var waiting = queue.Reader.Count; waiting > 0 && queue.Reader.TryRead(out var vote); waiting--)
        {
            vote.Complete(new VoteResult(VoteOutcome.Unavailable));
        }
    }

    private static void Fail(IReadOnlyList<PendingVote> votes)
    {
        foreach (var vote in votes)
        {
            vote.Complete(new VoteResult(VoteOutcome.Unavailable));
        }
    }
}
