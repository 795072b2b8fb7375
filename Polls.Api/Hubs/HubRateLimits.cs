using Microsoft.AspNetCore.SignalR;
using Polls.Api.Http;
using Polls.Api.Limits;
using Polls.Api.Tokens;

namespace Polls.Api.Hubs;

/// <summary>Applies the rate limits to hub calls. <see cref="ClassOf"/> returns the class of each method.</summary>
internal sealed class HubRateLimits(RateLimits limits) : IHubFilter
{
    /// <summary>The class of a hub method. Votes over the hub and over HTTP share one class.</summary>
    public static RateClass ClassOf(string method) => method switch
    {
        nameof(RoomHub.CastVote) or nameof(RoomHub.WithdrawVote) => RateClass.Vote,
        nameof(RoomHub.GetState) => RateClass.Read,
        _ => throw new InvalidOperationException($"The hub method {method} has no rate class."),
    };

    public async ValueTask<object?> InvokeMethodAsync(
        HubInvocationContext invocationContext, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        var context = invocationContext.Context;
        if (Caller.Of(context) is { } caller
            && await limits.CheckAsync(
                ClassOf(invocationContext.HubMethodName), caller, context.ConnectionAborted) is { } refusal)
        {
            throw refusal.ToHubException();
        }

        return await next(invocationContext);
    }
}
