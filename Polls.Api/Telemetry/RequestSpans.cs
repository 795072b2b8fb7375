using System.Diagnostics;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.Extensions.Options;

namespace Polls.Api.Telemetry;

/// <summary>
/// What the framework's span of a request says: method, route and status. The framework says nothing by itself, and path, query
/// and address of the caller stay out, because a hub's address holds the token.
/// </summary>
internal static class RequestSpans
{
    private static readonly string[] Methods = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "CONNECT", "TRACE"];

    /// <summary>To be called first, so that the answer is known when the span is described.</summary>
    public static void UseRequestSpans(this WebApplication app)
    {
        var management = app.Services.GetRequiredService<IOptions<ManagementOptions>>().Value.Port;
        app.Use((http, next) =>
        {
            if (Activity.Current is not { Recorded: true } span)
            {
                return next(http);
            }

            if (http.Connection.LocalPort == management || http.Request.Path.StartsWithSegments("/health", StringComparison.Ordinal))
            {
                // Those who only look, every few seconds, are nobody's story.
                (span.IsAllDataRequested, span.ActivityTraceFlags) = (false, ActivityTraceFlags.None);
                return next(http);
            }

            return DescribeAsync(span, http, next);
        });
    }

    private static async Task DescribeAsync(Activity span, HttpContext http, RequestDelegate next)
    {
        // Whatever a client sends is a method; the name of a span is one of few.
        var method = Methods.Contains(http.Request.Method) ? http.Request.Method : "_OTHER";
        try
        {
            await next(http);
        }
        finally
        {
            var endpoint = http.GetEndpoint() ?? http.Features.Get<IExceptionHandlerFeature>()?.Endpoint;
            var route = (endpoint as RouteEndpoint)?.RoutePattern.RawText;
            var status = http.Response.StatusCode;
            span.DisplayName = route is null ? method : $"{method} {route}";
            span.SetTag("http.request.method", method).SetTag("http.route", route).SetTag("http.response.status_code", status);
            if (status >= 500)
            {
                span.SetStatus(ActivityStatusCode.Error);
            }
        }
    }
}
