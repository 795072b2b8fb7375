using System.ComponentModel.DataAnnotations;
using System.Diagnostics;
using Microsoft.Extensions.Options;

namespace Polls.Api.Telemetry;

/// <summary>The share of requests with a line in the log. Bound from the section <c>AccessLog</c>.</summary>
public sealed record AccessLogOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "AccessLog";

    /// <summary>The share of requests that are logged. With 0, none are.</summary>
    [Range(
        0.0, 1.0,
        ErrorMessage = "AccessLog:SampleRatio must be between {1} and {2}, such as 0.01 for one request in a hundred.")]
    public double SampleRatio { get; set; } = 0.01;
}

/// <summary>
/// One line per sampled request on the public ports, with its route but without its path: with the line's
/// <see cref="RequestId"/>, nginx's log has the rest.
/// </summary>
internal static partial class AccessLog
{
    /// <summary>
    /// Adds the middleware. Call it before the exception handler, which sets the status of failed requests.
    /// </summary>
    public static void UseAccessLog(this WebApplication app)
    {
        var ratio = app.Services.GetRequiredService<IOptions<AccessLogOptions>>().Value.SampleRatio;
        var management = app.Services.GetRequiredService<IOptions<ManagementOptions>>().Value.Port;
        var log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(AccessLog).FullName!);
        app.Use((http, next) =>
            Random.Shared.NextDouble() < ratio && http.Connection.LocalPort != management
            && RequestMetrics.Methods.Contains(http.Request.Method)
                ? LogAsync(http, next, log)
                : next(http));
    }

    private static async Task LogAsync(HttpContext http, RequestDelegate next, ILogger log)
    {
        var start = Stopwatch.GetTimestamp();
        try
        {
            await next(http);
        }
        finally
        {
            Handled(
                log, http.Request.Method, RequestMetrics.RouteOf(http), http.Response.StatusCode,
                (long)Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
    }

    [LoggerMessage(2004, LogLevel.Information, "{Method} {Route} answered {Status} in {Milliseconds} ms.")]
    private static partial void Handled(ILogger log, string method, string route, int status, long milliseconds);
}
