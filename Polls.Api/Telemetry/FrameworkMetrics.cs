using System.Diagnostics.Metrics;
using Prometheus;

namespace Polls.Api.Telemetry;

/// <summary>
/// Adds metrics of the process, the runtime, Kestrel, hub connections and Npgsql to the registry of this instance.
/// Create it before the host starts: earlier measurements are not counted.
/// </summary>
internal sealed class FrameworkMetrics : IDisposable
{
    private static readonly string[] Meters =
        ["System.Runtime", "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.AspNetCore.Http.Connections", "Npgsql"];

    private readonly IDisposable adapter;

    /// <summary>Starts listening.</summary>
    public FrameworkMetrics(CollectorRegistry registry, IMeterFactory meters)
    {
        DotNetStats.Register(registry);
        adapter = MeterAdapter.StartListening(new MeterAdapterOptions
        {
            Registry = registry,
            // Otherwise the adapter writes to the process-wide registry and ignores Registry.
            MetricFactory = Metrics.WithCustomRegistry(registry),
            // The scope of a meter is the factory of its host. Ignore meters of other hosts in this process.
            InstrumentFilterPredicate = instrument => Meters.Contains(instrument.Meter.Name)
                && (instrument.Meter.Scope is null || ReferenceEquals(instrument.Meter.Scope, meters)),
            ResolveHistogramBuckets = instrument =>
                instrument is Histogram<double> { Advice.HistogramBucketBoundaries: { } advised }
                    ? [.. advised]
                    : MeterAdapterOptions.DefaultHistogramBuckets,
            // The maximum that the adapter accepts. A gauge that does not change for longer, such as open connections,
            // restarts from 0.
            MetricsExpireAfter = TimeSpan.FromDays(1),
        });
    }

    /// <inheritdoc />
    public void Dispose() => adapter.Dispose();
}
