using Microsoft.EntityFrameworkCore;
using Polls.Core.Storage;

namespace Polls.Core.Rooms;

/// <summary>Stores a participant, for every way of joining.</summary>
internal static class Joining
{
    /// <summary>
    /// Stores the participant, with the nickname unless the room is anonymous. One statement, so that it is safe to
    /// retry and no one joins an ended room.
    /// </summary>
    /// <returns>1 if anything changed; 0 if the room has ended, or the participant exists with that name.</returns>
    public static Task<int> AddParticipantAsync(
        this PollsDb db, Guid roomId, Guid participant, string? nickname, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO participants (id, room_id, nickname, joined_at)
            SELECT {participant}, id, CASE WHEN anonymous THEN NULL ELSE {nickname} END, clock_timestamp()
            FROM rooms WHERE id = {roomId} AND ended_at IS NULL
            ON CONFLICT (id) DO UPDATE SET nickname = EXCLUDED.nickname
            WHERE participants.nickname IS DISTINCT FROM EXCLUDED.nickname
            """,
            cancellationToken);
}
