using System.Diagnostics;
using Polls.Bench.Load;

namespace Polls.Tests.Bench;

public sealed class HistogramTests
{
    [Fact]
    public void Percentiles_of_known_times_are_within_two_per_cent()
    {
        var times = new Histogram();
        for (var microseconds = 1; microseconds <= 100_000; microseconds++)
        {
            times.Add(microseconds * (Stopwatch.Frequency / 1_000_000));
        }

        var summary = times.Summary().ShouldNotBeNull();
        summary.Count.ShouldBe(100_000);
        summary.P50.ShouldBe(50, tolerance: 1);
        summary.P99.ShouldBe(99, tolerance: 2);
        summary.Max.ShouldBe(100, tolerance: 0.001);
    }

    [Fact]
    public void Without_values_there_is_no_percentile_and_a_single_value_is_every_percentile()
    {
        new Histogram().Summary().ShouldBeNull();
        var times = new Histogram();
        times.Add(0);
        times.Summary().ShouldBe(new Percentiles(1, 0, 0, 0));
        times.Add(Stopwatch.Frequency * 3600);
        times.Summary()!.Max.ShouldBe(3_600_000);
    }
}
