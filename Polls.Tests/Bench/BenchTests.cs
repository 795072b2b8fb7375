using Polls.Bench;
using Polls.Bench.Report;

namespace Polls.Tests.Bench;

/// <summary>
/// The short form of ./bench: every row must produce a real measurement. The speed of this machine does not matter.
/// </summary>
public sealed class BenchTests
{
    [Fact]
    public async Task Rows_produce_consistent_figures_and_lose_no_vote()
    {
        // .ci/run measures the row of votes afterwards, and ./bench --quick all rows.
        string[] rows = ["screens"];
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(5));

        var report = await BenchRun.RunAsync(new BenchOptions { Quick = true, Only = rows }, _ => { }, patience.Token);

        report.Stopped.ShouldBeFalse("it did not finish in time");
        report.Figures.Select(figure => figure.Row).Distinct().ShouldBe(rows);
        report.Errors.ShouldBeEmpty();
        report.Figures.ShouldAllBe(figure => figure.Runs.Count > 0 && figure.Runs.All(double.IsFinite));
        Positive(report, "screen p50");
        foreach (var measurement in report.Figures.GroupBy(figure => (figure.Row, figure.What, figure.Target)))
        {
            InOrder(measurement, "p50", "p99");
            InOrder(measurement, "receipt p50", "receipt p99");
            InOrder(measurement, "screen p50", "screen p99");
        }
    }

    [Fact]
    public void Invalid_options_on_the_command_line_are_reported()
    {
        BenchOptions.Parse(["--only", "votes,idle", "--quick"]).Options.ShouldNotBeNull().Only.ShouldBe(["votes", "idle"]);
        BenchOptions.Parse(["--only=speed"]).Error.ShouldNotBeNull().ShouldContain("receipts");
        BenchOptions.Parse(["--only"]).Error.ShouldNotBeNull();
        BenchOptions.Parse(["--slow"]).Error.ShouldBe("Unknown option '--slow'.");
    }

    [Fact]
    public void A_missed_target_is_printed_as_such()
    {
        var report = new BenchReport { Started = "now", Form = "test", Machine = new Dictionary<string, string>() };
        var figure = new Figure { Row = "votes", What = "votes", Target = "Polls", Measure = "votes", Unit = "votes/s", Runs = [3, 1, 2] };

        report.Figures.AddRange([figure, figure with { Row = "other", DidNotHold = "7 of 9 receipts missing" }]);

        report.ToMarkdown().ShouldContain("| **2.00 votes/s** |");
        report.ToMarkdown().ShouldContain("| did not hold: 7 of 9 receipts missing (2.00 votes/s) |");
    }

    [Fact]
    public async Task A_disturbed_run_is_left_out_but_its_errors_are_reported()
    {
        var report = new BenchReport { Started = "now", Form = "test", Machine = new Dictionary<string, string>() };
        await using var bench = new global::Polls.Bench.Bench(report, quick: false, _ => { }, default);
        Sample Run(double votes, double others, string? problem = null) =>
            new() { Values = [("votes", votes, "votes/s")], OtherCores = others, Problem = problem };

        async Task<Figure> MeasureAsync(params Sample[] runs)
        {
            var next = 0;
            return (await bench.MeasureAsync("votes", "votes", "Polls", () => Task.FromResult(runs[next++])))[0];
        }

        var clean = await MeasureAsync(Run(100, 0), Run(1, 1.5), Run(110, 0.1), Run(120, 0));
        (clean.Median, clean.LeftOut, clean.Disturbed, clean.DidNotHold).ShouldBe((110, 1, false, null));
        var losing = await MeasureAsync(Run(100, 0), Run(1, 1.5, "3 of 9 receipts missing"), Run(110, 0), Run(120, 0));
        losing.DidNotHold.ShouldBe("3 of 9 receipts missing");
        var disturbed = await MeasureAsync([.. Enumerable.Repeat(Run(50, 1), 6)]);
        disturbed.Disturbed.ShouldBeTrue();

        bench.AimAtLeast("votes", "clean", clean, clean, 1);
        bench.AimAtLeast("votes", "disturbed", clean, disturbed, 1);
        bench.AimAtLeast("votes", "broken peer", clean, losing, 1);
        bench.AimAtLeast("votes", "own loss", losing, clean, 1);
        report.Aims.Select(aim => aim.Met).ShouldBe([true, null, null, false]);
    }

    private static void Positive(BenchReport report, params string[] measures) => report.Figures
        .Where(figure => measures.Contains(figure.Measure) && figure.Median <= 0)
        .Select(figure => $"{figure.What}, {figure.Target}: {figure.Measure} {figure.Median}").ShouldBeEmpty();

    private static void InOrder(IEnumerable<Figure> measurement, string lower, string higher)
    {
        var of = measurement.ToDictionary(figure => figure.Measure);
        if (of.TryGetValue(lower, out var low) && of.TryGetValue(higher, out var high))
        {
            low.Median!.Value.ShouldBeLessThanOrEqualTo(high.Median!.Value, $"{low.What}, {low.Target}: {lower} is above {higher}");
        }
    }
}
