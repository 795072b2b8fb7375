using OpenTelemetry.Metrics;
using Polls.Api.Telemetry;

namespace Polls.Tests.Telemetry;

/// <summary>Names as everybody who knows OpenTelemetry and Prometheus expects them.</summary>
public sealed class PrometheusNamesTests
{
    [Theory]
    [InlineData("polls.votes", "{vote}", MetricType.LongSum, "polls_votes_total")]
    [InlineData("polls.vote.duration", "s", MetricType.Histogram, "polls_vote_duration_seconds")]
    [InlineData("dotnet.process.cpu.time", "s", MetricType.DoubleSum, "dotnet_process_cpu_time_seconds_total")]
    [InlineData("dotnet.gc.heap.total_allocated", "By", MetricType.LongSum, "dotnet_gc_heap_total_allocated_bytes_total")]
    [InlineData("websocket.connections.current", "{connection}", MetricType.LongGauge, "websocket_connections_current")]
    [InlineData("kestrel.active_connections", "{connection}", MetricType.LongSumNonMonotonic, "kestrel_active_connections")]
    [InlineData("jobs.total", "", MetricType.LongSum, "jobs_total")]
    [InlineData("wait.seconds", "s", MetricType.DoubleGauge, "wait_seconds")]
    [InlineData("pool.used", "1", MetricType.DoubleGauge, "pool_used_ratio")]
    [InlineData("pool.used", "1", MetricType.LongSum, "pool_used_total")]
    [InlineData("disk.io", "By/s", MetricType.DoubleGauge, "disk_io_bytes_per_second")]
    [InlineData("disk.load", "%", MetricType.DoubleGauge, "disk_load_percent")]
    [InlineData("dotnet.assembly.count", "{assembly}", MetricType.LongSumNonMonotonic, "dotnet_assembly_current")]
    [InlineData("requests.count", "", MetricType.LongSum, "requests_count_total")]
    [InlineData("4xx.answers--seen", "", MetricType.LongGauge, "_4xx_answers_seen")]
    public void A_name_ends_on_its_unit_and_on_total_when_it_counts(string name, string unit, MetricType type, string expected) =>
        PrometheusNames.Family(name, unit, type).ShouldBe(expected);

    [Theory]
    [InlineData("http.request.method", "http_request_method")]
    [InlineData("part", "part")]
    [InlineData("1st", "_1st")]
    public void A_label_has_letters_digits_and_underscores(string name, string expected) => PrometheusNames.Label(name).ShouldBe(expected);
}
