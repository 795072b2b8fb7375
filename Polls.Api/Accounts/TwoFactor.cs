using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Polls.Api.Http;
using Polls.Core.Storage;

namespace Polls.Api.Accounts;

/// <summary>The second factor: an authenticator app, and recovery codes for when it is lost.</summary>
internal static class TwoFactor
{
    private const int RecoveryCodes = 10;

    public static async Task<Results<Ok<TwoFactorState>, ProblemHttpResult>> ChangeAsync(
        TwoFactorChange body, AccountCaller caller, UserManager<AccountRow> accounts, IUserStore<AccountRow> store, SignIn signIn,
        AccountTokens tokens, HttpContext http, CancellationToken cancellationToken)
    {
        if (await accounts.FindByIdAsync(caller.Id.ToString()) is not { } account)
        {
            return AccountAccess.Required.ToProblem(http);
        }

        var stamp = account.SecurityStamp;
        var asked = (body.Enable is null ? 0 : 1) + (body.ResetSharedKey ? 1 : 0) + (body.ResetRecoveryCodes ? 1 : 0);
        if (asked > 1 || (body.ResetRecoveryCodes && !account.TwoFactorEnabled) || (body.ResetSharedKey && account.TwoFactorEnabled))
        {
            return AccountProblems.BadChange.ToProblem(http);
        }

        // The shared key is there before it is asked for, and is shown only as long as no codes are asked for by it.
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
            var refusal = await signIn.AttemptAsync(
                account, () => signIn.CheckCodeAsync(account, body.TwoFactorCode, body.TwoFactorRecoveryCode, cancellationToken), cancellationToken);
            if (refusal is not null)
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

        var key = account.TwoFactorEnabled ? null : await accounts.GetAuthenticatorKeyAsync(account);
        return TypedResults.Ok(new TwoFactorState(
            account.TwoFactorEnabled, key, key is null ? null : AuthenticatorUri(account.Email, key),
            account.RecoveryCodes.Length, codes?.ToList(), account.SecurityStamp == stamp ? null : tokens.Issue(account)));
    }

    private static string AuthenticatorUri(string email, string key) =>
        $"otpauth://totp/Polls:{Uri.EscapeDataString(email)}?secret={key}&issuer=Polls&digits=6";
}

/// <summary>What to change about the second factor, one thing at a time; nothing: only to read. What is on is changed with a code only.</summary>
public sealed record TwoFactorChange(
    bool? Enable, string? TwoFactorCode, string? TwoFactorRecoveryCode, bool ResetSharedKey, bool ResetRecoveryCodes);

/// <summary>How things are with the second factor.</summary>
/// <param name="IsTwoFactorEnabled">Whether codes are asked for.</param>
/// <param name="SharedKey">For the app; only while no codes are asked for.</param>
/// <param name="AuthenticatorUri">The same, for a QR code.</param>
/// <param name="RecoveryCodesLeft">How many are left.</param>
/// <param name="RecoveryCodes">New ones, shown once.</param>
/// <param name="Tokens">New ones, when those of before are worthless now.</param>
public sealed record TwoFactorState(
    bool IsTwoFactorEnabled, string? SharedKey, string? AuthenticatorUri, int RecoveryCodesLeft, IReadOnlyList<string>? RecoveryCodes,
    AccessTokenResponse? Tokens);
