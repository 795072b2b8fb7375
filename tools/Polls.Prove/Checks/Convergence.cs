using System.Diagnostics;
using Polls.Prove.Clients;
using Polls.Prove.History;
using Polls.Prove.People;

namespace Polls.Prove.Checks;

/// <summary>
/// G5: nobody votes any more, and everybody who listens has to be connected and show what PostgreSQL holds. Measured for each
/// poll from the last receipt or answer to the host, or the healing of the last fault, whichever was later, to the arrival of its final tally at
/// the last client.
/// </summary>
internal sealed class Convergence(Crowd crowd, Chronicle chronicle, StorageCheck storage, Pulse pulse, ProofOptions options)
{
    private static readonly TimeSpan AfterFault = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan WhenCalm = TimeSpan.FromMilliseconds(250);

    // What happens at all happens within this.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(45);
    private readonly List<TimeSpan> calm = [];
    private readonly List<TimeSpan> afterFaults = [];

    /// <summary>What was measured: from the last answer while nothing was wrong, and from the healing of faults.</summary>
    public (IReadOnlyList<TimeSpan> Calm, IReadOnlyList<TimeSpan> AfterFaults) Measured => (calm, afterFaults);

    /// <summary>Holds everybody still, looks, and lets them go on; says how long it took.</summary>
    /// <param name="healed">When the last fault was healed, as a timestamp; null when there was none since the last look.</param>
    /// <param name="after">What was wrong, for people.</param>
    /// <param name="cancellationToken">Ends the look.</param>
    public async Task<string> LookAsync(long? healed, string after, CancellationToken cancellationToken)
    {
        if (!await crowd.Gate.PauseAsync(Patience, cancellationToken))
        {
            chronicle.Verdicts.Break(Guarantee.G10, $"After {after}: {Patience.TotalSeconds:0} s later there still were votes without an answer.");
        }

        try
        {
            return await LookStillAsync(healed, after, cancellationToken);
        }
        finally
        {
            crowd.Gate.Open();
        }
    }

    private async Task<string> LookStillAsync(long? healed, string after, CancellationToken cancellationToken)
    {
        pulse.Reset();
        var stored = await storage.LookAsync(cancellationToken);
        for (var started = Stopwatch.GetTimestamp(); stored is null && Stopwatch.GetElapsedTime(started) < Patience; stored = await storage.LookAsync(cancellationToken))
        {
            await Task.Delay(100, cancellationToken);
        }

        if (stored is null)
        {
            chronicle.Verdicts.Break(Guarantee.G9, $"PostgreSQL could not be asked for {Patience.TotalSeconds:0} s after {after}.");
            return "PostgreSQL does not answer";
        }

        if (!await Watch.UntilAsync(() => crowd.Clients.All(client => IsFinal(client, stored)), Patience, cancellationToken))
        {
            var late = crowd.Clients.Where(client => !IsFinal(client, stored)).ToList();
            chronicle.Verdicts.Break(Guarantee.G5, $"After {after}: {late.Count} of {crowd.Clients.Count} clients do not show the final tallies {Patience.TotalSeconds:0} s later, such as {Words(late[0], stored)}.");
            return $"{late.Count} clients do not show the final tallies";
        }

        var arrivals = crowd.Clients.SelectMany(client => client.Shown.Select(item => Arrival(client, item.Key, item.Value.Since, healed ?? 0))).ToList();
        var took = arrivals.Max(arrival => arrival.Took);
        var isJudged = Judge(arrivals, took, healed is not null, after);
        return $"all {crowd.Clients.Count} clients show the final tallies after {took.TotalSeconds:0.00} s"
            + (isJudged ? "" : $" (not judged: {pulse.Runnable:0} threads of this machine wanted its {Environment.ProcessorCount} cores)");
    }

    private Arrived Arrival(LiveClient client, Guid poll, long since, long healed)
    {
        var story = chronicle.Story(poll);
        var from = Math.Max(healed, story?.LastAnswer ?? 0);
        // Of a poll in which nothing was done there is nothing to wait for.
        return new(client, story?.Name ?? poll.ToString(), from > 0 && since > from ? Stopwatch.GetElapsedTime(from, since) : TimeSpan.Zero);
    }

    private bool Judge(IReadOnlyList<Arrived> arrivals, TimeSpan took, bool isAfterFault, string after)
    {
        var limit = isAfterFault ? AfterFault : WhenCalm;
        (isAfterFault ? afterFaults : calm).Add(took);
        if (options.BoundsCount && took > limit && pulse.IsBusy)
        {
            return false;
        }

        chronicle.Verdicts.Checked(Guarantee.G5, isAfterFault ? "convergences after a fault" : "convergences while nothing was wrong");
        if (options.BoundsCount && took > limit)
        {
            chronicle.Verdicts.Break(Guarantee.G5, $"After {after}: the last client showed the final tallies {took.TotalSeconds:0.00} s later, the bound is {limit.TotalSeconds} s; {Late(arrivals, limit)}.");
        }

        return true;
    }

    /// <summary>Who was late with what: one client, those of one instance, or everybody.</summary>
    private string Late(IReadOnlyList<Arrived> arrivals, TimeSpan limit) =>
        string.Join(", ", arrivals.Where(arrival => arrival.Took > limit).GroupBy(arrival => arrival.Poll).Select(group =>
            $"late with {group.Key} were {group.Count()} of {crowd.Clients.Count} clients, such as {group.First().Client.Name}"));

    /// <summary>Every poll but drafts has to be there, as open or closed as it is, with its tally where that may be seen.</summary>
    private static bool IsFinal(LiveClient client, StoredVotes stored) => client.IsConnected && Wrong(client, stored) is null;

    private static string? Wrong(LiveClient client, StoredVotes stored)
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

            if (MaySee(client, shown) && !Shows(shown, stored.Tallies.GetValueOrDefault(poll)))
            {
                return $"which shows {shown.Tally?.ToString() ?? "nothing"} instead of {stored.Tallies.GetValueOrDefault(poll)}";
            }
        }

        return null;
    }

    private static bool MaySee(LiveClient client, ShownPoll poll) => client.Role != Role.Participant || poll.ResultsVisible;

    private static bool Shows(ShownPoll poll, SeenTally? final) => poll.Tally is { } tally && final is not null && tally.Says(final);

    private static string Words(LiveClient client, StoredVotes stored) =>
        $"{client.Name}, {(client.IsConnected ? Wrong(client, stored) : "which is not connected")}";

    /// <summary>How long after it was fixed the final tally of a poll came to a client.</summary>
    private sealed record Arrived(LiveClient Client, string Poll, TimeSpan Took);
}
