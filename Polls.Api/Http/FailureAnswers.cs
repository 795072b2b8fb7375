using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.SignalR;
using Polls.Core;
using Polls.Core.Storage;
using Polls.Core.Telemetry;

namespace Polls.Api.Http;

/// <summary>Answers failed requests and hub calls with a stable code, never with a stack trace.</summary>
public sealed class FailureAnswers(ILogger<FailureAnswers> log, TimeProvider clock) : IExceptionHandler, IHubFilter
{
    // While PostgreSQL is away, every request fails: one line in this time says enough.
    private static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(10);

    private readonly Lock gate = new();
    private long? logged;
    private int notLogged;

    /// <inheritdoc />
    public async ValueTask<bool> TryHandleAsync(
        HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        var answer = exception switch
        {
            BadHttpRequestException { StatusCode: StatusCodes.Status408RequestTimeout } => Problems.TooSlow(),
            BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } =>
                Problems.Of(413, "request.tooLarge", "The body is too large."),
            BadHttpRequestException { StatusCode: StatusCodes.Status415UnsupportedMediaType } =>
                Problems.Of(415, "request.badMediaType", "Send application/json."),
            BadHttpRequestException =>
                Problems.Of(400, "request.malformed", "The request is invalid. Check its JSON and its parameters."),
            _ when TransientFaults.IsTransient(exception) => Transient(exception).ToProblem(httpContext),
            _ when IsCutShort(exception) => CutShort(exception).ToProblem(httpContext),
            _ => Internal(httpContext, exception),
        };
        httpContext.Response.StatusCode = answer.StatusCode;
        await answer.ExecuteAsync(httpContext);
        return true;
    }

    /// <inheritdoc />
    public async ValueTask<object?> InvokeMethodAsync(
        HubInvocationContext invocationContext, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        try
        {
            return await next(invocationContext);
        }
        catch (Exception exception) when (TransientFaults.IsTransient(exception))
        {
            throw Transient(exception).ToHubException();
        }
        catch (Exception exception) when (IsCutShort(exception))
        {
            // If the client is gone, the response is dropped.
            throw CutShort(exception).ToHubException();
        }
        catch (Exception exception) when (exception is not HubException)
        {
            HttpLog.CallFailed(log, invocationContext.HubMethodName, exception);
            throw;
        }
    }

    /// <summary>
    /// Aborts a client that connects while storage is away. SignalR's close message would tell it not to reconnect.
    /// </summary>
    public async Task OnConnectedAsync(HubLifetimeContext context, Func<HubLifetimeContext, Task> next)
    {
        try
        {
            await next(context);
        }
        catch (Exception exception) when (TransientFaults.IsTransient(exception))
        {
            LogStorageFailed(exception);
            // Close the transport first: after Abort alone SignalR still sends the close message.
            context.Context.GetHttpContext()?.Abort();
            context.Context.Abort();
        }
    }

    // The framework does not log exceptions that a handler answers.
    private ProblemHttpResult Internal(HttpContext http, Exception exception)
    {
        var endpoint = http.Features.Get<IExceptionHandlerFeature>()?.Endpoint ?? http.GetEndpoint();
        HttpLog.RequestFailed(
            log, (endpoint as RouteEndpoint)?.RoutePattern.RawText ?? "an unknown address", exception);
        return Problems.Of(500, "internal", "Something went wrong here.");
    }

    // Cancelled by the server, as when an instance stops while its storage hangs. A client that is gone receives
    // nothing anyway.
    private static bool IsCutShort(Exception exception) =>
        exception is OperationCanceledException or ObjectDisposedException;

    private Refusal CutShort(Exception exception)
    {
        HttpLog.CutShort(log, exception.Message);
        return Refusals.Unavailable;
    }

    private Refusal Transient(Exception exception)
    {
        LogStorageFailed(exception);
        return Refusals.Unavailable;
    }

    private void LogStorageFailed(Exception exception)
    {
        int others;
        lock (gate)
        {
            if (logged is { } last && clock.GetElapsedTime(last) < BetweenLines)
            {
                notLogged++;
                return;
            }

            (logged, others, notLogged) = (clock.GetTimestamp(), notLogged, 0);
        }

        HttpLog.StorageFailed(log, LoggedFailure.Reason(exception), others);
    }
}

/// <summary>Refusals on the hub.</summary>
public static class HubRefusals
{
    /// <summary>The exception whose message starts with the stable code, a colon and a space.</summary>
    public static HubException ToHubException(this Refusal refusal) => new($"{refusal.Code}: {refusal.Detail}");
}
