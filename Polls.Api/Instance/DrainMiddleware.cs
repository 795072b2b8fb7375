using Polls.Api.Http;
using Polls.Core;

namespace Polls.Api.Instance;

/// <summary>
/// Refuses new hub connections while the instance drains, and closes each HTTP connection after its response.
/// </summary>
internal static class DrainMiddleware
{
    internal static readonly Refusal Going = new(
        "unavailable", "This instance is stopping. Connect again.", RefusalKind.Unavailable, TimeSpan.FromSeconds(1));

    public static IApplicationBuilder UseDrainMiddleware(this IApplicationBuilder app, string hubPath) =>
        app.Use((context, next) =>
        {
            if (!context.RequestServices.GetRequiredService<Drain>().Started)
            {
                return next(context);
            }

            // The load balancer must not reuse a connection that is about to close for a request that it cannot repeat.
            context.Response.Headers.Connection = "close";

            // A request with an id belongs to an existing connection.
            return !context.Request.Path.StartsWithSegments(hubPath, StringComparison.OrdinalIgnoreCase)
                || context.Request.Query.ContainsKey("id")
                ? next(context)
                : Going.ToProblem(context).ExecuteAsync(context);
        });
}
