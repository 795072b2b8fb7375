using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using Polls.Core.Audit;
using Polls.Core.Storage;

namespace Polls.Core.Rooms;

/// <summary>Rooms of an account: listing, reopening and deleting them.</summary>
public sealed class OwnedRooms(IDbContextFactory<PollsDb> databases, RoomCommands rooms, IRoomListener listener)
{
    /// <summary>
    /// The rooms that an account owns or co-hosts, newest first, starting after <paramref name="after"/>.
    /// </summary>
    public async Task<IReadOnlyList<HostedRoom>> ListAsync(
        Guid account, Guid? after, int count, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        // Both sides have an index in this order, so at most two pages are sorted.
        var owned = db.Rooms.Where(room => room.OwnerId == account);
        var hosted = db.Rooms.Where(room =>
            db.RoomHosts.Any(host => host.AccountId == account && host.RoomId == room.Id));
        if (after is { } last)
        {
            owned = owned.Where(room => room.Id < last);
            hosted = hosted.Where(room => room.Id < last);
        }

        return await owned.OrderByDescending(room => room.Id).Take(count)
            .Union(hosted.OrderByDescending(room => room.Id).Take(count))
            .OrderByDescending(room => room.Id).Take(count)
            .Select(room => new HostedRoom(
                room.Id, room.Code, room.Title, room.EndedAt == null ? RoomStatus.Open : RoomStatus.Closed,
                room.OwnerId == account ? HostRole.Owner : HostRole.CoHost, room.CreatedAt, room.EndedAt)
            {
                HostTokenSeries = room.HostTokenSeries,
            })
            .ToListAsync(cancellationToken);
    }

    /// <summary>The account's role in the room; refused with <c>room.notFound</c> if it has none.</summary>
    public async Task<Outcome<HostedRoom>> FindAsync(Guid account, Guid roomId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Rooms.AsNoTracking()
            .Where(room => room.Id == roomId
                && (room.OwnerId == account
                    || db.RoomHosts.Any(host => host.RoomId == roomId && host.AccountId == account)))
            .Select(room => new HostedRoom(
                room.Id, room.Code, room.Title, room.EndedAt == null ? RoomStatus.Open : RoomStatus.Closed,
                room.OwnerId == account ? HostRole.Owner : HostRole.CoHost, room.CreatedAt, room.EndedAt)
            {
                HostTokenSeries = room.HostTokenSeries,
            })
            .SingleOrDefaultAsync(cancellationToken) is { } room
                ? room
                : Refusals.RoomNotFound;
    }

    /// <summary>The room, if the account owns it; refused with <c>room.notOwned</c> for co-hosts.</summary>
    public async Task<Outcome<HostedRoom>> FindOwnedAsync(
        Guid account, Guid roomId, CancellationToken cancellationToken) =>
        !(await FindAsync(account, roomId, cancellationToken)).Succeeded(out var room, out var refusal) ? refusal
        : room.Role == HostRole.Owner ? room
        : Refusals.RoomNotOwned;

    /// <summary>
    /// Reopens an ended room. Its polls do not change: closed polls stay closed. The room keeps its code unless a live
    /// room uses it now. Reopening a live room changes nothing.
    /// </summary>
    public async Task<Outcome<HostedRoom>> ReopenAsync(Guid account, Guid roomId, CancellationToken cancellationToken)
    {
        if (!(await FindOwnedAsync(account, roomId, cancellationToken)).Succeeded(out var room, out var refusal))
        {
            return refusal;
        }

        var outcome = await RoomCommands.DrawingCodesAsync(room.Code, code => databases.InTransactionAsync<Done>(
            async (db, token) =>
            {
                var now = await db.NowAsync(token);
                var opened = await db.Rooms.Where(row => row.Id == roomId && row.EndedAt != null).ExecuteUpdateAsync(
                    set => set.SetProperty(row => row.EndedAt, (DateTimeOffset?)null).SetProperty(row => row.Code, code)
                        .SetProperty(row => row.HostSeenAt, now)
                        .SetProperty(row => row.Version, row => row.Version + 1),
                    token);
                if (opened > 0)
                {
                    AuditTrail.Note(db, roomId, Actor.Account(account), "reopenRoom");
                }

                return default(Done);
            },
            cancellationToken));
        listener.OnRoomChanged(roomId);
        return outcome.Refusal ?? await FindOwnedAsync(account, roomId, cancellationToken);
    }

    /// <summary>Deletes a room of the account with everything in it. For connected people the room ends.</summary>
    public async Task<Outcome<Done>> DeleteAsync(Guid account, Guid roomId, CancellationToken cancellationToken) =>
        (await FindOwnedAsync(account, roomId, cancellationToken)).Refusal is { } refusal
            ? refusal
            : await rooms.As(Actor.Account(account)).DeleteAsync(roomId, cancellationToken);

    /// <summary>
    /// Deletes all rooms that the account owns, one after the other. If it is interrupted, a repetition deletes the
    /// rest.
    /// </summary>
    public async Task<Outcome<Done>> DeleteAllAsync(Guid account, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        while (await db.Rooms.Where(room => room.OwnerId == account).Select(room => room.Id).Take(100)
            .ToListAsync(cancellationToken) is { Count: > 0 } owned)
        {
            foreach (var room in owned)
            {
                var deleted = await rooms.As(Actor.Account(account)).DeleteAsync(room, cancellationToken);
                // Housekeeping may have been faster.
                if (deleted.Refusal is { } refusal && refusal != Refusals.RoomNotFound)
                {
                    return refusal;
                }
            }
        }

        return default(Done);
    }

    /// <summary>
    /// The same for any host of the room. A room of an account can be deleted only by that account; a room without an
    /// owner by any of its hosts.
    /// </summary>
    public async Task<Outcome<Done>> DeleteAsHostAsync(
        Guid? account, Guid roomId, Actor who, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Rooms.Where(room => room.Id == roomId)
                .Select(room => new { room.OwnerId }).SingleOrDefaultAsync(cancellationToken) is not { } room
                ? Refusals.RoomNotFound
            : room.OwnerId is { } owner && owner != account ? Refusals.RoomNotOwned
            : await rooms.As(who).DeleteAsync(roomId, cancellationToken);
    }
}

/// <summary>Role of an account in a room.</summary>
public enum HostRole
{
    /// <summary>It owns the room.</summary>
    Owner,

    /// <summary>It is a co-host.</summary>
    CoHost,
}

/// <summary>A room in an account's list.</summary>
public sealed record HostedRoom(
    Guid RoomId, string Code, string Title, RoomStatus State, HostRole Role, DateTimeOffset CreatedAt,
    DateTimeOffset? EndedAt)
{
    /// <summary>What host tokens of the room carry now: <see cref="HostRights.Series"/>.</summary>
    [JsonIgnore]
    public int HostTokenSeries { get; init; }
}
