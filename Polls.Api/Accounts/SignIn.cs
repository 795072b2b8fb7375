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
    UserManager<AccountRow> accounts, IPasswordHasher<AccountRow> hasher, DecoyPassword decoy, PasswordWork hashing,
    Attempts attempts, RateLimits limits)
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

        var account = email is null ? null : await accounts.FindByNameAsync(email);
        var refusal = await CheckAsync(
            account, new(given.Password, given.TwoFactorCode, given.TwoFactorRecoveryCode),
            () => Task.FromResult<Refusal?>(null), cancellationToken);
        return refusal is null ? account! : refusal;
    }

    /// <summary>
    /// Checks the password and, if the account needs one, the code; then makes the change that they protect. All of it
    /// is one attempt.
    /// </summary>
    public async Task<Refusal?> CheckAsync(
        AccountRow? account, Proofs given, Func<Task<Refusal?>> change, CancellationToken cancellationToken)
    {
        var password = given.Password is { Length: <= PasswordRules.Most } text ? text : "";
        var outcome = await hashing.RunAsync(
            async () =>
            {
                if (!await attempts.BeginAsync(account?.Id ?? Guid.Empty, cancellationToken) || account is null)
                {
                    hasher.VerifyHashedPassword(new AccountRow(), decoy.Hash, password);
                    return AccountProblems.SignInFailed;
                }

                return ToOutcome(await FinishAsync(account, CheckAndChangeAsync, cancellationToken));

                async Task<Refusal?> CheckAndChangeAsync() =>
                    !await accounts.CheckPasswordAsync(account, password) ? AccountProblems.SignInFailed
                    : account.TwoFactorEnabled
                    && await CheckCodeAsync(account, given.Code, given.RecoveryCode) is { } refusal ? refusal
                    : await change();
            },
            cancellationToken);
        return outcome.Refusal;
    }

    /// <summary>Checks a code of a signed-in account as an attempt. A recovery code is then used up.</summary>
    public async Task<Refusal?> CheckCodeAsync(
        AccountRow account, string? code, string? recoveryCode, CancellationToken cancellationToken) =>
        await attempts.BeginAsync(account.Id, cancellationToken)
            ? await FinishAsync(account, () => CheckCodeAsync(account, code, recoveryCode), cancellationToken)
            : AccountProblems.SignInFailed;

    private async Task<Refusal?> FinishAsync(
        AccountRow account, Func<Task<Refusal?>> check, CancellationToken cancellationToken)
    {
        var refusal = await check();
        if (refusal is null)
        {
            await attempts.SucceededAsync(account.Id, cancellationToken);
        }
        else if (refusal != AccountProblems.SignInFailed)
        {
            // The secret was right, or was not checked.
            await attempts.TakeBackAsync(account.Id, cancellationToken);
        }

        return refusal;
    }

    private async Task<Refusal?> CheckCodeAsync(AccountRow account, string? code, string? recoveryCode)
    {
        if (string.IsNullOrWhiteSpace(code) && string.IsNullOrWhiteSpace(recoveryCode))
        {
            return AccountProblems.CodeRequired;
        }

        var right = string.IsNullOrWhiteSpace(code)
            ? (await accounts.RedeemTwoFactorRecoveryCodeAsync(account, recoveryCode!)).Succeeded
            : await accounts.VerifyTwoFactorTokenAsync(
                account, accounts.Options.Tokens.AuthenticatorTokenProvider, code);
        return right ? null : AccountProblems.SignInFailed;
    }

    private static Outcome<Done> ToOutcome(Refusal? refusal) => refusal is null ? default(Done) : refusal;
}

/// <summary>What proves that a caller is the account's owner.</summary>
/// <param name="Password">The password.</param>
/// <param name="Code">A code of the authenticator app.</param>
/// <param name="RecoveryCode">A recovery code, instead of the code.</param>
public readonly record struct Proofs(string? Password, string? Code, string? RecoveryCode);

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
