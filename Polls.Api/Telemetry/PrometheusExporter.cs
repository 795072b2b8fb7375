using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace Polls.Api.Telemetry;

/// <summary>
/// Writes the SDK's collected metrics as a page when it is asked to. Not thread-safe: <see cref="PrometheusScrapes"/> asks
/// once at a time.
/// </summary>
[ExportModes(ExportModes.Pull)]
internal sealed class PrometheusExporter(ILogger log) : BaseExporter<Metric>, IPullMetricExporter
{
    private readonly Dictionary<Metric, PrometheusFamily> families = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<string> written = new(StringComparer.Ordinal);
    private readonly HashSet<string> leftOut = new(StringComparer.Ordinal);
    private byte[]? target;
    private PrometheusPage? page;

    /// <summary>The SDK's way to start a collection, set by the reader.</summary>
    public Func<int, bool>? Collect { get; set; }

    /// <summary>Fills the page with the figures of now.</summary>
    public void Fill(PrometheusPage fresh)
    {
        fresh.Clear();
        page = fresh;
        try
        {
            if (Collect?.Invoke(Timeout.Infinite) != true)
            {
                throw new InvalidOperationException("The metrics could not be collected.");
            }
        }
        finally
        {
            page = null;
        }
    }

    /// <inheritdoc />
    public override ExportResult Export(in Batch<Metric> batch)
    {
        if (page is null)
        {
            // A flush of the provider: nobody asked for a page.
            return ExportResult.Success;
        }

        page.Write(target ??= TargetInfo(ParentProvider.GetResource()));
        written.Clear();
        foreach (var metric in batch)
        {
            if (metric.MetricType.IsHistogram() && metric.MetricType != MetricType.Histogram)
            {
                // Exponential histograms have no text form.
                continue;
            }

            if (!families.TryGetValue(metric, out var family))
            {
                families[metric] = family = new PrometheusFamily(metric);
            }

            // A family that comes twice makes the whole page invalid.
            if (written.Add(family.Name))
            {
                family.Write(metric, page);
            }
            else if (leftOut.Add(family.Name))
            {
                TelemetryLog.FamilyLeftOut(log, metric.MeterName, metric.Name, family.Name);
            }
        }

        return ExportResult.Success;
    }

    private static byte[] TargetInfo(Resource resource)
    {
        var line = new PrometheusPage();
        line.Write(PrometheusFamily.Head("target_info", "What these figures are of.", "gauge"));
        line.Write("target_info"u8);
        var separator = "{"u8;
        foreach (var (name, value) in resource.Attributes)
        {
            line.Write(separator);
            line.Write(PrometheusNames.Label(name));
            line.Write("="u8);
            line.WriteLabelValue(value);
            separator = ","u8;
        }

        line.Write(separator[0] == (byte)',' ? "} 1\n"u8 : " 1\n"u8);
        return line.Bytes.ToArray();
    }
}
