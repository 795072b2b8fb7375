using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Polls.Core.Storage;

namespace Polls.Core.Rooms;

/// <summary>
/// Number of participants per room. Reads PostgreSQL at most once a second per room and adds local joins in between:
/// counting ten thousand rows for each of ten thousand joins would cost more than the joins.
/// </summary>
public sealed class RoomCapacity(
    IDbContextFactory<PollsDb> databases, IOptions<RoomOptions> options, TimeProvider clock)
{
    private const int MostRooms = 10_000;
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<Guid, JoinedCount> counts = new();

    /// <summary>How many more participants may join; 0 at least.</summary>
    public async Task<int> PlacesAsync(Guid roomId, CancellationToken cancellationToken)
    {
        if (!counts.TryGetValue(roomId, out var count))
        {
            if (counts.Count >= MostRooms)
            {
                counts.Clear();
            }

            count = counts.GetOrAdd(roomId, _ => new JoinedCount());
        }

        Task<int> stored;
        lock (count)
        {
            if (count.Stored is null
                || count.Stored.IsFaulted
                || (count.Stored.IsCompleted && clock.GetElapsedTime(count.AskedAt) >= Fresh))
            {
                (count.AskedAt, count.Since) = (clock.GetTimestamp(), 0);
                count.Stored = CountAsync(roomId);
            }

            stored = count.Stored;
        }

        var before = await stored.WaitAsync(cancellationToken);
        return Math.Max(0, options.Value.MaxParticipants - before - Volatile.Read(ref count.Since));
    }

    /// <summary>Counts local joins.</summary>
    public void Joined(Guid roomId, int joined)
    {
        if (counts.TryGetValue(roomId, out var count))
        {
            Interlocked.Add(ref count.Since, joined);
        }
    }

    private async Task<int> CountAsync(Guid roomId)
    {
        await using var db = await databases.CreateDbContextAsync();
        return await db.Participants
            .Where(participant => participant.RoomId == roomId
                && !db.DiscardedParticipants.Any(discarded => discarded.ParticipantId == participant.Id))
            .Take(options.Value.MaxParticipants).CountAsync();
    }

    private sealed class JoinedCount
    {
        public int Since;

        public Task<int>? Stored { get; set; }

        public long AskedAt { get; set; }
    }
}
