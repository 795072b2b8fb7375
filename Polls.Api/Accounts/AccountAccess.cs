using Polls.Api.Http;
using Polls.Api.Tokens;
using Polls.Core;
using Polls.Core.Sessions;

namespace Polls.Api.Accounts;

/// <summary>Access rules of endpoints for signed-in callers.</summary>
public static class AccountAccess
{
    /// <summary>The token is not, or is no longer, a valid account token.</summary>
    internal static Refusal Required { get; } = new(
        "auth.required", "This request requires a valid account token.", RefusalKind.Unauthenticated);

    /// <summary>Requires a valid account token.</summary>
    public static TBuilder OnlyForAccounts<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder =>
        builder.RequireAuthorization()
            .WithMetadata(new AccountRule(Required: true)).AddEndpointFilter<TBuilder, AccountFilter>();

    /// <summary>
    /// Allows callers with and without an account token. An expired account token is refused; otherwise its host would
    /// create a room that belongs to no account.
    /// </summary>
    /// <param name="builder">The endpoint.</param>
    /// <param name="ignoreOthers">Whether a token that is not an account token is ignored instead of refused.</param>
    public static TBuilder AlsoForAccounts<TBuilder>(this TBuilder builder, bool ignoreOthers = false)
        where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new AccountRule(Required: false, ignoreOthers))
            .AddEndpointFilter<TBuilder, AccountFilter>();
}

/// <summary>
/// Applies <see cref="AccountRule"/>. Looks the session up in PostgreSQL, so that signing out takes effect at once. It
/// costs one read by primary key; votes do not go through these endpoints.
/// </summary>
internal sealed class AccountFilter(AccountSessions sessions) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (AccountCaller.From(http.User) is not { } caller)
        {
            var rule = http.GetEndpoint()!.Metadata.GetRequiredMetadata<AccountRule>();
            return rule.Required || (!rule.IgnoreOthers && http.Request.Headers.Authorization.Count > 0)
                ? AccountAccess.Required.ToProblem(http)
                : await next(context);
        }

        return await sessions.IsValidAsync(caller.Id, caller.Session, http.RequestAborted)
            ? await next(context)
            : AccountAccess.Required.ToProblem(http);
    }
}
