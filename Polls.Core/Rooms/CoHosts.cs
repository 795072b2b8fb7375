using Microsoft.EntityFrameworkCore;
using Polls.Core.Accounts;
using Polls.Core.Audit;
using Polls.Core.Storage;

namespace Polls.Core.Rooms;

/// <summary>Co-hosts of a room and their invitations. Callers check authorization.</summary>
public sealed class CoHosts(IDbContextFactory<PollsDb> databases, IRoomListener listener, TimeProvider clock)
{
    /// <summary>How long an invitation is valid.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromDays(2);

    /// <summary>The room's co-hosts and valid invitations.</summary>
    public async Task<RoomHosts> ListAsync(Guid roomId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var now = await db.NowAsync(cancellationToken);
        return new RoomHosts(
            await db.RoomHosts.Where(host => host.RoomId == roomId)
                .Join(
                    db.Accounts,
                    host => host.AccountId,
                    account => account.Id,
                    (host, account) => new { host, account.Email })
                .OrderBy(item => item.host.AddedAt).ThenBy(item => item.host.AccountId)
                .Select(item => new CoHost(item.host.AccountId, item.Email, item.host.AddedAt))
                .ToListAsync(cancellationToken),
            await db.HostInvitations.Where(invitation => invitation.RoomId == roomId && invitation.ExpiresAt > now)
                .OrderBy(invitation => invitation.Id)
                .Select(invitation => new OpenInvitation(invitation.Id, invitation.ExpiresAt))
                .ToListAsync(cancellationToken));
    }

    /// <summary>Creates an invitation.</summary>
    public async Task<Outcome<Invitation>> InviteAsync(Guid roomId, Actor who, CancellationToken cancellationToken)
    {
        var (id, secret) = (Guid.CreateVersion7(clock.GetUtcNow()), Secret.Draw());
        return await databases.InTransactionAsync<Invitation>(
            async (db, token) =>
            {
                var now = await db.NowAsync(token);
                await db.HostInvitations.Where(row => row.RoomId == roomId && row.ExpiresAt <= now)
                    .ExecuteDeleteAsync(token);
                if (!await LockAsync(db, roomId, token))
                {
                    return Refusals.RoomNotFound;
                }

                if (await db.HostInvitations.CountAsync(row => row.RoomId == roomId && row.Id != id, token)
                    >= RoomRules.MaxHostInvitations)
                {
                    return Refusals.TooManyInvitations;
                }

                var row = await db.HostInvitations.FindAsync([id], token);
                if (row is null)
                {
                    row = db.HostInvitations.Add(new()
                    {
                        Id = id, RoomId = roomId, SecretHash = Secret.Hash(secret), ExpiresAt = now + Life
                    }).Entity;
                    AuditTrail.Note(db, roomId, who, "inviteHost");
                }

                return new Invitation(id, secret, row.ExpiresAt);
            },
            cancellationToken);
    }

    /// <summary>Revokes an invitation.</summary>
    public async Task<Outcome<Done>> RevokeAsync(
        Guid roomId, Guid invitation, Actor who, CancellationToken cancellationToken) =>
        await databases.InTransactionAsync<Done>(
            async (db, token) =>
            {
                if (await db.HostInvitations.Where(row => row.RoomId == roomId && row.Id == invitation)
                    .ExecuteDeleteAsync(token) == 0)
                {
                    return Refusals.HostNotFound;
                }

                AuditTrail.Note(db, roomId, who, "revokeHostInvitation");
                return default(Done);
            },
            cancellationToken);

    /// <summary>
    /// Makes the account a co-host of the invitation's room and returns that room. The owner stays its owner.
    /// </summary>
    public async Task<Outcome<Guid>> AcceptAsync(Guid account, string? secret, CancellationToken cancellationToken)
    {
        var hash = Secret.Hash(secret);
        return await databases.InTransactionAsync<Guid>(
            async (db, token) =>
            {
                var now = await db.NowAsync(token);
                // The lock serialises accepting and revoking the invitation.
                var found = await db.HostInvitations
                    .FromSql($"SELECT * FROM host_invitations WHERE secret_hash = {hash} FOR SHARE")
                    .AsNoTracking().SingleOrDefaultAsync(token);
                if (found is null || found.ExpiresAt <= now || !await LockAsync(db, found.RoomId, token))
                {
                    return Refusals.InvitationNotGood;
                }

                var roomId = found.RoomId;
                if (await db.Rooms.AnyAsync(room => room.Id == roomId && room.OwnerId == account, token)
                    || await db.RoomHosts.AnyAsync(host => host.RoomId == roomId && host.AccountId == account, token))
                {
                    return roomId;
                }

                if (await db.RoomHosts.CountAsync(host => host.RoomId == roomId, token) >= RoomRules.MaxCoHosts)
                {
                    return Refusals.RoomTooManyHosts;
                }

                db.RoomHosts.Add(new() { RoomId = roomId, AccountId = account, AddedAt = now });
                AuditTrail.Note(db, roomId, Actor.Account(account), "acceptHostInvitation");
                return roomId;
            },
            cancellationToken);
    }

