using System.Text.Json;
using Prometheus;

namespace Polls.Core.Telemetry;

/// <summary>
/// Creates the instruments of the metrics classes. Each area has one such class, beside the code that it measures, with
/// methods for what happens; <c>docs/metrics.md</c> explains each name. Labels are bounded: never a room, a poll or a
/// person. Recording on the path of a vote allocates nothing, and every series whose labels are known starts at 0.
/// </summary>
public static class Instruments
{
    /// <summary>Buckets for delays that are usually shorter than a second. Longer values are late.</summary>
    public static IReadOnlyList<double> Lags { get; } =
        [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10];

    /// <summary>Creates a counter.</summary>
    public static Counter Counter(this CollectorRegistry registry, string name, string help, params string[] labels) =>
        Factory(registry).CreateCounter(name, help, labels);

    /// <summary>
    /// Creates a counter with one label and a series for each value of an enum, in the order of the values.
    /// </summary>
    public static Counter.Child[] Counters<TLabel>(
        this CollectorRegistry registry, string name, string help, string label)
        where TLabel : struct, Enum
    {
        var counter = registry.Counter(name, help, label);
        return [.. Enum.GetNames<TLabel>()
            .Select(value => counter.WithLabels(JsonNamingPolicy.CamelCase.ConvertName(value)))];
    }

    /// <summary>Creates a gauge that is set when something happens.</summary>
    public static Gauge Gauge(this CollectorRegistry registry, string name, string help) =>
        Factory(registry).CreateGauge(name, help);

    /// <summary>Creates a gauge whose value is read at each scrape.</summary>
    public static void Observe(this CollectorRegistry registry, string name, string help, Func<int> value)
    {
        var gauge = registry.Gauge(name, help);
        registry.AddBeforeCollectCallback(() => gauge.Set(value()));
    }

    /// <summary>Creates a histogram.</summary>
    public static Histogram Histogram(
        this CollectorRegistry registry, string name, string help, IReadOnlyList<double> buckets) =>
        Factory(registry).CreateHistogram(name, help, new HistogramConfiguration { Buckets = [.. buckets] });

    private static MetricFactory Factory(CollectorRegistry registry)
    {
        var factory = Metrics.WithCustomRegistry(registry);
        // The text format has no exemplars, and looking for a trace has a cost per measurement.
        factory.ExemplarBehavior = ExemplarBehavior.NoExemplars();
        return factory;
    }
}
