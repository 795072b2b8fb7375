using Microsoft.EntityFrameworkCore;
using Polls.Core.Storage;

namespace Polls.Core.Rooms;

/// <summary>Stores participants, for every way of joining.</summary>
internal static class Joining
{
    /// <summary>
    /// Stores the participants, with their nicknames unless the room is anonymous. One statement, so that it is safe to
    /// retry and no one joins a room that has ended or is locked. Nobody may be among them twice.
    /// </summary>
    /// <returns>
    /// Those for whom anything changed: none if the room has ended or is locked, and none who exists with that name.
    /// </returns>
    public static Task<List<Guid>> AddParticipantsAsync(
        this PollsDb db, Guid roomId, Guid[] participants, string?[] nicknames, CancellationToken cancellationToken) =>
        // In an order, so that two instances that store the same people do not deadlock.
        db.Database.SqlQuery<Guid>(
            $"""
            INSERT INTO participants (id, room_id, nickname, joined_at, connected)
            SELECT joining.id, rooms.id, CASE WHEN NOT rooms.anonymous THEN joining.nickname END, clock_timestamp(),
                   false
            FROM unnest({participants}, {nicknames}) AS joining (id, nickname), rooms
            WHERE rooms.id = {roomId} AND rooms.ended_at IS NULL AND NOT rooms.joining_locked
            ORDER BY joining.id
            ON CONFLICT (id) DO UPDATE SET nickname = EXCLUDED.nickname
            WHERE participants.nickname IS DISTINCT FROM EXCLUDED.nickname
            RETURNING id AS "Value"
            """).ToListAsync(cancellationToken);

    /// <summary>Why a room took nobody: it is locked, or it has ended.</summary>
    public static async Task<Refusal> WhyNobodyJoinsAsync(
        this PollsDb db, Guid roomId, CancellationToken cancellationToken) =>
        await db.Rooms.AnyAsync(
            room => room.Id == roomId && room.EndedAt == null && room.JoiningLocked, cancellationToken)
            ? Refusals.RoomLocked
            : Refusals.RoomEnded;
}
