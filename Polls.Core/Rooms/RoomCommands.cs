using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Npgsql;
using Polls.Core.Audit;
using Polls.Core.RoomPolls;
using Polls.Core.Storage;

namespace Polls.Core.Rooms;

/// <summary>Makes rooms, lets people in, and ends rooms.</summary>
public sealed class RoomCommands(IDbContextFactory<PollsDb> databases, IRoomAudience audience, RoomCapacity capacity, TimeProvider clock, ILogger<RoomCommands> log)
{
    private const int CodeDraws = 20;

    private Actor Who { get; init; } = Actor.Host;

    /// <summary>The same commands, done by somebody else than the host.</summary>
    public RoomCommands As(Actor who) => new(databases, audience, capacity, clock, log) { Who = who };

    /// <summary>Makes a room that counts devices, with these polls as drafts.</summary>
    public Task<Outcome<RoomInfo>> CreateAsync(string? title, IReadOnlyList<PollDraft?>? drafts, CancellationToken cancellationToken) =>
        CreateAsync(title, drafts, new RoomSettings(), cancellationToken);

    /// <summary>
    /// Makes a room with these polls as drafts. Drafts of one bad poll refuse the whole room.
    /// </summary>
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

    /// <summary>Runs the work with this code, and with others as long as another live room has the code.</summary>
    internal static async Task<Outcome<T>> DrawingCodesAsync<T>(string code, Func<string, Task<Outcome<T>>> work)
    {
        for (var draw = 1; ; draw++)
        {
            try
            {
                return await work(code);
            }
            catch (Exception taken) when (draw < CodeDraws && (taken as PostgresException ?? taken.InnerException) is PostgresException
            {
                ConstraintName: "ux_rooms_live_code"
            })
            {
                code = JoinCode.Draw();
            }
        }
    }

    /// <summary>Lets a participant into a live room and returns the new participant's id.</summary>
    public Task<Outcome<Guid>> JoinAsync(Guid roomId, string? nickname, CancellationToken cancellationToken) =>
        EnterAsync(roomId, Guid.CreateVersion7(clock.GetUtcNow()), nickname, cancellationToken);

    /// <summary>Lets an account into a live room: always as the same participant, and nobody else finds out as which one.</summary>
    public async Task<Outcome<Guid>> JoinAsAccountAsync(Guid roomId, Guid account, string? nickname, CancellationToken cancellationToken)
    {
        Guid key;
        await using (var db = await databases.CreateDbContextAsync(cancellationToken))
        {
            key = await db.Rooms.Where(room => room.Id == roomId).Select(room => room.VoterKey).SingleOrDefaultAsync(cancellationToken);
        }

        return key == Guid.Empty ? Refusals.RoomNotFound : await EnterAsync(roomId, DerivedId.Of($"account {key} {account}"), nickname, cancellationToken);
    }

    private async Task<Outcome<Guid>> EnterAsync(Guid roomId, Guid participant, string? nickname, CancellationToken cancellationToken)
    {
        if (!RoomRules.CheckNickname(nickname).Succeeded(out var cleanNickname, out var refusal))
        {
            return refusal;
        }

        var stored = cleanNickname.Length == 0 ? null : cleanNickname;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var hasPlace = await capacity.HasPlaceAsync(roomId, cancellationToken);
        if (hasPlace)
        {
            var inserted = await db.Database.CreateExecutionStrategy().ExecuteAsync(
                token => db.AddParticipantAsync(roomId, participant, stored, token), cancellationToken);
            // Also an account that goes by another name now, which counts twice until the next look.
            if (inserted == 1)
            {
                capacity.Joined(roomId);
                return participant;
            }
        }

        // It is there already: an attempt whose answer was lost did insert it, or the account was here before.
        return await db.Participants.AnyAsync(
                row => row.Id == participant && db.Rooms.Any(room => room.Id == roomId && room.EndedAt == null), cancellationToken) ? participant
            : hasPlace ? Refusals.RoomEnded
            : Refusals.RoomFull;
    }

