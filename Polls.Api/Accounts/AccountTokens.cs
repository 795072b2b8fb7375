using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.Extensions.Options;
using Polls.Api.Tokens;
using Polls.Core;
using Polls.Core.Sessions;
using Polls.Core.Storage;

namespace Polls.Api.Accounts;

/// <summary>
/// Issues account tokens: ASP.NET Core bearer tokens protected by the shared key ring. They have their own scheme, so
/// that an account token is never valid as a room token, nor a refresh token as an access token.
/// </summary>
public sealed class AccountTokens(
    IOptionsMonitor<BearerTokenOptions> bearer, IOptions<AccountOptions> options, AccountSessions sessions,
    TimeProvider clock, ILogger<AccountTokens> log)
{
    private const string Number = "renewal";

    private TimeSpan AccessLife => TimeSpan.FromMinutes(options.Value.AccessTokenMinutes);

    private TimeSpan SessionLife => TimeSpan.FromDays(options.Value.RefreshTokenDays);

    /// <summary>
    /// Starts a session of this account for the client of the request, and issues its tokens. Refused if the password
    /// was changed, or the account deleted, since it was read.
    /// </summary>
    public async Task<Outcome<AccessTokenResponse>> StartSessionAsync(
        AccountRow account, HttpContext http, CancellationToken cancellationToken)
    {
        var device = http.Request.Headers.UserAgent.ToString();
        return await sessions.StartAsync(
            account, device.Length == 0 ? null : device, SessionLife, cancellationToken) is { } session
            ? Issue(new AccountCaller(account.Id, session), renewal: 0)
            : AccountProblems.SignInFailed;
    }

    /// <summary>Issues new tokens of the refresh token's session; refused if it has ended.</summary>
    public async Task<Outcome<AccessTokenResponse>> RenewAsync(string? token, CancellationToken cancellationToken)
    {
        if (Read(token) is not var (caller, number))
        {
            return AccountAccess.Required;
        }

        var renewal = await sessions.RenewAsync(caller.Id, caller.Session, number, SessionLife, cancellationToken);
        if (renewal.Outcome == RenewalOutcome.Reused)
        {
            AccountLog.RefreshTokenReused(log, caller.Id);
        }

        return renewal.Outcome == RenewalOutcome.Renewed ? Issue(caller, renewal.Number) : AccountAccess.Required;
    }

    /// <summary>Ends the refresh token's session; does nothing for a token that is no longer good.</summary>
    public async Task EndSessionAsync(string? token, CancellationToken cancellationToken)
    {
        if (Read(token) is var (caller, _))
        {
            await sessions.EndAsync(caller.Id, caller.Session, cancellationToken);
        }
    }

    private (AccountCaller Caller, int Number)? Read(string? token) =>
        token is not null
        && bearer.Get(AccountCaller.Scheme).RefreshTokenProtector.Unprotect(token)
            is { Properties.ExpiresUtc: { } expires } ticket
        && expires > clock.GetUtcNow()
        && AccountCaller.From(ticket.Principal) is { } caller
        && int.TryParse(ticket.Principal.FindFirstValue(Number), CultureInfo.InvariantCulture, out var number)
            ? (caller, number)
            : null;

    private AccessTokenResponse Issue(AccountCaller caller, int renewal)
    {
        var format = bearer.Get(AccountCaller.Scheme);
        var (access, refresh) = (Ticket(caller, AccessLife), Ticket(caller, SessionLife));
        ((ClaimsIdentity)refresh.Principal.Identity!).AddClaim(
            new Claim(Number, renewal.ToString(CultureInfo.InvariantCulture)));
        return new AccessTokenResponse
        {
            AccessToken = format.BearerTokenProtector.Protect(access),
            ExpiresIn = (long)AccessLife.TotalSeconds,
            RefreshToken = format.RefreshTokenProtector.Protect(refresh),
        };
    }

    private AuthenticationTicket Ticket(AccountCaller caller, TimeSpan life) => new(
        caller.ToPrincipal(AccountCaller.Scheme),
        new AuthenticationProperties { ExpiresUtc = clock.GetUtcNow() + life },
        AccountCaller.Scheme);
}

/// <summary>What accounts log. Event ids 2700 to 2799.</summary>
internal static partial class AccountLog
{
    [LoggerMessage(
        2700, LogLevel.Warning,
        "A refresh token of account {Account} was used again after its renewal, so its session was ended. "
        + "Somebody else may have had it.")]
    public static partial void RefreshTokenReused(ILogger log, Guid account);
}
