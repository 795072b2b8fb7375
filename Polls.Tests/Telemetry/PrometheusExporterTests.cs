using System.Diagnostics.Metrics;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using Polls.Api.Telemetry;

namespace Polls.Tests.Telemetry;

/// <summary>The page that the exporter writes, instrument by instrument.</summary>
public sealed class PrometheusExporterTests : IDisposable
{
    private readonly Meter meter = new($"Test.{Guid.NewGuid():N}");
    private readonly Meter other = new($"Test.{Guid.NewGuid():N}");
    private readonly PrometheusExporter exporter = new(NullLogger.Instance);
    private readonly PrometheusPage page = new();
    private readonly MeterProvider provider;

    public PrometheusExporterTests() => provider = Sdk.CreateMeterProviderBuilder()
        .AddMeter(meter.Name, other.Name)
        .ConfigureResource(resource => resource.Clear().AddService("it", autoGenerateServiceInstanceId: false, serviceInstanceId: "a\"b"))
        .AddReader(new BaseExportingMetricReader(exporter)).Build();

    public void Dispose()
    {
        provider.Dispose();
        meter.Dispose();
        other.Dispose();
    }

    [Fact]
    public void Counters_and_gauges_are_written_with_help_type_and_labels()
    {
        meter.CreateCounter<long>("hits", "{hit}", "Hits of all\nkinds \\o/ \"x\".").Add(3, new KeyValuePair<string, object?>("kind.of", "a"));
        var level = meter.CreateUpDownCounter<int>("level", "By", "Level.");
        level.Add(5);
        level.Add(-7);
        meter.CreateGauge<double>("heat", "s", "Heat.").Record(0.25);
        Lines().ShouldBe(
        [
            "# HELP target_info What these figures are of.", "# TYPE target_info gauge",
            "target_info{service_name=\"it\",service_instance_id=\"a\\\"b\"} 1",
            "# HELP hits_total Hits of all\\nkinds \\\\o/ \"x\".", "# TYPE hits_total counter", "hits_total{kind_of=\"a\"} 3",
            "# HELP level_bytes Level.", "# TYPE level_bytes gauge", "level_bytes -2",
            "# HELP heat_seconds Heat.", "# TYPE heat_seconds gauge", "heat_seconds 0.25",
        ]);
    }

    [Fact]
    public void A_label_value_may_hold_anything()
    {
        meter.CreateCounter<long>("hits").Add(
            1, new("text", "\\ \" \n ü"), new("yes", true), new("number", 7), new KeyValuePair<string, object?>("half", 0.5));
        Lines()[^1].ShouldStartWith("hits_total{");
        foreach (var label in (string[])["text=\"\\\\ \\\" \\n ü\"", "yes=\"true\"", "number=\"7\"", "half=\"0.5\""])
        {
            Lines()[^1].ShouldContain(label);
        }
    }

    [Fact]
    public void Histograms_count_everything_up_to_a_bound()
    {
        var wait = meter.CreateHistogram("wait", "s", "Wait.", tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.5, 1, 2.5] });
        foreach (var value in (double[])[0.5, 0.75, 0.75, 2, 100])
        {
            wait.Record(value, new KeyValuePair<string, object?>("a", "b"));
        }

        Lines()[3..].ShouldBe(
        [
            "# HELP wait_seconds Wait.", "# TYPE wait_seconds histogram",
            "wait_seconds_bucket{a=\"b\",le=\"0.5\"} 1", "wait_seconds_bucket{a=\"b\",le=\"1\"} 3", "wait_seconds_bucket{a=\"b\",le=\"2.5\"} 4",
            "wait_seconds_bucket{a=\"b\",le=\"+Inf\"} 5", "wait_seconds_sum{a=\"b\"} 104", "wait_seconds_count{a=\"b\"} 5",
        ]);
    }

    [Theory]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.PositiveInfinity, "+Inf")]
    [InlineData(double.NegativeInfinity, "-Inf")]
    [InlineData(1e21, "1E+21")]
    [InlineData(-0.1, "-0.1")]
    public void Every_number_has_a_form(double value, string expected)
    {
        meter.CreateObservableGauge("odd", () => value);
        Lines()[^1].ShouldBe($"odd {expected}");
    }

    [Fact]
    public void No_family_comes_twice()
    {
        meter.CreateCounter<long>("hits").Add(1);
        meter.CreateCounter<long>("hits.total").Add(2);
        other.CreateCounter<long>("hits").Add(3);
        Lines()[3..].ShouldBe(["# HELP hits_total ", "# TYPE hits_total counter", "hits_total 1"]);
        // And not by turns either.
        Lines()[^1].ShouldBe("hits_total 1");
    }

    [Fact]
    public void A_page_costs_no_memory_however_much_was_counted()
    {
        var hits = meter.CreateCounter<long>("hits");
        var wait = meter.CreateHistogram<double>("wait");
        Count(1);
        exporter.Fill(page);
        exporter.Fill(page);
        var few = Allocated();
        Count(1000);
        var many = Allocated();
        many.ShouldBe(few);
        many.ShouldBeLessThan(4096);
        new Scrape(Encoding.UTF8.GetString(page.Bytes.Span))["hits_total"].ShouldBe(20 * 1001);

        void Count(int times)
        {
            for (var i = 0; i < 20 * times; i++)
            {
                hits.Add(1, new KeyValuePair<string, object?>("label", i % 20));
                wait.Record(i, new KeyValuePair<string, object?>("label", i % 20));
            }
        }

        long Allocated()
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            exporter.Fill(page);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    private string[] Lines()
    {
        exporter.Fill(page);
        return Encoding.UTF8.GetString(page.Bytes.Span).TrimEnd('\n').Split('\n');
    }
}
