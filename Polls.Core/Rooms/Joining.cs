using Microsoft.EntityFrameworkCore;
using Polls.Core.Storage;

namespace Polls.Core.Rooms;

/// <summary>How a participant is written down, whichever way they came in.</summary>
internal static class Joining
{
    /// <summary>
    /// Writes the participant down, with the nickname unless the room is anonymous. One statement, so that it is safe to repeat and
    /// nobody joins a room that has ended.
    /// </summary>
    /// <returns>1 when that changed anything; 0 when the room has ended, or the participant is there already, by that name.</returns>
    public static Task<int> AddParticipantAsync(this PollsDb db, Guid roomId, Guid participant, string? nickname, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO participants (id, room_id, nickname, joined_at)
            SELECT {participant}, id, CASE WHEN anonymous THEN NULL ELSE {nickname} END, clock_timestamp()
            FROM rooms WHERE id = {roomId} AND ended_at IS NULL
            ON CONFLICT (id) DO UPDATE SET nickname = EXCLUDED.nickname WHERE participants.nickname IS DISTINCT FROM EXCLUDED.nickname
            """,
            cancellationToken);
}
