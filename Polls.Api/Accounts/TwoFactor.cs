using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Polls.Api.Http;
using Polls.Api.Tokens;
using Polls.Core.Storage;

namespace Polls.Api.Accounts;

/// <summary>The second factor: an authenticator app, with recovery codes in case it is lost.</summary>
internal static class TwoFactor
{
    private const int RecoveryCodes = 10;

    public static async Task<Results<Ok<TwoFactorState>, ProblemHttpResult>> ChangeAsync(
        TwoFactorChange body, AccountCaller caller, UserManager<AccountRow> accounts, IUserStore<AccountRow> store,
        SignIn signIn, AccountTokens tokens, HttpContext http, CancellationToken cancellationToken)
    {
        if (await accounts.FindByIdAsync(caller.Id.ToString()) is not { } account)
        {
            return AccountAccess.Required.ToProblem(http);
        }

        var stamp = account.SecurityStamp;
        var asked = (body.Enable is null ? 0 : 1) + (body.ResetSharedKey ? 1 : 0) + (body.ResetRecoveryCodes ? 1 : 0);
        if (asked > 1
            || (body.ResetRecoveryCodes && !account.TwoFactorEnabled)
            || (body.ResetSharedKey && account.TwoFactorEnabled))
        {
            return AccountProblems.BadChange.ToProblem(http);
        }

        // The shared key exists before codes are required, and is shown only until then.
        if (!account.TwoFactorEnabled && (account.AuthenticatorKey is null || body.ResetSharedKey))
        {
            await ((IUserAuthenticatorKeyStore<AccountRow>)store).SetAuthenticatorKeyAsync(
                account, accounts.GenerateNewAuthenticatorKey(), cancellationToken);
            if (await accounts.UpdateAsync(account) is { Succeeded: false } result)
            {
                return result.ToRefusal().ToProblem(http);
            }
        }

        IEnumerable<string>? codes = null;
        if (asked == 1 && !body.ResetSharedKey)
        {
            if (await signIn.CheckCodeAsync(
                account, body.TwoFactorCode, body.TwoFactorRecoveryCode, cancellationToken) is { } refusal)
            {
                return refusal.ToProblem(http);
            }

            if (body.Enable == false)
            {
                (account.AuthenticatorKey, account.RecoveryCodes) = (null, []);
            }
            else if (body.ResetRecoveryCodes || !account.TwoFactorEnabled)
            {
                codes = await accounts.GenerateNewTwoFactorRecoveryCodesAsync(account, RecoveryCodes);
            }

            if (body.Enable is { } enable && enable != account.TwoFactorEnabled
                && await accounts.SetTwoFactorEnabledAsync(account, enable) is { Succeeded: false } result)
            {
                return result.ToRefusal().ToProblem(http);
            }
        }

        AccessTokenResponse? issued = null;
        if (account.SecurityStamp != stamp
            && !(await tokens.StartSessionAsync(account, http, cancellationToken))
                .Succeeded(out issued, out var outdated))
        {
            return outdated.ToProblem(http);
        }

        var key = account.TwoFactorEnabled ? null : await accounts.GetAuthenticatorKeyAsync(account);
        return TypedResults.Ok(new TwoFactorState(
            account.TwoFactorEnabled, key, key is null ? null : AuthenticatorUri(account.Email, key),
            account.RecoveryCodes.Length, codes?.ToList(),
            issued));
    }

    private static string AuthenticatorUri(string email, string key) =>
        $"otpauth://totp/Polls:{Uri.EscapeDataString(email)}?secret={key}&issuer=Polls&digits=6";
}

/// <summary>
/// One change of the second factor, or none to read it only. Changing an active factor requires a code.
/// </summary>
public sealed record TwoFactorChange(
    bool? Enable, string? TwoFactorCode, string? TwoFactorRecoveryCode, bool ResetSharedKey, bool ResetRecoveryCodes);

/// <summary>The state of the second factor.</summary>
/// <param name="IsTwoFactorEnabled">Whether codes are required.</param>
/// <param name="SharedKey">The key for the app; present only while codes are not required.</param>
/// <param name="AuthenticatorUri">The same key as a URI for a QR code.</param>
/// <param name="RecoveryCodesLeft">The number of unused recovery codes.</param>
/// <param name="RecoveryCodes">New recovery codes, shown once.</param>
/// <param name="Tokens">New tokens, when the change made the earlier ones invalid.</param>
public sealed record TwoFactorState(
    bool IsTwoFactorEnabled, string? SharedKey, string? AuthenticatorUri, int RecoveryCodesLeft,
    IReadOnlyList<string>? RecoveryCodes, AccessTokenResponse? Tokens);