    /// <summary>Ends the room for good: every open poll closes first. Ending an ended room changes nothing.</summary>
    public async Task<Outcome<Done>> EndAsync(Guid roomId, CancellationToken cancellationToken)
    {
        var outcome = await databases.InTransactionAsync<Done>(
            async (db, token) =>
            {
                await EndAsync(db, [roomId], Who, token);
                return default(Done);
            },
            cancellationToken);
        audience.OnRoomChanged(roomId);
        return outcome;
    }

    /// <summary>Notes that these rooms' hosts are there, so that housekeeping leaves the rooms alone.</summary>
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
        // Closed polls and drafts are locked as well: someone may be opening one of them.
        await CloseAsync(
            db, db.Polls.FromSql($"SELECT * FROM polls WHERE room_id = ANY ({roomIds}) ORDER BY id FOR NO KEY UPDATE"), cancellationToken);
        await db.Database.ExecuteSqlAsync(
            $"""
            WITH ended AS (
              UPDATE rooms SET ended_at = clock_timestamp(), version = version + 1
              WHERE id = ANY ({roomIds}) AND ended_at IS NULL RETURNING id)
            INSERT INTO audit (room_id, who, what) SELECT id, {who.Name}, 'closeRoom' FROM ended
            """,
            cancellationToken);
        await ShuffleSeatsAsync(db, roomIds, cancellationToken);

        // Polls that were written and opened since; from here on none can open, that needs a live room.
        await CloseAsync(
            db, db.Polls.FromSql($"SELECT * FROM polls WHERE room_id = ANY ({roomIds}) AND state = 1 ORDER BY id FOR NO KEY UPDATE"),
            cancellationToken);
    }

    /// <summary>Deletes the room with everything in it, also while people are in it: it ends for them.</summary>
    public async Task<Outcome<Done>> DeleteAsync(Guid roomId, CancellationToken cancellationToken)
    {
        // Ended first, by itself: from then on nobody joins, and no poll is written or opened while the rest goes.
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
        audience.OnRoomChanged(roomId);
        return outcome;
    }

    /// <summary>
    /// Deletes these rooms and everything in them within the caller's transaction, in the global lock order: a batch of votes
    /// that is under way is waited for.
    /// </summary>
    internal static async Task DeleteAsync(PollsDb db, Guid[] roomIds, CancellationToken cancellationToken)
    {
        await db.Database.ExecuteSqlAsync(
            $"SELECT FROM polls WHERE room_id = ANY ({roomIds}) ORDER BY id FOR UPDATE", cancellationToken);
        await db.Polls.Where(poll => roomIds.Contains(poll.RoomId)).ExecuteDeleteAsync(cancellationToken);
        await db.Rooms.Where(room => roomIds.Contains(room.Id)).ExecuteDeleteAsync(cancellationToken);
    }

    // Rows know the order in which they were written, and so which participant came in by which code: written again all at once, in
    // the order of the codes, the taken ones tell of nothing but that they are.
    private static Task<int> ShuffleSeatsAsync(PollsDb db, Guid[] roomIds, CancellationToken cancellationToken) => db.Database.ExecuteSqlAsync(
        $"""
        WITH taken AS (DELETE FROM seats WHERE room_id = ANY ({roomIds}) AND taken_at IS NOT NULL RETURNING room_id, code, number, taken_at)
        INSERT INTO seats (room_id, code, number, taken_at) SELECT room_id, code, number, taken_at FROM taken ORDER BY room_id, code
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
        string title, string code, List<PollContent> contents, RoomSettings settings, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var room = new RoomRow
        {
            Id = Guid.CreateVersion7(now), Code = code, Title = title, Assurance = settings.Assurance, Anonymous = settings.Anonymous,
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

                return new RoomInfo(room.Id, room.Code, room.Title, RoomStatus.Open, settings.Assurance, settings.Anonymous);
            },
            cancellationToken);
    }
}
