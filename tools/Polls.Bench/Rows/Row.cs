using Polls.Bench.Load;
using Polls.Bench.Report;
using Polls.Bench.Targets;

namespace Polls.Bench.Rows;

/// <summary>One row of the benchmark.</summary>
internal abstract class Row
{
    /// <summary>The name for <c>--only</c>.</summary>
    public abstract string Name { get; }

    public abstract Task RunAsync(Bench bench);

    /// <summary>What went wrong in a measurement; null if nothing did.</summary>
    protected static string? Problem(LoadAnswer answer, int people)
    {
        var problems = new List<string>();
        problems.AddRange(answer.Errors.OrderByDescending(error => error.Value)
            .Take(2).Select(error => $"{error.Value} × {error.Key}"));
        if (answer.Missing > 0)
            problems.Add($"{answer.Missing} of {answer.Votes} receipts missing");
        if (answer.Lost > 0)
            problems.Add($"{answer.Lost} connections lost");
        if (answer.Connected < people)
            problems.Add($"{answer.Connected} of {people} people connected at the end");
        if (answer.Behind > 0)
            problems.Add($"{answer.Behind} screens behind at the end");
        return problems.Count == 0 ? null : string.Join("; ", problems);
    }

    protected static Sample SampleOf(
        LoadAnswer answer, int people, params (string Measure, double Value, string Unit)[] values) =>
        new()
        {
            Values = values, Problem = Problem(answer, people),
            Caveat = answer.CpuSeconds > 0.9 * answer.Seconds
                ? $"the load client was saturated ({answer.CpuSeconds / answer.Seconds:P0} of a core)"
                : null,
            LoadClientCores = answer.CpuSeconds / answer.Seconds,
            OtherCores = Math.Max(0, answer.MachineCpuSeconds - answer.CpuSeconds - answer.WatchedCpuSeconds.Sum())
                / answer.Seconds,
        };

    /// <summary>The process groups to watch: the servers, and all stores together.</summary>
    protected static int[][] Watched(Target target) => [[.. target.ServerProcesses], [.. target.StoreProcesses]];

    protected static string People(int count) => $"{count:#,0} people connected";
}
