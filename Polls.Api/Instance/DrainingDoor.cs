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

        // With an id it belongs to a connection that is here already, or on another instance.
        return !context.Request.Path.StartsWithSegments(RoomHub.Path) || context.Request.Query.ContainsKey("id")
            ? next(context)
            : Going.ToProblem(context).ExecuteAsync(context);
    });
}
