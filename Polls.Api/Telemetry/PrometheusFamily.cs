using System.Text;
using OpenTelemetry.Metrics;

namespace Polls.Api.Telemetry;

/// <summary>How one metric is written. What does not change from page to page is encoded once.</summary>
internal sealed class PrometheusFamily
{
    private readonly Dictionary<string, byte[]> labelNames = new(StringComparer.Ordinal);
    private readonly MetricType type;
    private readonly byte[] head;
    private readonly byte[] name;

    public PrometheusFamily(Metric metric)
    {
        type = metric.MetricType;
        Name = PrometheusNames.Family(metric.Name, metric.Unit, type);
        name = Encoding.UTF8.GetBytes(Name);
        head = Head(Name, metric.Description, type.IsHistogram() ? "histogram" : PrometheusNames.IsGauge(type) ? "gauge" : "counter");
    }

    /// <summary>The name that only one family of a page may have.</summary>
    public string Name { get; }

    /// <summary>The two lines that a family begins with.</summary>
    public static byte[] Head(string name, string help, string type)
    {
        var page = new PrometheusPage();
        page.Write($"# HELP {name} ");
        page.WriteEscaped(help, quotes: false);
        page.Write($"\n# TYPE {name} {type}\n");
        return page.Bytes.ToArray();
    }

    public void Write(Metric metric, PrometheusPage page)
    {
        page.Write(head);
        foreach (ref readonly var point in metric.GetMetricPoints())
        {
            if (type.IsHistogram())
            {
                WriteHistogram(point, page);
                continue;
            }

            WriteSeries(point, "", page);
            switch (type)
            {
                case MetricType.LongSum or MetricType.LongSumNonMonotonic:
                    page.Write(point.GetSumLong());
                    break;
                case MetricType.DoubleSum or MetricType.DoubleSumNonMonotonic:
                    page.Write(point.GetSumDouble());
                    break;
                case MetricType.LongGauge:
                    page.Write(point.GetGaugeLastValueLong());
                    break;
                default:
                    page.Write(point.GetGaugeLastValueDouble());
                    break;
            }

            page.Write("\n"u8);
        }
    }

    // OpenTelemetry counts what lies between two bounds, Prometheus everything up to a bound.
    private void WriteHistogram(in MetricPoint point, PrometheusPage page)
    {
        var count = 0L;
        foreach (var bucket in point.GetHistogramBuckets())
        {
            count += bucket.BucketCount;
            WriteSeries(point, "_bucket", page, bucket.ExplicitBound);
            page.Write(count);
            page.Write("\n"u8);
        }

        WriteSeries(point, "_sum", page);
        page.Write(point.GetHistogramSum());
        page.Write("\n"u8);
        WriteSeries(point, "_count", page);
        page.Write(count);
        page.Write("\n"u8);
    }

    private void WriteSeries(in MetricPoint point, string suffix, PrometheusPage page, double? upTo = null)
    {
        page.Write(name);
        page.Write(suffix);
        var separator = "{"u8;
        foreach (var (label, value) in point.Tags)
        {
            page.Write(separator);
            page.Write(LabelName(label));
            page.Write("="u8);
            page.WriteLabelValue(value);
            separator = ","u8;
        }

        if (upTo is { } bound)
        {
            page.Write(separator);
            page.Write("le=\""u8);
            page.Write(bound);
            page.Write("\""u8);
            separator = ","u8;
        }

        page.Write(separator[0] == (byte)',' ? "} "u8 : " "u8);
    }

    private byte[] LabelName(string label) => labelNames.TryGetValue(label, out var known)
        ? known
        : labelNames[label] = Encoding.UTF8.GetBytes(PrometheusNames.Label(label));
}
