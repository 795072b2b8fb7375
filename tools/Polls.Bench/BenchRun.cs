using System.Diagnostics;
using System.Globalization;
using Polls.AppHost;
using Polls.Bench.Report;
using Polls.Bench.Rows;
using Polls.Bench.Targets;

namespace Polls.Bench;

/// <summary>A run of the benchmark: the selected rows, one after the other.</summary>
internal static class BenchRun
{
    /// <summary>All rows, the most important ones first in case the run is stopped early.</summary>
    public static IReadOnlyList<Row> Rows { get; } =
    [
        new VotesPerSecond(), new Receipts(), new Screens(), new AcrossInstances(), new FanOut(), new Headline(),
        new JoinStorm(), new IdleCost(), new Growth(),
        new KindVotes("ranking", "ranking, 10 options", Question.Ranking),
        new KindVotes("words", "word cloud", Question.WordCloud),
        new KindVotes("scales", "scales, 10 statements", Question.Scales),
    ];

    /// <summary>Runs the rows; after cancellation the report contains what was measured so far.</summary>
    public static async Task<BenchReport> RunAsync(
        BenchOptions options, Action<string> log, CancellationToken cancellationToken)
    {
        var report = new BenchReport
        {
            Started = DateTimeOffset.UtcNow.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture),
            Form = options.Quick
                ? "short form: its figures show only that everything works"
                : "medians of three runs, after a warm-up",
            Machine = await Machine.DescribeAsync(cancellationToken),
        };
        await using var bench = new Bench(report, options.Quick, log, cancellationToken);
        foreach (var row in Rows.Where(row => options.Only?.Contains(row.Name) ?? true))
        {
            var started = Stopwatch.GetTimestamp();
            log($"--- {row.Name}");
            try
            {
                await row.RunAsync(bench);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                log("stopped: the report contains what was measured so far");
                report.Stopped = true;
                break;
            }
            catch (Exception failure)
            {
                // Continue with the other rows.
                report.Figures.Add(new()
                {
                    Row = row.Name, What = "the rest of this row", Target = "", Measure = "", Unit = "", Runs = [],
                    DidNotHold = failure.Message
                });
                log($"did not hold: {failure}");
            }

            report.Took[row.Name] = Math.Round(Stopwatch.GetElapsedTime(started).TotalSeconds, 1);
        }

        return report;
    }

    /// <summary>
    /// Writes the report to <c>bench-results/</c> in the repository; returns the path of the Markdown file.
    /// </summary>
    public static async Task<string> WriteAsync(BenchReport report, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateDirectory(Path.Combine(
            Path.GetDirectoryName(RepositoryFiles.Find("Polls.sln"))!, "bench-results")).FullName;
        var path = Path.Combine(
            folder, DateTimeOffset.UtcNow.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture));
        await File.WriteAllTextAsync($"{path}.md", report.ToMarkdown(), cancellationToken);
        await File.WriteAllTextAsync($"{path}.json", report.ToJson(), cancellationToken);
        return $"{path}.md";
    }
}
