using Polls.Api.Http;
using Polls.Api.Limits;
using Polls.Core;

namespace Polls.Api.Connections;

/// <summary>Makes requests for WebSockets wait for their turn, see <see cref="ConnectTurns"/>.</summary>
internal static class ConnectTurnsMiddleware
{
    private static readonly Refusal Busy = new(
        "busy", "Too many people are connecting. Connect again.", RefusalKind.Unavailable, TimeSpan.FromSeconds(1));

    /// <summary>Belongs after authorization: who is refused needs no turn.</summary>
    public static IApplicationBuilder UseConnectTurns(this IApplicationBuilder app, string hubPath)
    {
        var turns = app.ApplicationServices.GetRequiredService<ConnectTurns>();
        return app.Use((http, next) =>
        {
            if (http.Request.Headers.Upgrade.Count == 0
                || !http.Request.Path.StartsWithSegments(hubPath, StringComparison.OrdinalIgnoreCase))
            {
                return next(http);
            }

            var address = LimitKey.Of(RateClass.Connect, http.Connection.RemoteIpAddress).Id;
            var turn = turns.TakeAsync(address, http.RequestAborted);
            // Usually nobody waits. Then no state machine of this middleware lives as long as the connection.
            return turn.IsCompletedSuccessfully ? EnterAsync(http, next, turn.Result) : WaitAsync(http, next, turn);
        });
    }

    /// <summary>The connection is ready: the next one may enter.</summary>
    public static void EndConnectTurn(this HttpContext http) => http.Features.Get<ConnectTurns.Turn>()?.End();

    private static async Task WaitAsync(HttpContext http, RequestDelegate next, ValueTask<ConnectTurns.Turn?> turn) =>
        await EnterAsync(http, next, await turn);

    private static Task EnterAsync(HttpContext http, RequestDelegate next, ConnectTurns.Turn? turn)
    {
        if (turn is null)
        {
            return Busy.ToProblem(http).ExecuteAsync(http);
        }

        http.Features.Set(turn);
        http.Response.OnCompleted(
            static turn =>
            {
                ((ConnectTurns.Turn)turn).End();
                return Task.CompletedTask;
            },
            turn);
        return next(http);
    }
}
