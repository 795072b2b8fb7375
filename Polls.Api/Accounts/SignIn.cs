using Microsoft.AspNetCore.Identity;
using Polls.Api.Limits;
using Polls.Core;
using Polls.Core.Accounts;
using Polls.Core.Storage;

namespace Polls.Api.Accounts;

/// <summary>
/// Checks name, password and code. Neither the response nor its duration tells whether the account exists: unknown
/// names cost the same slow hash.
/// </summary>
public sealed class SignIn(
    UserManager<AccountRow> accounts, IPasswordHasher<AccountRow> hasher, DecoyPassword decoy, Attempts attempts,
    RateLimits limits)
{
    /// <summary>The account, or the refusal.</summary>
    public async Task<Outcome<AccountRow>> CheckAsync(Credentials given, CancellationToken cancellationToken)
    {
        var email = AccountEmail.Clean(given.Email);
        if (await limits.CheckAsync(
            RateClass.SignInName, accounts.NormalizeName(email) ?? "", cancellationToken) is { } tooMany)
        {
            return tooMany;
        }

        var password = given.Password is { Length: <= PasswordRules.Most } text ? text : "";
        var account = email is null ? null : await accounts.FindByNameAsync(email);
        if (!await attempts.BeginAsync(account?.Id ?? Guid.Empty, cancellationToken) || account is null)
        {
            hasher.VerifyHashedPassword(new AccountRow(), decoy.Hash, password);
            return AccountProblems.SignInFailed;
        }

        if (!await accounts.CheckPasswordAsync(account, password))
        {
            return AccountProblems.SignInFailed;
        }

        if (account.TwoFactorEnabled
            && await CheckCodeAsync(
                account, given.TwoFactorCode, given.TwoFactorRecoveryCode, cancellationToken) is { } refusal)
        {
            return refusal;
        }

        await attempts.SucceededAsync(account.Id, cancellationToken);
        return account;
    }

    /// <summary>Runs a check of a secret of a signed-in account and counts it as an attempt.</summary>
    public async Task<Refusal?> AttemptAsync(
        AccountRow account, Func<Task<Refusal?>> check, CancellationToken cancellationToken)
    {
        if (!await attempts.BeginAsync(account.Id, cancellationToken))
        {
            return AccountProblems.SignInFailed;
        }

        var refusal = await check();
        if (refusal is null)
        {
            await attempts.SucceededAsync(account.Id, cancellationToken);
        }
        else if (refusal != AccountProblems.SignInFailed && refusal != AccountProblems.CodeRequired)
        {
            // The secret was right, or was not checked.
            await attempts.TakeBackAsync(account.Id, cancellationToken);
        }

        return refusal;
    }

    /// <summary>
    /// Checks a code of the app, or a recovery code, which is then used up. Call it within an attempt.
    /// </summary>
    public async Task<Refusal?> CheckCodeAsync(
        AccountRow account, string? code, string? recoveryCode, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(code) && string.IsNullOrWhiteSpace(recoveryCode))
        {
            await attempts.TakeBackAsync(account.Id, cancellationToken);
            return AccountProblems.CodeRequired;
        }

        var right = string.IsNullOrWhiteSpace(code)
            ? (await accounts.RedeemTwoFactorRecoveryCodeAsync(account, recoveryCode!)).Succeeded
            : await accounts.VerifyTwoFactorTokenAsync(
                account, accounts.Options.Tokens.AuthenticatorTokenProvider, code);
        return right ? null : AccountProblems.SignInFailed;
    }
}

/// <summary>A password hash to compare with when the name is unknown.</summary>
public sealed class DecoyPassword
{
    private readonly Lazy<string> hash;

    /// <summary>Creates the hash with the same hasher, so that a comparison costs the same.</summary>
    public DecoyPassword(IServiceScopeFactory scopes) => hash = new(() =>
    {
        using var scope = scopes.CreateScope();
        return scope.ServiceProvider.GetRequiredService<IPasswordHasher<AccountRow>>()
            .HashPassword(new AccountRow(), Secret.Draw());
    });

    /// <summary>The hash.</summary>
    public string Hash => hash.Value;
}

/// <summary>Credentials.</summary>
public sealed record Credentials(string? Email, string? Password, string? TwoFactorCode, string? TwoFactorRecoveryCode);
