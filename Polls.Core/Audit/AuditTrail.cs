using Microsoft.EntityFrameworkCore;
using Polls.Core.Storage;

namespace Polls.Core.Audit;

/// <summary>The audit trail of rooms. Commands write it, hosts read it.</summary>
public sealed class AuditTrail(IDbContextFactory<PollsDb> databases)
{
    /// <summary>All actions in a room, oldest first.</summary>
    public async Task<IReadOnlyList<AuditRow>> ReadAsync(Guid roomId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await Of(db, roomId).ToListAsync(cancellationToken);
    }

    /// <summary>Records an action that changes no other row, such as issuing a token.</summary>
    public async Task WriteAsync(Guid roomId, Actor who, string what, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        // A room that is being deleted has no trail.
        await db.Database.ExecuteSqlAsync(
            $"INSERT INTO audit (room_id, who, what) SELECT id, {who.Name}, {what} FROM rooms WHERE id = {roomId}",
            cancellationToken);
    }

    /// <summary>The same actions as a query of this context.</summary>
    internal static IQueryable<AuditRow> Of(PollsDb db, Guid roomId) =>
        db.Audit.AsNoTracking().Where(row => row.RoomId == roomId).OrderBy(row => row.Id);

    /// <summary>Adds an action to this context, to be saved in its transaction.</summary>
    internal static void Note(PollsDb db, Guid roomId, Actor who, string what, Guid? pollId = null) =>
        db.Audit.Add(new AuditRow { RoomId = roomId, Who = who.Name, What = what, PollId = pollId });
}
