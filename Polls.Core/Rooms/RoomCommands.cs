using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Npgsql;
using Polls.Core.Audit;
using Polls.Core.RoomPolls;
using Polls.Core.Storage;

namespace Polls.Core.Rooms;

/// <summary>Creates rooms, admits participants, and ends rooms.</summary>
public sealed class RoomCommands(
    IDbContextFactory<PollsDb> databases, IRoomListener listener, JoinBatches joins, TimeProvider clock,
    ILogger<RoomCommands> log)
{
    private const int CodeDraws = 20;

    private Actor Who { get; init; } = Actor.Host;

    /// <summary>The same commands for another actor than the host.</summary>
    public RoomCommands As(Actor who) => new(databases, listener, joins, clock, log) { Who = who };

    /// <summary>Creates a room of the level <c>device</c> with these polls as drafts.</summary>
    public Task<Outcome<RoomInfo>> CreateAsync(
        string? title, IReadOnlyList<PollDraft?>? drafts, CancellationToken cancellationToken) =>
        CreateAsync(title, drafts, new RoomSettings(), cancellationToken);

    /// <summary>Creates a room with these polls as drafts. One invalid poll refuses the whole room.</summary>
    public async Task<Outcome<RoomInfo>> CreateAsync(
        string? title, IReadOnlyList<PollDraft?>? drafts, RoomSettings settings, CancellationToken cancellationToken)
    {
        if (!RoomRules.CheckTitle(title).Succeeded(out var cleanTitle, out var refusal))
        {
            return refusal;
        }

        if (drafts?.Count > RoomRules.MaxPolls)
        {
            return Refusals.RoomTooManyPolls;
        }

        var contents = new List<PollContent>();
        foreach (var draft in drafts ?? [])
        {
            if (!PollRules.Check(draft ?? new PollDraft(null, default, null)).Succeeded(out var content, out refusal))
            {
                return refusal;
            }

            contents.Add(content);
        }

        return await DrawingCodesAsync(
            JoinCode.Draw(), code => InsertAsync(cleanTitle, code, contents, settings, cancellationToken));
    }

    /// <summary>Runs the work with this code, and with other codes while a live room uses the code.</summary>
    internal static async Task<Outcome<T>> DrawingCodesAsync<T>(string code, Func<string, Task<Outcome<T>>> work)
    {
        for (var draw = 1; ; draw++)
        {
            try
            {
                return await work(code);
            }
            catch (Exception taken)
                when (draw < CodeDraws && (taken as PostgresException ?? taken.InnerException) is PostgresException
                {
                    ConstraintName: "ux_rooms_live_code"
                })
            {
                code = JoinCode.Draw();
            }
        }
    }

    /// <summary>Adds a participant to a live room and returns the new id.</summary>
    public Task<Outcome<Guid>> JoinAsync(Guid roomId, string? nickname, CancellationToken cancellationToken) =>
        EnterAsync(roomId, Guid.NewGuid(), nickname, cancellationToken);

    /// <summary>
    /// Adds an account to a live room, always as the same participant. No one else can find out which one.
    /// </summary>
    public async Task<Outcome<Guid>> JoinAsAccountAsync(
        Guid roomId, Guid account, string? nickname, CancellationToken cancellationToken)
    {
        Guid key;
        await using (var db = await databases.CreateDbContextAsync(cancellationToken))
        {
            key = await db.Rooms.Where(room => room.Id == roomId)
                .Select(room => room.VoterKey).SingleOrDefaultAsync(cancellationToken);
        }

        return key == Guid.Empty
            ? Refusals.RoomNotFound
            : await EnterAsync(roomId, DerivedId.Of($"account {key} {account}"), nickname, cancellationToken);
    }

    private async Task<Outcome<Guid>> EnterAsync(
        Guid roomId, Guid participant, string? nickname, CancellationToken cancellationToken)
    {
        if (!RoomRules.CheckNickname(nickname).Succeeded(out var cleanNickname, out var refusal))
        {
            return refusal;
        }

        var stored = cleanNickname.Length == 0 ? null : cleanNickname;
        var result = await joins.AddAsync(roomId, participant, stored, cancellationToken);
        if (result == JoinResult.Busy)
        {
            return Refusals.JoinsBusy;
        }

        if (result == JoinResult.Stored)
        {
            return participant;
        }

        // The participant exists: an attempt whose answer was lost inserted it, or the account joined before.
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Participants.AnyAsync(
                row => row.Id == participant && db.Rooms.Any(room => room.Id == roomId && room.EndedAt == null),
                cancellationToken) ? participant
            : result == JoinResult.Full ? Refusals.RoomFull
            : await db.WhyNobodyJoinsAsync(roomId, cancellationToken);
    }

    /// <summary>Lets nobody else join, or lets people join again. Whoever has joined is not affected.</summary>
    public async Task<Outcome<Done>> LockJoiningAsync(Guid roomId, bool locked, CancellationToken cancellationToken)
    {
        var outcome = await databases.InTransactionAsync<Done>(
            async (db, token) =>
            {
                var room = await db.Rooms.FromSql(
                    $"SELECT * FROM rooms WHERE id = {roomId} AND ended_at IS NULL FOR NO KEY UPDATE")
                    .SingleOrDefaultAsync(token);
                if (room is null)
                {
                    return Refusals.RoomEnded;
                }

                if (room.JoiningLocked != locked)
                {
                    (room.JoiningLocked, room.Version, room.HostSeenAt) =
                        (locked, room.Version + 1, await db.NowAsync(token));
                    AuditTrail.Note(db, roomId, Who, locked ? "lockJoining" : "unlockJoining");
                }

                return default(Done);
            },
            cancellationToken);
        if (outcome.Refusal is null)
        {
            listener.OnRoomChanged(roomId);
        }

        return outcome;
    }

    /// <summary>Ends the room after closing every open poll. Ending an ended room changes nothing.</summary>
    public async Task<Outcome<Done>> EndAsync(Guid roomId, CancellationToken cancellationToken)
    {
        var outcome = await databases.InTransactionAsync<Done>(
            async (db, token) =>
            {
                await EndAsync(db, [roomId], Who, token);
                return default(Done);
            },
            cancellationToken);
        listener.OnRoomChanged(roomId);
        return outcome;
    }

    /// <summary>
    /// Records that the hosts of these rooms are active, so that housekeeping does not end the rooms.
    /// </summary>
    public async Task SeeHostsAsync(Guid[] roomIds, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var now = await db.NowAsync(cancellationToken);
        await db.Rooms
            .Where(room => roomIds.Contains(room.Id) && room.EndedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(room => room.HostSeenAt, now), cancellationToken);
    }

    /// <summary>Ends these rooms within the caller's transaction, in the global lock order.</summary>
    internal static async Task EndAsync(PollsDb db, Guid[] roomIds, Actor who, CancellationToken cancellationToken)
    {
        // Closed polls and drafts are locked too: another command may be opening one.
        await CloseAsync(
            db,
            db.Polls.FromSql($"SELECT * FROM polls WHERE room_id = ANY ({roomIds}) ORDER BY id FOR NO KEY UPDATE"),
            cancellationToken);
        await db.Database.ExecuteSqlAsync(
            $"""
            WITH ended AS (
              UPDATE rooms SET ended_at = clock_timestamp(), version = version + 1
              WHERE id = ANY ({roomIds}) AND ended_at IS NULL RETURNING id)
            INSERT INTO audit (room_id, who, what) SELECT id, {who.Name}, 'closeRoom' FROM ended
            """,
            cancellationToken);
        await ShuffleSeatsAsync(db, roomIds, cancellationToken);

        // Polls added and opened meanwhile. From here on none can open, because that needs a live room.
        await CloseAsync(
            db,
            db.Polls.FromSql(
                $"SELECT * FROM polls WHERE room_id = ANY ({roomIds}) AND state = 1 ORDER BY id FOR NO KEY UPDATE"),
            cancellationToken);
    }

    /// <summary>Deletes the room with everything in it. For connected people the room ends.</summary>
    public async Task<Outcome<Done>> DeleteAsync(Guid roomId, CancellationToken cancellationToken)
    {
        // End it first, in its own transaction: no one can then join, or add or open a poll, during the deletion.
        if ((await EndAsync(roomId, cancellationToken)).Refusal is { } refusal)
        {
            return refusal;
        }

        var outcome = await databases.InTransactionAsync<Done>(
            async (db, token) =>
            {
                await DeleteAsync(db, [roomId], token);
                return default(Done);
            },
            cancellationToken);
        RoomLog.RoomDeleted(log, roomId, Who.Name);
        listener.OnRoomChanged(roomId);
        return outcome;
    }

    /// <summary>
    /// Deletes these rooms and everything in them within the caller's transaction, in the global lock order. Waits for
    /// batches of votes in flight.
    /// </summary>
    internal static async Task DeleteAsync(PollsDb db, Guid[] roomIds, CancellationToken cancellationToken)
    {
        await db.Database.ExecuteSqlAsync(
            $"SELECT FROM polls WHERE room_id = ANY ({roomIds}) ORDER BY id FOR UPDATE", cancellationToken);
        await db.Polls.Where(poll => roomIds.Contains(poll.RoomId)).ExecuteDeleteAsync(cancellationToken);
        await db.Rooms.Where(room => roomIds.Contains(room.Id)).ExecuteDeleteAsync(cancellationToken);
    }

    // The physical order of rows shows which participant joined with which code. Rewriting all rows at once, ordered by
    // code, removes this information.
    private static Task<int> ShuffleSeatsAsync(PollsDb db, Guid[] roomIds, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync(
            $"""
            WITH taken AS (
              DELETE FROM seats WHERE room_id = ANY ({roomIds}) AND taken_at IS NOT NULL
              RETURNING room_id, code, number, taken_at, told)
            INSERT INTO seats (room_id, code, number, taken_at, told)
            SELECT room_id, code, number, taken_at,
                   told OR count(*) FILTER (WHERE NOT told) OVER (PARTITION BY room_id) >= {Seats.SeatBook.ToldTogether}
            FROM taken ORDER BY room_id, code
            """,
            cancellationToken);

    private static async Task CloseAsync(PollsDb db, IQueryable<PollRow> locking, CancellationToken cancellationToken)
    {
        var polls = await locking.ToListAsync(cancellationToken);
        var now = await db.NowAsync(cancellationToken);
        foreach (var poll in polls.Where(poll => poll.State == PollState.Open))
        {
            poll.Close(now);
            poll.Version++;
        }

        await db.SaveChangesAsync(cancellationToken);
    }

    private async Task<Outcome<RoomInfo>> InsertAsync(
        string title, string code, List<PollContent> contents, RoomSettings settings,
        CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var room = new RoomRow
        {
            Id = Guid.CreateVersion7(now), Code = code, Title = title, Assurance = settings.Assurance,
            Anonymous = settings.Anonymous,
            OwnerId = settings.Owner, CreatedAt = now, HostSeenAt = now,
        };
        room.Polls.AddRange(contents.Select((content, position) =>
            PollRow.Create(Guid.CreateVersion7(now), room.Id, position, content, now)));
        return await databases.InTransactionAsync<RoomInfo>(
            async (db, token) =>
            {
                if (!await db.Rooms.AnyAsync(row => row.Id == room.Id, token))
                {
                    db.Rooms.Add(room);
                    AuditTrail.Note(db, room.Id, Who, "createRoom");
                }

                return new RoomInfo(
                    room.Id, room.Code, room.Title, RoomStatus.Open, settings.Assurance, settings.Anonymous);
            },
            cancellationToken);
    }
}
