using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Security.Claims;

namespace Polls.Api.Accounts;

/// <summary>Who is signed in, as the token says. Whether that still holds is asked of PostgreSQL: <see cref="AccountAccess"/>.</summary>
/// <param name="Id">The account.</param>
/// <param name="Stamp">Its security stamp when the token was issued.</param>
public sealed record AccountCaller(Guid Id, string Stamp)
{
    /// <summary>The caller of a request, for parameters of handlers.</summary>
    [SuppressMessage("Usage", "CA1801", Justification = "The signature is the framework's.")]
    public static ValueTask<AccountCaller?> BindAsync(HttpContext context, ParameterInfo parameter) => new(From(context.User));

    /// <summary>The claims that <see cref="From"/> reads back. None of them is one of a room's token.</summary>
    public ClaimsPrincipal ToPrincipal(string scheme) => new(new ClaimsIdentity(
        [new Claim("signedIn", Id.ToString("N")), new Claim("stamp", Stamp)], scheme));

    /// <summary>The caller that these claims describe; null when they do not.</summary>
    public static AccountCaller? From(ClaimsPrincipal? user) =>
        Guid.TryParse(user?.FindFirstValue("signedIn"), out var id) && user!.FindFirstValue("stamp") is { } stamp
            ? new AccountCaller(id, stamp)
            : null;
}
