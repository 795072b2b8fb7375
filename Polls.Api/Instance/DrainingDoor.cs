using Polls.Api.Http;
using Polls.Api.Hubs;
using Polls.Core;

namespace Polls.Api.Instance;

/// <summary>What a draining instance answers: no to whoever wants to connect, and no longer than one answer per HTTP connection.</summary>
internal static class DrainingDoor
{
    private static readonly Refusal Going = new(
        "unavailable", "This instance is stopping; connect again.", RefusalKind.Unavailable, TimeSpan.FromSeconds(1));

    public static IApplicationBuilder UseDrainingDoor(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (!context.RequestServices.GetRequiredService<Drain>().Started)
        {
            return next(context);
        }

        // A balancer's kept connection must not break under a request that it cannot repeat.
        context.Response.Headers.Connection = "close";
        if (!context.Request.Path.StartsWithSegments(RoomHub.Path))
        {
            return next(context);
        }

        if (!context.Request.Query.ContainsKey("id"))
        {
            return Going.ToProblem(context).ExecuteAsync(context);
        }

        // Long polling and server-sent events: a connection of another instance. The balancer knows where else to ask.
        context.Response.OnStarting(() =>
        {
            if (context.Response.StatusCode == StatusCodes.Status404NotFound)
            {
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            }

            return Task.CompletedTask;
        });
        return next(context);
    });
}
