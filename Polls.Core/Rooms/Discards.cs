using Microsoft.EntityFrameworkCore;
using Polls.Core.Audit;
using Polls.Core.Storage;

namespace Polls.Core.Rooms;

/// <summary>
/// Discards the votes of participants who joined in a suspicious way, and restores them. Their votes leave the tallies
/// by the exact difference and are kept as they were, so that restoring gives the tallies that would stand there
/// otherwise. No vote of a discarded participant is accepted.
/// </summary>
public sealed class Discards(IDbContextFactory<PollsDb> databases, IRoomListener listener, TimeProvider clock)
{
    private const int Attempts = 5;

    private static readonly string DiscardVotes = Moving("votes", "discarded_votes", "-1");
    private static readonly string RestoreVotes = Moving("discarded_votes", "votes", "1");

    private Actor Who { get; init; } = Actor.Host;

    /// <summary>The same commands for another actor than the host.</summary>
    public Discards As(Actor who) => new(databases, listener, clock) { Who = who };

    /// <summary>Discards all votes of these participants, in all polls of the room.</summary>
    public Task<Outcome<Discard>> DiscardAsync(Guid roomId, Cohort cohort, CancellationToken cancellationToken)
    {
        if (cohort is { JoinedFrom: null, JoinedUntil: null, NeverConnected: false }
            || cohort.JoinedFrom >= cohort.JoinedUntil)
        {
            return Task.FromResult<Outcome<Discard>>(Refusals.DiscardBadCohort);
        }

        var id = Guid.CreateVersion7(clock.GetUtcNow());
        return ChangeAsync(roomId, "discardVotes", async (db, token) =>
        {
            // A retry after a commit whose answer was lost.
            if (await db.Discards.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, token) is { } done)
            {
                return (done, false);
            }

            var room = await db.Rooms.AsNoTracking().SingleOrDefaultAsync(row => row.Id == roomId, token);
            if (room?.Assurance == Assurance.SeatCode || (room?.Anonymous == true && !cohort.NeverConnected))
            {
                return Refusals.DiscardNotAllowed;
            }

            var now = await db.NowAsync(token);
            var discard = new DiscardRow
            {
                Id = id, RoomId = roomId, At = now, JoinedFrom = cohort.JoinedFrom?.ToUniversalTime(),
                JoinedUntil = Earliest(cohort.JoinedUntil?.ToUniversalTime(), now),
                NeverConnected = cohort.NeverConnected,
            };
            db.Discards.Add(discard);
            await db.SaveChangesAsync(token);
            var connectedUntil = now - Attendance.Settled;
            discard.People = await db.Database.ExecuteSqlAsync(
                $"""
                INSERT INTO discarded_participants (participant_id, discard_id)
                SELECT p.id, {id} FROM participants p
                WHERE p.room_id = {roomId} AND p.joined_at < {discard.JoinedUntil}
                  AND ({discard.JoinedFrom}::timestamptz IS NULL OR p.joined_at >= {discard.JoinedFrom})
                  AND (NOT {cohort.NeverConnected} OR (NOT p.connected AND p.joined_at < {connectedUntil}))
                  AND NOT EXISTS (SELECT FROM discarded_participants d WHERE d.participant_id = p.id)
                ON CONFLICT (participant_id) DO NOTHING
                """,
                token);
            if (discard.People == 0)
            {
                return Refusals.DiscardNobody;
            }

            await db.Database.ExecuteSqlRawAsync(DiscardVotes, [roomId, id], token);
            discard.Votes = await db.DiscardedVotes.CountAsync(
                vote => (vote.Marks.Length > 0 || vote.Keys != null)
                    && db.DiscardedParticipants.Any(
                        person => person.DiscardId == id && person.ParticipantId == vote.ParticipantId),
                token);
            return (discard, true);
        }, cancellationToken);
    }

    /// <summary>Restores what was discarded. Restoring again changes nothing.</summary>
    public Task<Outcome<Discard>> RestoreAsync(Guid roomId, Guid discardId, CancellationToken cancellationToken) =>
        ChangeAsync(roomId, "restoreVotes", async (db, token) =>
        {
            var discard = await db.Discards.FromSql(
                $"SELECT * FROM discards WHERE id = {discardId} AND room_id = {roomId} FOR NO KEY UPDATE")
                .SingleOrDefaultAsync(token);
            if (discard is null)
            {
                return Refusals.DiscardNotFound;
            }

            if (discard.RestoredAt is not null)
            {
                return (discard, false);
            }

            await db.Database.ExecuteSqlRawAsync(RestoreVotes, [roomId, discardId], token);
            await db.DiscardedParticipants.Where(row => row.DiscardId == discardId).ExecuteDeleteAsync(token);
            discard.RestoredAt = await db.NowAsync(token);
            return (discard, true);
        }, cancellationToken);

    private async Task<Outcome<Discard>> ChangeAsync(
        Guid roomId, string what,
        Func<PollsDb, CancellationToken, Task<Outcome<(DiscardRow Discard, bool IsNew)>>> change,
        CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var mustRepeat = false;
            var outcome = await databases.InTransactionAsync<Discard>(
                async (db, token) =>
                {
                    mustRepeat = false;
                    // Votes in flight wait, and then find out whose votes are discarded.
                    var polls = await LockPollsAsync(db, roomId, token);
                    if (!(await change(db, token)).Succeeded(out var changed, out var refusal))
                    {
                        return refusal;
                    }

                    if (changed.IsNew)
                    {
                        AuditTrail.Note(db, roomId, Who, what);
                        await db.SaveChangesAsync(token);
                        if (await BumpAsync(db, roomId, token) == 0)
                        {
                            return Refusals.RoomEnded;
                        }

                        // From here on no poll can be opened, because that waits for the room's row. One that was added
                        // and opened meanwhile may have votes that this command has missed.
                        if (await db.Polls.CountAsync(poll => poll.RoomId == roomId, token) != polls.Count)
                        {
                            mustRepeat = true;
                            return Refusals.Unavailable;
                        }
                    }

                    return Discard.Of(changed.Discard);
                },
                cancellationToken);
            if (mustRepeat && attempt < Attempts)
            {
                continue;
            }

            if (outcome.Refusal is null)
            {
                listener.OnRoomChanged(roomId);
            }

            return outcome;
        }
    }

    private static Task<List<Guid>> LockPollsAsync(PollsDb db, Guid roomId, CancellationToken cancellationToken) =>
        db.Database.SqlQuery<Guid>(
            $"""SELECT id AS "Value" FROM polls WHERE room_id = {roomId} ORDER BY id FOR NO KEY UPDATE""")
            .ToListAsync(cancellationToken);

    private static async Task<int> BumpAsync(PollsDb db, Guid roomId, CancellationToken cancellationToken)
    {
        var now = await db.NowAsync(cancellationToken);
        return await db.Rooms.Where(room => room.Id == roomId && room.EndedAt == null).ExecuteUpdateAsync(
            set => set.SetProperty(room => room.Version, room => room.Version + 1)
                .SetProperty(room => room.Discards, room => room.Discards + 1)
                .SetProperty(room => room.HostSeenAt, now),
            cancellationToken);
    }

    private static string Moving(string from, string to, string sign) => Sql.Load("Queries/MoveVotes.sql")
        .Replace("{from}", from, StringComparison.Ordinal)
        .Replace("{to}", to, StringComparison.Ordinal)
        .Replace("{sign}", sign, StringComparison.Ordinal);

    private static DateTimeOffset Earliest(DateTimeOffset? one, DateTimeOffset other) =>
        one < other ? one.Value : other;
}

