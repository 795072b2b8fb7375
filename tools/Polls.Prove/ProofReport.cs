using System.Globalization;
using System.Text;
using Polls.Prove.History;
using Polls.Prove.People;

namespace Polls.Prove;

/// <summary>The report of a run: faults, observations and verdicts.</summary>
internal sealed class ProofReport(
    ProofOptions options, IReadOnlyList<Verdict> verdicts, IReadOnlyList<string> faults,
    IReadOnlyList<string> notInjected, RunHistory history, Crowd crowd,
    (IReadOnlyList<TimeSpan> WithoutFault, IReadOnlyList<TimeSpan> AfterFault) convergence,
    (double SlowConnections, double QueueDepth, double WorkingSet) peaks, string idle,
    IReadOnlyDictionary<string, int> errors)
{
    public IReadOnlyList<Verdict> Verdicts => verdicts;

    /// <summary>The injected faults, in order.</summary>
    public IReadOnlyList<string> Faults => faults;

    public long Receipts => history.Receipts;

    /// <summary>Refused votes by code, including those that succeeded when they were retried.</summary>
    public IReadOnlyDictionary<string, int> Refusals => history.Refusals;

    /// <summary>How often clients reconnected.</summary>
    public int Reconnects => crowd.Clients.Sum(client => client.Connections) - crowd.Clients.Count;

    /// <summary>The broken guarantees.</summary>
    public IReadOnlyList<Guarantee> Broken =>
        [.. verdicts.Where(verdict => verdict.TimesBroken > 0).Select(verdict => verdict.Guarantee)];

    /// <summary>The guarantees for which nothing was checked.</summary>
    public IReadOnlyList<Guarantee> NotExercised =>
        [.. verdicts.Where(verdict => verdict.TimesBroken == 0 && verdict.Checks.Count == 0)
            .Select(verdict => verdict.Guarantee)];

    public override string ToString()
    {
        var text = new StringBuilder();
        void Line(params FormattableString[] parts) =>
            text.AppendLine(string.Concat(parts.Select(part => part.ToString(CultureInfo.InvariantCulture))));
        var faultCounts = faults.GroupBy(fault => fault)
            .Select(group => group.Count() > 1 ? $"{group.Key} ({group.Count()} times)" : group.Key);
        static string List(IReadOnlyDictionary<string, int> counts) => counts.Count == 0
            ? "none"
            : string.Join(", ", counts.OrderBy(item => item.Key).Select(item => $"{item.Key} {item.Value}"));
        var latencies = crowd.Voters.SelectMany(voter => voter.Answers)
            .Select(answer => answer.Took).Where(took => took > TimeSpan.Zero);
        Line($"Run (seed {options.Seed}):");
        Line($"  faults        {faults.Count}: {string.Join(", ", faultCounts)}");
        Line($"  not injected  {(notInjected.Count == 0 ? "none" : string.Join(", ", notInjected))}");
        Line(
            $"  clients       {options.Voters} voters, {options.Screens} screens, {options.Stalled} that never read ",
            $"(disconnected {crowd.Stalled.Sum(client => client.Disconnects)} times)");
        Line($"Observations:");
        Line(
            $"  receipts      {history.Receipts} of {history.Ballots.Sum(ballot => ballot.Read().Attempts.Count)} ",
            $"different votes");
        Line($"  refusals      {List(history.Refusals)}");
        Line(
            $"  connections   {crowd.Clients.Count} clients, {Reconnects} reconnects, {history.Messages} events, ",
            $"{history.Tallies.Count} versions of tallies");
        Line($"  vote→receipt  {Percentiles([.. latencies])}, votes without retries, during faults too");
        Line(
            $"  convergence   without a fault {Percentiles(convergence.WithoutFault)}; ",
            $"after a fault {Percentiles(convergence.AfterFault)}");
        Line(
            $"  peaks         {peaks.SlowConnections:0} slow connections, {peaks.QueueDepth:0} queued votes, ",
            $"{peaks.WorkingSet / 1e6:0} MB resident (per instance)");
        Line($"  errors logged {List(errors)}");
        Line($"  idle          {(idle.Length == 0 ? "not checked" : idle)}");
        Line($"Verdicts:");
        foreach (var verdict in verdicts)
        {
            Line(
                $"  {verdict.Guarantee,-3} {verdict.Guarantee.InWords(),-26} {verdict.Word.ToUpperInvariant()}",
                $"{(verdict.TimesBroken > 0 ? $" ({verdict.TimesBroken} times)" : "")}");
            foreach (var evidence in verdict.Evidence)
            {
                Line($"        {evidence}");
            }

            if (verdict.Checks.Count > 0)
            {
                Line($"        checked: {string.Join(", ", verdict.Checks)}");
            }
        }

        return text.ToString();
    }

    private static string Percentiles(IReadOnlyList<TimeSpan> times)
    {
        if (times.Count == 0)
        {
            return "not measured";
        }

        var sorted = times.Order().ToList();
        string At(double share) =>
            string.Create(
                CultureInfo.InvariantCulture, $"{sorted[(int)((sorted.Count - 1) * share)].TotalMilliseconds:0} ms");
        return $"p50 {At(0.5)}, p99 {At(0.99)}, max {At(1)} (of {times.Count})";
    }
}
