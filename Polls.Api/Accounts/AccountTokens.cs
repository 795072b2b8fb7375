using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.Extensions.Options;
using Polls.Api.Tokens;
using Polls.Core.Storage;

namespace Polls.Api.Accounts;

/// <summary>
/// Issues account tokens: ASP.NET Core bearer tokens protected by the shared key ring. They have their own scheme, so
/// that an account token is never valid as a room token, nor a refresh token as an access token.
/// </summary>
public sealed class AccountTokens(
    IOptionsMonitor<BearerTokenOptions> bearer, IOptions<AccountOptions> options, TimeProvider clock)
{
    private TimeSpan AccessLife => TimeSpan.FromMinutes(options.Value.AccessTokenMinutes);

    /// <summary>A pair of tokens for this account.</summary>
    public AccessTokenResponse Issue(AccountRow account)
    {
        var caller = new AccountCaller(account.Id, account.SecurityStamp);
        var format = bearer.Get(AccountCaller.Scheme);
        return new AccessTokenResponse
        {
            AccessToken = format.BearerTokenProtector.Protect(Ticket(caller, AccessLife)),
            ExpiresIn = (long)AccessLife.TotalSeconds,
            RefreshToken = format.RefreshTokenProtector.Protect(
                Ticket(caller, TimeSpan.FromDays(options.Value.RefreshTokenDays))),
        };
    }

    /// <summary>The account of a refresh token; null when the token is invalid or has expired.</summary>
    public AccountCaller? ReadRefresh(string? token) =>
        token is not null
        && bearer.Get(AccountCaller.Scheme).RefreshTokenProtector.Unprotect(token)
            is { Properties.ExpiresUtc: { } expires } ticket
        && expires > clock.GetUtcNow()
            ? AccountCaller.From(ticket.Principal)
            : null;

    private AuthenticationTicket Ticket(AccountCaller caller, TimeSpan life) => new(
        caller.ToPrincipal(AccountCaller.Scheme),
        new AuthenticationProperties { ExpiresUtc = clock.GetUtcNow() + life },
        AccountCaller.Scheme);
}
