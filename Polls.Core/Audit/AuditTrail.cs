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

    /// <summary>Adds what is done in the transaction of this context; saved with the rest.</summary>
    internal static void Note(PollsDb db, Guid roomId, Actor who, string what, Guid? pollId = null) =>
        db.Audit.Add(new AuditRow { RoomId = roomId, Who = who.Name, What = what, PollId = pollId });
}
