using Microsoft.EntityFrameworkCore;
using Polls.Core.Storage;

namespace Polls.Core.Audit;

/// <summary>What was done in rooms: written by the commands that do it, read by hosts.</summary>
public sealed class AuditTrail(IDbContextFactory<PollsDb> databases)
{
    /// <summary>Everything that was done in a room, oldest first.</summary>
    public async Task<IReadOnlyList<AuditRow>> ReadAsync(Guid roomId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Audit.AsNoTracking().Where(row => row.RoomId == roomId).OrderBy(row => row.Id).ToListAsync(cancellationToken);
    }

    /// <summary>Writes down what changes nothing that is stored, such as a token that was handed out.</summary>
    public async Task WriteAsync(Guid roomId, Actor who, string what, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        // A room that is deleted at this moment has no trail any more.
        await db.Database.ExecuteSqlAsync(
            $"INSERT INTO audit (room_id, who, what) SELECT id, {who.Name}, {what} FROM rooms WHERE id = {roomId}", cancellationToken);
    }

    /// <summary>Adds what is done in the transaction of this context; saved with the rest.</summary>
    internal static void Note(PollsDb db, Guid roomId, Actor who, string what, Guid? pollId = null) =>
        db.Audit.Add(new AuditRow { RoomId = roomId, Who = who.Name, What = what, PollId = pollId });
}
