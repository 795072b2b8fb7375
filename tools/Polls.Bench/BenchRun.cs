using System.Diagnostics;
using System.Globalization;
using Polls.AppHost;
using Polls.Bench.Report;
using Polls.Bench.Rows;

namespace Polls.Bench;

/// <summary>A run of the benchmark: the rows that were asked for, one after the other.</summary>
internal static class BenchRun
{
    /// <summary>All rows, in order: what matters most first, for whoever stops it early.</summary>
    public static IReadOnlyList<Row> Rows { get; } =
    [
        new VotesPerSecond(), new Receipts(), new Screens(), new AcrossInstances(), new FanOut(), new Headline(), new JoinStorm(),
        new IdleCost(), new Growth(),
    ];

    /// <summary>Runs them; whoever cancels gets what was measured until then.</summary>
    public static async Task<BenchReport> RunAsync(BenchOptions options, Action<string> tell, CancellationToken cancellationToken)
    {
        var report = new BenchReport
        {
            Started = DateTimeOffset.UtcNow.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture),
            Form = options.Quick ? "short form: its figures show only that all works" : "medians of three runs, after a warm-up",
            Machine = await Machine.DescribeAsync(cancellationToken),
        };
        await using var bench = new Bench(report, options.Quick, tell, cancellationToken);
        foreach (var row in Rows.Where(row => options.Only?.Contains(row.Name) ?? true))
        {
            var started = Stopwatch.GetTimestamp();
            tell($"--- {row.Name}");
            try
            {
                await row.RunAsync(bench);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                tell("stopped: what was measured until now is all there is");
                report.Stopped = true;
                break;
            }
            catch (Exception failure)
            {
                // The other rows shall be measured all the same.
                report.Figures.Add(new() { Row = row.Name, What = "the rest of this row", Target = "", Measure = "", Unit = "", Runs = [], DidNotHold = failure.Message });
                tell($"did not hold: {failure}");
            }

            report.Took[row.Name] = Math.Round(Stopwatch.GetElapsedTime(started).TotalSeconds, 1);
        }

        return report;
    }

    /// <summary>Writes the report to <c>bench-results/</c> of the repository; returns the path of the Markdown.</summary>
    public static async Task<string> WriteAsync(BenchReport report, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(RepositoryFiles.Find("Polls.sln"))!, "bench-results")).FullName;
        var path = Path.Combine(folder, DateTimeOffset.UtcNow.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture));
        await File.WriteAllTextAsync($"{path}.md", report.ToMarkdown(), cancellationToken);
        await File.WriteAllTextAsync($"{path}.json", report.ToJson(), cancellationToken);
        return $"{path}.md";
    }
}
