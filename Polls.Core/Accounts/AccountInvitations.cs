using Microsoft.EntityFrameworkCore;
using Polls.Core.Storage;

namespace Polls.Core.Accounts;

/// <summary>Invitations to register. Each works once.</summary>
public sealed class AccountInvitations(IDbContextFactory<PollsDb> databases, TimeProvider clock)
{
    /// <summary>Maximum number of open invitations per account.</summary>
    public const int MostOfOne = 100;

    /// <summary>How long an invitation is valid.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromDays(7);

    /// <summary>Creates an invitation. <paramref name="by"/> is null for the command line.</summary>
    public async Task<Outcome<Invitation>> MakeAsync(Guid? by, CancellationToken cancellationToken)
    {
        var (id, secret) = (Guid.CreateVersion7(clock.GetUtcNow()), Secret.Draw());
        return await databases.InTransactionAsync<Invitation>(
            async (db, token) =>
            {
                var now = await db.NowAsync(token);
                await db.AccountInvitations.Where(row => row.ExpiresAt <= now).ExecuteDeleteAsync(token);
                if (by is not null
                    && await db.AccountInvitations.CountAsync(row => row.CreatedBy == by && row.Id != id, token)
                        >= MostOfOne)
                {
                    return Refusals.TooManyInvitations;
                }

                var row = await db.AccountInvitations.FindAsync([id], token);
                row ??= db.AccountInvitations.Add(new()
                {
                    Id = id, SecretHash = Secret.Hash(secret), CreatedBy = by, ExpiresAt = now + Life
                }).Entity;
                return new Invitation(id, secret, row.ExpiresAt);
            },
            cancellationToken);
    }

    /// <summary>Whether the invitation is still valid. Creating the account uses it: <see cref="TakeAsync"/>.</summary>
    public async Task<bool> IsGoodAsync(string? secret, CancellationToken cancellationToken)
    {
        var hash = Secret.Hash(secret);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var now = await db.NowAsync(cancellationToken);
        return await db.AccountInvitations.AnyAsync(
            row => row.SecretHash == hash && row.ExpiresAt > now, cancellationToken);
    }

    /// <summary>Uses the invitation. Returns false if it is no longer valid.</summary>
    public async Task<bool> TakeAsync(string? secret, CancellationToken cancellationToken)
    {
        var hash = Secret.Hash(secret);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var now = await db.NowAsync(cancellationToken);
        return await db.AccountInvitations.Where(row => row.SecretHash == hash && row.ExpiresAt > now)
            .ExecuteDeleteAsync(cancellationToken) == 1;
    }
}

/// <summary>A new invitation with its secret, which is returned only once.</summary>
public sealed record Invitation(Guid Id, string Secret, DateTimeOffset ExpiresAt);
