using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Polls.Core.Storage;

namespace Polls.Api.Accounts;

/// <summary>
/// Stores the accounts of ASP.NET Core Identity in the product's schema: recovery codes as hashes, the key of the
/// second factor encrypted with the key ring.
/// </summary>
public sealed class AccountStore(
    IDbContextFactory<PollsDb> databases, IDataProtectionProvider protection, TimeProvider clock)
    : IUserPasswordStore<AccountRow>, IUserSecurityStampStore<AccountRow>, IUserTwoFactorStore<AccountRow>,
        IUserAuthenticatorKeyStore<AccountRow>, IUserTwoFactorRecoveryCodeStore<AccountRow>
{
    private readonly IDataProtector keys = protection.CreateProtector("Polls.Accounts.AuthenticatorKey");

    /// <inheritdoc />
    public async Task<IdentityResult> CreateAsync(AccountRow user, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        user.ConcurrencyStamp = NewStamp();
        user.CreatedAt = clock.GetUtcNow();
        db.Accounts.Add(user);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return IdentityResult.Success;
        }
        catch (DbUpdateException taken)
            when (taken.InnerException is PostgresException { ConstraintName: "ux_accounts_normalized_email" })
        {
            return IdentityResult.Failed(new IdentityErrorDescriber().DuplicateUserName(user.Email));
        }
    }

    /// <inheritdoc />
    public async Task<IdentityResult> UpdateAsync(AccountRow user, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        // The value as it was read: changes made since then must not be overwritten.
        db.Accounts.Attach(user);
        user.ConcurrencyStamp = NewStamp();
        db.Entry(user).State = EntityState.Modified;
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return IdentityResult.Success;
        }
        catch (DbUpdateConcurrencyException)
        {
            return IdentityResult.Failed(new IdentityErrorDescriber().ConcurrencyFailure());
        }
    }

    /// <inheritdoc />
    public async Task<IdentityResult> DeleteAsync(AccountRow user, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await db.Accounts.Where(account => account.Id == user.Id).ExecuteDeleteAsync(cancellationToken);
        return IdentityResult.Success;
    }

    /// <inheritdoc />
    public async Task<AccountRow?> FindByIdAsync(string userId, CancellationToken cancellationToken)
    {
        var id = Guid.Parse(userId);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Accounts.AsNoTracking().SingleOrDefaultAsync(account => account.Id == id, cancellationToken);
    }

    /// <inheritdoc />
    public async Task<AccountRow?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Accounts.AsNoTracking()
            .SingleOrDefaultAsync(account => account.NormalizedEmail == normalizedUserName, cancellationToken);
    }

    /// <inheritdoc />
    public Task<string> GetUserIdAsync(AccountRow user, CancellationToken cancellationToken) =>
        Task.FromResult(user.Id.ToString());

    /// <inheritdoc />
    public Task<string?> GetUserNameAsync(AccountRow user, CancellationToken cancellationToken) =>
        Task.FromResult<string?>(user.Email);

    /// <inheritdoc />
    public Task SetUserNameAsync(AccountRow user, string? userName, CancellationToken cancellationToken) =>
        Done(user.Email = userName ?? "");

    /// <inheritdoc />
    public Task<string?> GetNormalizedUserNameAsync(AccountRow user, CancellationToken cancellationToken) =>
        Task.FromResult<string?>(user.NormalizedEmail);

    /// <inheritdoc />
    public Task SetNormalizedUserNameAsync(
        AccountRow user, string? normalizedName, CancellationToken cancellationToken) =>
        Done(user.NormalizedEmail = normalizedName ?? "");

    /// <inheritdoc />
    public Task<string?> GetPasswordHashAsync(AccountRow user, CancellationToken cancellationToken) =>
        Task.FromResult<string?>(user.PasswordHash);

    /// <inheritdoc />
    public Task<bool> HasPasswordAsync(AccountRow user, CancellationToken cancellationToken) =>
        Task.FromResult(user.PasswordHash.Length > 0);

    /// <inheritdoc />
    public Task SetPasswordHashAsync(AccountRow user, string? passwordHash, CancellationToken cancellationToken) =>
        Done(user.PasswordHash = passwordHash ?? "");

    /// <inheritdoc />
    public Task<string?> GetSecurityStampAsync(AccountRow user, CancellationToken cancellationToken) =>
        Task.FromResult<string?>(user.SecurityStamp);

    /// <inheritdoc />
    public Task SetSecurityStampAsync(AccountRow user, string stamp, CancellationToken cancellationToken) =>
        Done(user.SecurityStamp = stamp);

    /// <inheritdoc />
    public Task<bool> GetTwoFactorEnabledAsync(AccountRow user, CancellationToken cancellationToken) =>
        Task.FromResult(user.TwoFactorEnabled);

    /// <inheritdoc />
    public Task SetTwoFactorEnabledAsync(AccountRow user, bool enabled, CancellationToken cancellationToken) =>
        Done(user.TwoFactorEnabled = enabled);

    /// <inheritdoc />
    public Task<string?> GetAuthenticatorKeyAsync(AccountRow user, CancellationToken cancellationToken) =>
        Task.FromResult(user.AuthenticatorKey is { } key ? keys.Unprotect(key) : null);

    /// <inheritdoc />
    public Task SetAuthenticatorKeyAsync(AccountRow user, string key, CancellationToken cancellationToken) =>
        Done(user.AuthenticatorKey = keys.Protect(key));

    /// <inheritdoc />
    public Task ReplaceCodesAsync(
        AccountRow user, IEnumerable<string> recoveryCodes, CancellationToken cancellationToken) =>
        Done(user.RecoveryCodes = [.. recoveryCodes.Select(Hash)]);

    /// <inheritdoc />
    public Task<bool> RedeemCodeAsync(AccountRow user, string code, CancellationToken cancellationToken)
    {
        var hash = Hash(code);
        var found = user.RecoveryCodes.Contains(hash);
        user.RecoveryCodes = [.. user.RecoveryCodes.Where(left => left != hash)];
        return Task.FromResult(found);
    }

    /// <inheritdoc />
    public Task<int> CountCodesAsync(AccountRow user, CancellationToken cancellationToken) =>
        Task.FromResult(user.RecoveryCodes.Length);

    /// <inheritdoc />
    public void Dispose()
    {
    }

    private static string NewStamp() => Guid.NewGuid().ToString("N");

    private static string Hash(string code) =>
        Convert.ToHexString(Core.Accounts.Secret.Hash(code.Trim().ToUpperInvariant()));

    private static Task Done<T>(T _) => Task.CompletedTask;
}
