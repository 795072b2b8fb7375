using Microsoft.AspNetCore.Diagnostics;
using Microsoft.Extensions.Options;
using Polls.Api.Hubs;
using Prometheus;
using Prometheus.HttpMetrics;

namespace Polls.Api.Telemetry;

/// <summary>
/// Counts and times requests on public ports. Ignores requests on the management port and requests with a method that
/// HTTP does not define: otherwise a client could create a series per method name.
/// </summary>
internal static class RequestMetrics
{
    // The buckets that OpenTelemetry's conventions define for the duration of server requests.
    private static readonly double[] Buckets =
        [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
    private static readonly string[] Labels = ["code", "method", "route"];
    /// <summary>The methods that HTTP defines.</summary>
    public static readonly string[] Methods = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"];

    /// <summary>
    /// Adds the middleware. Call it before the exception handler, which sets the status of failed requests.
    /// </summary>
    public static void UseRequestMetrics(this WebApplication app)
    {
        if (app.Services.GetRequiredService<IOptions<ManagementOptions>>().Value.Port is not { } management)
        {
            return;
        }

        var metrics = Metrics.WithCustomRegistry(app.Services.GetRequiredService<CollectorRegistry>());
        var count = metrics.CreateCounter("http_requests_total", "Requests by route and status.", Labels);
        var inProgress = metrics.CreateGauge(
            "http_requests_in_progress", "Requests in progress, hub connections included.", "method");
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
                // A hub connection is a request that can last for hours.
                requests.UseWhen(http => http.Request.Path != RoomHub.Path, answers => answers.UseHttpMetrics(options =>
                {
                    options.InProgress.Enabled = false;
                    options.RequestCount.Enabled = false;
                    options.RequestDuration.Histogram = duration;
                    options.RequestDuration.CustomLabels.Add(Route);
                }));
            });
    }

    /// <summary>The route's pattern, which contains no value of the request; empty if there is no route.</summary>
    public static string RouteOf(HttpContext http) =>
        ((http.GetEndpoint() ?? http.Features.Get<IExceptionHandlerFeature>()?.Endpoint) as RouteEndpoint)
            ?.RoutePattern.RawText ?? "";

    // The package's own label is empty after an exception, because the exception handler removes the endpoint.
    private static HttpCustomLabel Route { get; } = new("route", RouteOf);
}
