using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Security.Claims;

namespace Polls.Api.Tokens;

/// <summary>
/// The signed-in account according to the token; <c>AccountAccess</c> checks whether it is still valid.
/// </summary>
/// <param name="Id">The account.</param>
/// <param name="Session">The session that the token belongs to.</param>
public sealed record AccountCaller(Guid Id, Guid Session)
{
    /// <summary>The authentication scheme of account tokens.</summary>
    public const string Scheme = "Account";

    /// <summary>Binds the caller of a request to a handler parameter.</summary>
    [SuppressMessage("Usage", "CA1801", Justification = "The signature is the framework's.")]
    public static ValueTask<AccountCaller?> BindAsync(HttpContext context, ParameterInfo parameter) =>
        new(From(context.User));

    /// <summary>The claims that <see cref="From"/> reads. Room tokens use none of them.</summary>
    public ClaimsPrincipal ToPrincipal(string scheme) => new(new ClaimsIdentity(
        [new Claim("signedIn", Id.ToString("N")), new Claim("session", Session.ToString("N"))], scheme));

    /// <summary>The caller that the claims describe, or null.</summary>
    public static AccountCaller? From(ClaimsPrincipal? user) =>
        Guid.TryParse(user?.FindFirstValue("signedIn"), out var id)
        && Guid.TryParse(user!.FindFirstValue("session"), out var session)
            ? new AccountCaller(id, session)
            : null;
}
