using Microsoft.EntityFrameworkCore;
using Polls.Api.Http;
using Polls.Core;
using Polls.Core.Storage;

namespace Polls.Api.Accounts;

/// <summary>The rule of endpoints that are for people who are signed in.</summary>
public static class AccountAccess
{
    /// <summary>A token was sent, but it is not, or not any more, one of an account.</summary>
    internal static Refusal Required { get; } = new("auth.required", "This needs a valid token of an account.", RefusalKind.Unauthenticated);

    /// <summary>Only for callers with a valid token of an account.</summary>
    public static TBuilder OnlyForAccounts<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder =>
        builder.RequireAuthorization().WithMetadata(new AccountRule(Required: true)).AddEndpointFilter<TBuilder, AccountFilter>();

    /// <summary>
    /// For everybody; who sends a token of an account does it as that account. One that does not hold any more is refused:
    /// a host whose token expired would otherwise make a room that belongs to nobody.
    /// </summary>
    /// <param name="builder">The endpoint.</param>
    /// <param name="ignoreOthers">Whether a token that never was an account's is as good as none, instead of refused.</param>
    public static TBuilder AlsoForAccounts<TBuilder>(this TBuilder builder, bool ignoreOthers = false)
        where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new AccountRule(Required: false, ignoreOthers)).AddEndpointFilter<TBuilder, AccountFilter>();
}

/// <summary>The token that an endpoint takes is that of an account.</summary>
/// <param name="Required">False where one may come without.</param>
/// <param name="IgnoreOthers">Whether what is no account's token is as good as none.</param>
public sealed record AccountRule(bool Required, bool IgnoreOthers = false);

/// <summary>
/// Applies <see cref="AccountRule"/>. The stamp is compared with PostgreSQL's, so that signing out everywhere counts at once:
/// one read by primary key, and nobody votes by these endpoints.
/// </summary>
internal sealed class AccountFilter(IDbContextFactory<PollsDb> databases) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (AccountCaller.From(http.User) is not { } caller)
        {
            var rule = http.GetEndpoint()!.Metadata.GetRequiredMetadata<AccountRule>();
            return rule.Required || (!rule.IgnoreOthers && http.Request.Headers.Authorization.Count > 0) ? AccountAccess.Required.ToProblem(http) : await next(context);
        }

        await using var db = await databases.CreateDbContextAsync(http.RequestAborted);
        return await db.Accounts.AnyAsync(account => account.Id == caller.Id && account.SecurityStamp == caller.Stamp, http.RequestAborted)
            ? await next(context)
            : AccountAccess.Required.ToProblem(http);
    }
}
