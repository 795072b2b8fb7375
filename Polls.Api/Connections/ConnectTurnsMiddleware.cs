using Microsoft.AspNetCore.SignalR;
using Polls.Api.Http;
using Polls.Api.Instance;
using Polls.Api.Limits;
using Polls.Core;

namespace Polls.Api.Connections;

/// <summary>Makes requests for WebSockets of a hub wait for their turn, see <see cref="ConnectTurns"/>.</summary>
internal static class ConnectTurnsMiddleware
{
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromSeconds(1);

    /// <summary>Belongs after authorization: who is refused needs no turn.</summary>
    public static IApplicationBuilder UseConnectTurns(this IApplicationBuilder app)
    {
        var turns = app.ApplicationServices.GetRequiredService<ConnectTurns>();
        return app.Use((http, next) =>
        {
            if (http.Request.Headers.Upgrade.Count == 0
                || http.GetEndpoint()?.Metadata.GetMetadata<HubMetadata>() is null)
            {
                return next(http);
            }

            var address = LimitKey.Of(RateClass.Connect, http.Connection.RemoteIpAddress).Id;
            var turn = turns.TakeAsync(address, http.RequestAborted);
            // Usually nobody waits. Then no state machine of this middleware lives as long as the connection.
            return turn.IsCompletedSuccessfully ? OpenAsync(http, next, turn.Result) : WaitAsync(http, next, turn);
        });
    }

    /// <summary>The connection is ready: the next one may be opened.</summary>
    public static void EndConnectTurn(this HttpContext http) => http.Features.Get<ConnectTurn>()?.End();

    private static async Task WaitAsync(HttpContext http, RequestDelegate next, ValueTask<ConnectTurn?> waiting)
    {
        var turn = await waiting;
        // The instance may have begun to stop meanwhile.
        if (http.RequestServices.GetRequiredService<Drain>().Started)
        {
            turn?.End();
            await DrainMiddleware.Going.ToProblem(http).ExecuteAsync(http);
            return;
        }

        await OpenAsync(http, next, turn);
    }

    private static Task OpenAsync(HttpContext http, RequestDelegate next, ConnectTurn? turn)
    {
        if (turn is null)
        {
            // Not 503: nginx would count a failure of the instance, and ask the others.
            return Refusals.RateLimited(TryAgainAfter).ToProblem(http).ExecuteAsync(http);
        }

        http.Features.Set(turn);
        http.Response.OnCompleted(
            static turn =>
            {
                ((ConnectTurn)turn).End();
                return Task.CompletedTask;
            },
            turn);
        return next(http);
    }
}
