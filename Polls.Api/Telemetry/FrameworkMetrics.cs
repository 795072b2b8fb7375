using System.Diagnostics.Metrics;
using Prometheus;

namespace Polls.Api.Telemetry;

/// <summary>
/// Adds the figures of the process, the runtime, Kestrel, hub connections and Npgsql to the registry of this instance. Create it
/// before the host starts: what was measured earlier is not counted.
/// </summary>
internal sealed class FrameworkMetrics : IDisposable
{
    private static readonly string[] Meters =
        ["System.Runtime", "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.AspNetCore.Http.Connections", "Npgsql"];

    private readonly IDisposable adapter;

    /// <summary>Begins to listen.</summary>
    public FrameworkMetrics(CollectorRegistry registry, IMeterFactory meters)
    {
        DotNetStats.Register(registry);
        adapter = MeterAdapter.StartListening(new MeterAdapterOptions
        {
            Registry = registry,
            // Without this the adapter writes to the process-wide registry, whatever Registry says.
            MetricFactory = Metrics.WithCustomRegistry(registry),
            // A meter of another host in this process has that host's factory as its scope.
            InstrumentFilterPredicate = instrument => Meters.Contains(instrument.Meter.Name)
                && (instrument.Meter.Scope is null || ReferenceEquals(instrument.Meter.Scope, meters)),
            ResolveHistogramBuckets = instrument => instrument is Histogram<double> { Advice.HistogramBucketBoundaries: { } advised }
                ? [.. advised]
                : MeterAdapterOptions.DefaultHistogramBuckets,
            // The longest that it takes. A level that nothing changes for longer, such as open connections, starts again from 0.
            MetricsExpireAfter = TimeSpan.FromDays(1),
        });
    }

    /// <inheritdoc />
    public void Dispose() => adapter.Dispose();
}
