using System.Diagnostics;
using Polls.Prove.Clients;
using Polls.Prove.History;
using Polls.Prove.People;

namespace Polls.Prove.Checks;

/// <summary>
/// G5: pauses all voters and waits until every client is connected and shows what PostgreSQL holds. For each poll it
/// measures the time from the last receipt, the last answer to the host or the repair of the last fault, whichever is
/// latest, until the final tally has reached the last client.
/// </summary>
internal sealed class Convergence(
    Crowd crowd, RunHistory history, StorageCheck storage, RunQueue runQueue, ProofOptions options)
{
    private static readonly TimeSpan LimitAfterFault = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan LimitWithoutFault = TimeSpan.FromMilliseconds(250);

    // Beyond this the clients do not converge at all.
    private static readonly TimeSpan WaitLimit = TimeSpan.FromSeconds(45);
    private readonly List<TimeSpan> withoutFault = [];
    private readonly List<TimeSpan> afterFault = [];
    private long lastRepair;

    /// <summary>All measured times.</summary>
    public (IReadOnlyList<TimeSpan> WithoutFault, IReadOnlyList<TimeSpan> AfterFault) Measured =>
        (withoutFault, afterFault);

    /// <summary>Pauses the voters, checks convergence and resumes them; returns the outcome for the log.</summary>
    /// <param name="repaired">The timestamp of the last repair; null if there was no fault since the last
    /// check.</param>
    /// <param name="after">The fault, for messages.</param>
    /// <param name="cancellationToken">Cancels the check.</param>
    public async Task<string> CheckAsync(long? repaired, string after, CancellationToken cancellationToken)
    {
        if (!await crowd.Gate.PauseAsync(WaitLimit, cancellationToken))
        {
            history.Verdicts.Break(
                Guarantee.G10, $"After {after}: votes were still unanswered {WaitLimit.TotalSeconds:0} s later.");
        }

        try
        {
            return await CheckPausedAsync(repaired, after, cancellationToken);
        }
        finally
        {
            crowd.Gate.Open();
        }
    }

    private async Task<string> CheckPausedAsync(long? repaired, string after, CancellationToken cancellationToken)
    {
        lastRepair = repaired ?? lastRepair;
        runQueue.Reset();
        var stored = await storage.CheckAsync(cancellationToken);
        for (var started = Stopwatch.GetTimestamp();
            stored is null && Stopwatch.GetElapsedTime(started) < WaitLimit;
            stored = await storage.CheckAsync(cancellationToken))
        {
            await Task.Delay(100, cancellationToken);
        }

        if (stored is null)
        {
            history.Verdicts.Break(
                Guarantee.G9, $"PostgreSQL could not be queried for {WaitLimit.TotalSeconds:0} s after {after}.");
            return "PostgreSQL does not answer";
        }

        if (!await FaultChecks.UntilAsync(
            () => crowd.Clients.All(client => IsFinal(client, stored)), WaitLimit, cancellationToken))
        {
            var late = crowd.Clients.Where(client => !IsFinal(client, stored)).ToList();
            history.Verdicts.Break(
                Guarantee.G5,
                $"After {after}: {late.Count} of {crowd.Clients.Count} clients do not show the final tallies "
                    + $"{WaitLimit.TotalSeconds:0} s later, such as {Describe(late[0], stored)}.");
            return $"{late.Count} clients do not show the final tallies";
        }

        var arrivals = crowd.Clients
            .SelectMany(client =>
                client.Shown.Select(item => ArrivalOf(client, item.Key, item.Value.Since)))
            .ToList();
        var took = arrivals.Max(arrival => arrival.Took);
        var limit = repaired is null ? LimitWithoutFault : LimitAfterFault;
        var isJudged = Judge(arrivals, took, repaired is not null, after);
        return $"all {crowd.Clients.Count} clients show the final tallies after {took.TotalSeconds:0.00} s"
            + (isJudged
                ? ""
                : $" (not judged: {runQueue.Runnable:0} threads were runnable on {Environment.ProcessorCount} cores; "
                    + $"{Late(arrivals, limit)})");
    }

    private Arrival ArrivalOf(LiveClient client, Guid id, long since)
    {
        var poll = history.FindPoll(id);
        // What the last fault held up counts from its repair, also in a later check: votes may not move the poll again.
        var from = Math.Max(lastRepair, poll?.LastAnswer ?? 0);
        // A poll without any activity has nothing to wait for.
        return new(
            client,
            poll?.Name ?? id.ToString(),
            from > 0 && since > from ? Stopwatch.GetElapsedTime(from, since) : TimeSpan.Zero);
    }

    private bool Judge(IReadOnlyList<Arrival> arrivals, TimeSpan took, bool isAfterFault, string after)
    {
        var limit = isAfterFault ? LimitAfterFault : LimitWithoutFault;
        (isAfterFault ? afterFault : withoutFault).Add(took);
        if (options.CheckTimeLimits && took > limit && runQueue.IsBusy)
        {
            return false;
        }

        history.Verdicts.Checked(
            Guarantee.G5, isAfterFault ? "convergences after a fault" : "convergences without a fault");
        if (options.CheckTimeLimits && took > limit)
        {
            history.Verdicts.Break(
                Guarantee.G5,
                $"After {after}: the last client showed the final tallies {took.TotalSeconds:0.00} s later, "
                    + $"the limit is {limit.TotalSeconds} s; {Late(arrivals, limit)}.");
        }

        return true;
    }

    /// <summary>The late clients per poll, which tells a slow client from a slow instance.</summary>
    private string Late(IReadOnlyList<Arrival> arrivals, TimeSpan limit) =>
        string.Join(", ", arrivals.Where(arrival => arrival.Took > limit)
            .GroupBy(arrival => arrival.Poll).Select(group =>
            $"{group.Count()} of {crowd.Clients.Count} clients were late with {group.Key}, "
                + $"such as {group.First().Client.Name}"));

    /// <summary>
    /// Whether the client shows every poll except drafts in its stored state, with its tally if visible.
    /// </summary>
    private bool IsFinal(LiveClient client, StoredVotes stored) =>
        client.IsConnected && FindDifference(client, stored) is null;

    private string? FindDifference(LiveClient client, StoredVotes stored)
    {
        foreach (var (poll, state) in stored.States.Where(poll => poll.Value != "draft"))
        {
            if (!client.Shown.TryGetValue(poll, out var shown))
            {
                return $"which does not show poll {poll}, which is {state}";
            }

            if (shown.State != state)
            {
                return $"which shows poll {poll} as {shown.State}, not {state}";
            }

            if (client.Participant is { } participant && history.FindPoll(poll)?.Purpose == Purpose.AfterVote
                && shown.ResultsVisible != stored.HasAnswered(participant, poll))
            {
                return $"which {(shown.ResultsVisible ? "sees" : "does not see")} the result of "
                    + $"{history.FindPoll(poll)!.Name}, whatever its stored answer says";
            }

            if (MaySee(client, shown) && !Shows(client, shown, poll, stored))
            {
                return $"which shows {shown.Tally?.ToString() ?? "nothing"} instead of "
                    + $"{stored.Tallies.GetValueOrDefault(poll)}";
            }
        }

        return null;
    }

    private static bool MaySee(LiveClient client, ShownPoll poll) =>
        client.Role != Role.Participant || poll.ResultsVisible;

    private bool Shows(LiveClient client, ShownPoll shown, Guid poll, StoredVotes stored) =>
        shown.Tally is { } tally && stored.Tallies.GetValueOrDefault(poll) is { } final
        && final.IsShownBy(tally, history.FindPoll(poll)!.Model)
        // The words of the proof are short: what is sent is bounded by the number of items, not by the bytes.
        && (tally.Entries is not { } entries
            || entries.Items.Count
                == Math.Min(final.Entries.Count(entry => entry.Count > 0), client.Role.Bounds.Items));

    private string Describe(LiveClient client, StoredVotes stored) =>
        $"{client.Name}, {(client.IsConnected ? FindDifference(client, stored) : "which is not connected")}";

    /// <summary>How long the final tally of a poll took to reach a client.</summary>
    private sealed record Arrival(LiveClient Client, string Poll, TimeSpan Took);
}