/// <summary>Participants, by how they joined.</summary>
/// <param name="JoinedFrom">Only those who joined at this time or later.</param>
/// <param name="JoinedUntil">Only those who joined before this time; without it, before now.</param>
/// <param name="NeverConnected">
/// Only those who never connected to the hub, as every page does, although they joined more than
/// <see cref="Attendance.Settled"/> ago.
/// </param>
public sealed record Cohort(
    DateTimeOffset? JoinedFrom = null, DateTimeOffset? JoinedUntil = null, bool NeverConnected = false);

/// <summary>Participants whose votes a host has discarded together.</summary>
/// <param name="Id">Names it.</param>
/// <param name="At">When they were discarded.</param>
/// <param name="JoinedFrom">Only those who joined at this time or later.</param>
/// <param name="JoinedUntil">Only those who joined before this time.</param>
/// <param name="NeverConnected">Only those who never connected.</param>
/// <param name="People">How many they are.</param>
/// <param name="Votes">How many answers they had given.</param>
/// <param name="RestoredAt">When a host restored them; absent while they are discarded.</param>
public sealed record Discard(
    Guid Id, DateTimeOffset At, DateTimeOffset? JoinedFrom, DateTimeOffset JoinedUntil, bool NeverConnected, int People,
    int Votes, DateTimeOffset? RestoredAt)
{
    /// <summary>The stored discard.</summary>
    public static Discard Of(DiscardRow row) => new(
        row.Id, row.At, row.JoinedFrom, row.JoinedUntil, row.NeverConnected, row.People, row.Votes, row.RestoredAt);
}
