using Microsoft.AspNetCore.Diagnostics;
using Microsoft.Extensions.Options;
using Polls.Api.Hubs;
using Prometheus;
using Prometheus.HttpMetrics;

namespace Polls.Api.Telemetry;

/// <summary>
/// Counts and times the requests of public ports. Those of the management port are not counted, and neither are those whose method
/// HTTP does not know: a client could make a series of each word.
/// </summary>
internal static class RequestMetrics
{
    // As OpenTelemetry's conventions have them for the duration of a server's requests.
    private static readonly double[] Buckets = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
    private static readonly string[] Labels = ["code", "method", "route"];
    private static readonly string[] Methods = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"];

    /// <summary>To be called before the exception handler, which decides the status of a request that failed.</summary>
    public static void UseRequestMetrics(this WebApplication app)
    {
        if (app.Services.GetRequiredService<IOptions<ManagementOptions>>().Value.Port is not { } management)
        {
            return;
        }

        var metrics = Metrics.WithCustomRegistry(app.Services.GetRequiredService<CollectorRegistry>());
        var count = metrics.CreateCounter("http_requests_total", "Requests by route and status.", Labels);
        var inProgress = metrics.CreateGauge("http_requests_in_progress", "Requests under way, open hub connections among them.", "method");
        var duration = metrics.CreateHistogram(
            "http_request_duration_seconds", "Duration of requests other than hub connections.", Labels,
            new HistogramConfiguration { Buckets = Buckets });

        app.UseWhen(
            http => http.Connection.LocalPort != management && Methods.Contains(http.Request.Method),
            requests =>
            {
                requests.UseHttpMetrics(options =>
                {
                    options.InProgress.Gauge = inProgress;
                    options.RequestCount.Counter = count;
                    options.RequestCount.CustomLabels.Add(Route);
                    options.RequestDuration.Enabled = false;
                });
                // A hub connection is a request that lasts for an hour.
                requests.UseWhen(http => http.Request.Path != RoomHub.Path, answers => answers.UseHttpMetrics(options =>
                {
                    options.InProgress.Enabled = false;
                    options.RequestCount.Enabled = false;
                    options.RequestDuration.Histogram = duration;
                    options.RequestDuration.CustomLabels.Add(Route);
                }));
            });
    }

    // The package's own label for this is empty after an exception, whose handler takes the endpoint away.
    private static HttpCustomLabel Route { get; } = new("route", http =>
        ((http.GetEndpoint() ?? http.Features.Get<IExceptionHandlerFeature>()?.Endpoint) as RouteEndpoint)?.RoutePattern.RawText ?? "");
}
