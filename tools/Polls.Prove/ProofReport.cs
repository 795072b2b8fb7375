using System.Globalization;
using System.Text;
using Polls.Prove.History;
using Polls.Prove.People;

namespace Polls.Prove;

/// <summary>What a run did, what it saw, and its verdicts.</summary>
internal sealed class ProofReport(
    ProofOptions options, IReadOnlyList<Verdict> verdicts, IReadOnlyList<string> faults, IReadOnlyList<string> neverCame, Chronicle chronicle, Crowd crowd,
    (IReadOnlyList<TimeSpan> Calm, IReadOnlyList<TimeSpan> AfterFaults) convergence,
    (double SlowConnections, double QueueDepth, double WorkingSet) most, string rest)
{
    public IReadOnlyList<Verdict> Verdicts => verdicts;

    /// <summary>The faults that came, in order.</summary>
    public IReadOnlyList<string> Faults => faults;

    public long Receipts => chronicle.Receipts;

    /// <summary>Refusals by code, those that a repeat healed.</summary>
    public IReadOnlyDictionary<string, int> Refusals => chronicle.Refusals;

    /// <summary>How often clients came back.</summary>
    public int Reconnects => crowd.Clients.Sum(client => client.Connections) - crowd.Clients.Count;

    /// <summary>The guarantees that were found broken.</summary>
    public IReadOnlyList<Guarantee> Broken => [.. verdicts.Where(verdict => verdict.TimesBroken > 0).Select(verdict => verdict.Guarantee)];

    /// <summary>The guarantees of which nothing was looked at.</summary>
    public IReadOnlyList<Guarantee> NotExercised => [.. verdicts.Where(verdict => verdict.TimesBroken == 0 && verdict.Checks.Count == 0).Select(verdict => verdict.Guarantee)];

    public override string ToString()
    {
        var text = new StringBuilder();
        void Line(FormattableString line) => text.AppendLine(line.ToString(CultureInfo.InvariantCulture));
        Line($"What was done (seed {options.Seed}):");
        Line($"  faults        {faults.Count}: {string.Join(", ", faults.GroupBy(fault => fault).Select(group => group.Count() > 1 ? $"{group.Key} ({group.Count()} times)" : group.Key))}");
        Line($"  never came    {(neverCame.Count == 0 ? "none of the kinds" : string.Join(", ", neverCame))}");
        Line($"  people        {options.Voters} voters, {options.Screens} screens, {options.Stalled} who ask and never read (cut off {crowd.Stalled.Sum(client => client.TimesCutOff)} times)");
        Line($"What was seen:");
        Line($"  receipts      {chronicle.Receipts} of {chronicle.Ballots.Sum(ballot => ballot.Read().Attempts.Count)} different votes");
        Line($"  refusals      {(chronicle.Refusals.Count == 0 ? "none" : string.Join(", ", chronicle.Refusals.OrderBy(item => item.Key).Select(item => $"{item.Key} {item.Value}")))}");
        Line($"  connections   {crowd.Clients.Count} clients that came back {Reconnects} times, {chronicle.Messages} events, {chronicle.Tallies.Count} versions of tallies");
        Line($"  vote→receipt  {Percentiles([.. crowd.Voters.SelectMany(voter => voter.Answers).Select(answer => answer.Took).Where(took => took > TimeSpan.Zero)])}, without repeats, faults included");
        Line($"  convergence   nothing wrong {Percentiles(convergence.Calm)}; after faults {Percentiles(convergence.AfterFaults)}");
        Line($"  most at once  {most.SlowConnections:0} connections that do not read, {most.QueueDepth:0} votes in a queue, {most.WorkingSet / 1e6:0} MB resident (of one instance)");
        Line($"  at rest       {(rest.Length == 0 ? "not looked at" : rest)}");
        Line($"Verdicts:");
        foreach (var verdict in verdicts)
        {
            Line($"  {verdict.Guarantee,-3} {verdict.Guarantee.InWords(),-26} {verdict.Word.ToUpperInvariant()}{(verdict.TimesBroken > 0 ? $" ({verdict.TimesBroken} times)" : "")}");
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
        string At(double share) => string.Create(CultureInfo.InvariantCulture, $"{sorted[(int)((sorted.Count - 1) * share)].TotalMilliseconds:0} ms");
        return $"p50 {At(0.5)}, p99 {At(0.99)}, most {At(1)} (of {times.Count})";
    }
}
