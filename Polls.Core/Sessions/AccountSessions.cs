using Microsoft.EntityFrameworkCore;
using Polls.Core.Rooms;
using Polls.Core.Storage;

namespace Polls.Core.Sessions;

/// <summary>
/// Where accounts are signed in. Every token of an account belongs to a session and is worthless without it, and so is
/// a session from before the account's security stamp changed.
/// </summary>
public sealed class AccountSessions(IDbContextFactory<PollsDb> databases, IRoomListener listener, TimeProvider clock)
{
    /// <summary>Maximum number of sessions per account; a new one ends the one that was renewed longest ago.</summary>
    public const int MostOfOne = 50;

    /// <summary>Maximum length of the stored name of a device.</summary>
    public const int LongestDevice = 300;

    /// <summary>
    /// How long a refresh token may be used again: its answer can be lost, and two pages can renew at the same time.
    /// Later it counts as stolen (RFC 9700, section 4.14.2).
    /// </summary>
    public static readonly TimeSpan RepeatableFor = TimeSpan.FromMinutes(2);

    /// <summary>
    /// Starts a session of the account as it was read, and ends those from before its stamp. Null if the stamp has
    /// changed since, or the account is gone: what its owner proved is out of date.
    /// </summary>
    /// <param name="account">The account.</param>
    /// <param name="device">What the client calls itself, for the list of sessions.</param>
    /// <param name="life">How long the session lives without being renewed.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<Guid?> StartAsync(
        AccountRow account, string? device, TimeSpan life, CancellationToken cancellationToken)
    {
        var id = Guid.CreateVersion7(clock.GetUtcNow());
        device = device?[..Math.Min(device.Length, LongestDevice)];
        var isCurrent = false;
        await ChangeAsync(
            account.Id,
            async (db, token) =>
            {
                isCurrent = await db.Accounts.AnyAsync(
                    row => row.Id == account.Id && row.SecurityStamp == account.SecurityStamp, token);
                if (!isCurrent)
                {
                    return 0;
                }

                var now = await db.NowAsync(token);
                var ended = await db.AccountSessions
                    .Where(session => session.AccountId == account.Id && session.Stamp != account.SecurityStamp)
                    .ExecuteDeleteAsync(token);
                ended += await db.AccountSessions
                    .Where(session => db.AccountSessions
                        .Where(other => other.AccountId == account.Id && other.Id != id)
                        .OrderByDescending(other => other.RenewedAt).ThenByDescending(other => other.Id)
                        .Skip(MostOfOne - 1).Select(other => other.Id)
                        .Contains(session.Id))
                    .ExecuteDeleteAsync(token);
                if (await db.AccountSessions.FindAsync([id], token) is null)
                {
                    db.AccountSessions.Add(new()
                    {
                        Id = id, AccountId = account.Id, Stamp = account.SecurityStamp, Device = device,
                        StartedAt = now, RenewedAt = now, ExpiresAt = now + life,
                    });
                }

                return ended;
            },
            cancellationToken);
        return isCurrent ? id : null;
    }

    /// <summary>
    /// Renews the session for its refresh token with this number, and returns the number of the next one. A token that
    /// was renewed before ends the session: somebody else may have it.
    /// </summary>
    public async Task<Renewal> RenewAsync(
        Guid accountId, Guid id, int number, TimeSpan life, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var now = await db.NowAsync(cancellationToken);
        // A number above the stored one is from a time after the backup that was restored.
        if (await Valid(db, accountId, id).Where(session => session.Renewals <= number)
            .ExecuteUpdateAsync(
                set => set.SetProperty(session => session.Renewals, number + 1)
                    .SetProperty(session => session.RenewedAt, now)
                    .SetProperty(session => session.ExpiresAt, now + life),
                cancellationToken) == 1)
        {
            return new Renewal(RenewalOutcome.Renewed, number + 1);
        }

        if (await Valid(db, accountId, id).AsNoTracking().SingleOrDefaultAsync(cancellationToken) is not { } session)
        {
            return new Renewal(RenewalOutcome.Ended, 0);
        }

        if (session.Renewals == number + 1 && session.RenewedAt > now - RepeatableFor)
        {
            return new Renewal(RenewalOutcome.Renewed, session.Renewals);
        }

        // Also if the client has left: it may be the thief.
        await EndAsync(accountId, id, CancellationToken.None);
        return new Renewal(RenewalOutcome.Reused, 0);
    }

    /// <summary>Whether the session has not ended: it exists, and has the account's present stamp.</summary>
    public async Task<bool> IsValidAsync(Guid accountId, Guid id, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await Valid(db, accountId, id).AnyAsync(cancellationToken);
    }

    /// <summary>The sessions of the account, the one that was renewed last first.</summary>
    public async Task<IReadOnlyList<AccountSession>> ListAsync(Guid accountId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await Valid(db, accountId)
            .OrderByDescending(session => session.RenewedAt).ThenByDescending(session => session.Id)
            .Select(session => new AccountSession(
                session.Id, session.Device, session.StartedAt, session.RenewedAt, session.ExpiresAt))
            .ToListAsync(cancellationToken);
    }

    /// <summary>Ends a session. Returns false if the account has none with this id.</summary>
    public async Task<bool> EndAsync(Guid accountId, Guid id, CancellationToken cancellationToken) =>
        await ChangeAsync(
            accountId,
            (db, token) => db.AccountSessions
                .Where(session => session.AccountId == accountId && session.Id == id)
                .ExecuteDeleteAsync(token),
            cancellationToken) > 0;

    /// <summary>Ends all sessions of the account.</summary>
    public Task EndAllAsync(Guid accountId, CancellationToken cancellationToken) => ChangeAsync(
        accountId,
        (db, token) => db.AccountSessions.Where(session => session.AccountId == accountId).ExecuteDeleteAsync(token),
        cancellationToken);

    private static IQueryable<AccountSessionRow> Valid(PollsDb db, Guid accountId, Guid id) =>
        Valid(db, accountId).Where(session => session.Id == id);

    // The clock is PostgreSQL's: the provider translates it to now().
    private static IQueryable<AccountSessionRow> Valid(PollsDb db, Guid accountId) =>
        db.AccountSessions.Where(session => session.AccountId == accountId && session.ExpiresAt > DateTimeOffset.UtcNow
            && db.Accounts.Any(account => account.Id == accountId && account.SecurityStamp == session.Stamp));

    /// <summary>
    /// Changes sessions and, if any ended, makes every instance look at who is connected to the account's live rooms.
    /// </summary>
    private async Task<int> ChangeAsync(
        Guid accountId, Func<PollsDb, CancellationToken, Task<int>> change, CancellationToken cancellationToken)
    {
        var outcome = await databases.InTransactionAsync<(int Ended, List<Guid> Rooms)>(
            async (db, token) =>
            {
                await db.Database.ExecuteSqlAsync(
                    $"SELECT FROM accounts WHERE id = {accountId} FOR NO KEY UPDATE", token);
                var ended = await change(db, token);
                var rooms = ended == 0
                    ? []
                    : await db.Database.SqlQuery<Guid>(
                        $"""
                        UPDATE rooms SET version = version + 1
                        WHERE ended_at IS NULL
                          AND id IN (SELECT id FROM rooms WHERE owner_id = {accountId}
                                     UNION SELECT room_id FROM room_hosts WHERE account_id = {accountId})
                        RETURNING id AS "Value"
                        """).ToListAsync(token);
                return (ended, rooms);
            },
            cancellationToken);
        outcome.Succeeded(out var done, out _);
        foreach (var room in done.Rooms)
        {
            listener.OnRoomChanged(room);
        }

        return done.Ended;
    }
}

/// <summary>A place where an account is signed in.</summary>
/// <param name="Id">The session.</param>
/// <param name="Device">What its browser or program calls itself; absent if it says nothing.</param>
/// <param name="StartedAt">When it signed in.</param>
/// <param name="RenewedAt">When its tokens were last issued.</param>
/// <param name="ExpiresAt">When it ends, if it does not renew its tokens.</param>
public sealed record AccountSession(
    Guid Id, string? Device, DateTimeOffset StartedAt, DateTimeOffset RenewedAt, DateTimeOffset ExpiresAt);

/// <summary>The result of renewing a session.</summary>
/// <param name="Outcome">What happened.</param>
/// <param name="Number">The number of the next refresh token, if it was renewed.</param>
public readonly record struct Renewal(RenewalOutcome Outcome, int Number);

/// <summary>What happened to a session that was to be renewed.</summary>
public enum RenewalOutcome
{
    /// <summary>It lives on.</summary>
    Renewed,

    /// <summary>It had ended.</summary>
    Ended,

    /// <summary>The refresh token had been used before, so the session was ended.</summary>
    Reused,
}