    /// <summary>Removes a co-host and disconnects it.</summary>
    public async Task<Outcome<Done>> RemoveAsync(
        Guid roomId, Guid account, Actor who, CancellationToken cancellationToken)
    {
        var outcome = await databases.InTransactionAsync<Done>(
            async (db, token) =>
            {
                if (await db.RoomHosts.Where(row => row.RoomId == roomId && row.AccountId == account)
                    .ExecuteDeleteAsync(token) == 0)
                {
                    return Refusals.HostNotFound;
                }

                AuditTrail.Note(db, roomId, who, "removeHost");
                // An instance that misses the message notices the version.
                await db.Rooms.Where(room => room.Id == roomId)
                    .ExecuteUpdateAsync(set => set.SetProperty(room => room.Version, room => room.Version + 1), token);
                return default(Done);
            },
            cancellationToken);
        listener.OnRoomChanged(roomId);
        return outcome;
    }

    /// <summary>
    /// Revokes all host tokens of the room and returns the number that new ones carry. Connected hosts are
    /// disconnected; screens and participants stay.
    /// </summary>
    /// <param name="roomId">The room.</param>
    /// <param name="series">The number of the caller's token.</param>
    /// <param name="attempt">
    /// The client's secret. If the answer is lost, the same request with the revoked token gets it again.
    /// </param>
    /// <param name="who">The caller in the audit trail.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<Outcome<int>> RevokeTokensAsync(
        Guid roomId, int? series, Guid? attempt, Actor who, CancellationToken cancellationToken)
    {
        // The transaction may be repeated too.
        attempt ??= Guid.NewGuid();
        var outcome = await databases.InTransactionAsync<int>(
            async (db, token) =>
            {
                var room = await db.Rooms.FromSql($"SELECT * FROM rooms WHERE id = {roomId} FOR NO KEY UPDATE")
                    .SingleOrDefaultAsync(token);
                if (room is null)
                {
                    return Refusals.RoomNotFound;
                }

                if (room.HostTokenSeries == series)
                {
                    (room.HostTokenSeries, room.HostTokenAttempt, room.Version) =
                        (room.HostTokenSeries + 1, attempt, room.Version + 1);
                    AuditTrail.Note(db, roomId, who, "revokeHostTokens");
                }
                else if (room.HostTokenSeries != series + 1 || room.HostTokenAttempt != attempt)
                {
                    return Refusals.TokenForbids;
                }

                return room.HostTokenSeries;
            },
            cancellationToken);
        if (outcome.Refusal is null)
        {
            listener.OnRoomChanged(roomId);
        }

        return outcome;
    }

    // Bounds are counted under this lock; otherwise two concurrent calls could exceed them.
    private static async Task<bool> LockAsync(PollsDb db, Guid roomId, CancellationToken cancellationToken) =>
        await db.Database.SqlQuery<Guid>($"SELECT id AS \"Value\" FROM rooms WHERE id = {roomId} FOR NO KEY UPDATE")
            .ToListAsync(cancellationToken) is [_];
}

/// <summary>The co-hosts of a room and its valid invitations.</summary>
public sealed record RoomHosts(IReadOnlyList<CoHost> CoHosts, IReadOnlyList<OpenInvitation> Invitations);

/// <summary>A co-host.</summary>
public sealed record CoHost(Guid AccountId, string Email, DateTimeOffset AddedAt);

/// <summary>A valid invitation, without its secret, which is not stored.</summary>
public sealed record OpenInvitation(Guid Id, DateTimeOffset ExpiresAt);
