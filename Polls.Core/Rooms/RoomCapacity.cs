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

    /// <summary>Whether one more participant may join.</summary>
    public async Task<bool> HasPlaceAsync(Guid roomId, CancellationToken cancellationToken)
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

        return await stored.WaitAsync(cancellationToken) + Volatile.Read(ref count.Since)
            < options.Value.MaxParticipants;
    }

    /// <summary>Counts a local join.</summary>
    public void Joined(Guid roomId)
    {
        if (counts.TryGetValue(roomId, out var count))
        {
            Interlocked.Increment(ref count.Since);
        }
    }

    private async Task<int> CountAsync(Guid roomId)
    {
        await using var db = await databases.CreateDbContextAsync();
        return await db.Participants.Where(participant => participant.RoomId == roomId)
            .Take(options.Value.MaxParticipants).CountAsync();
    }

    private sealed class JoinedCount
    {
        public int Since;

        public Task<int>? Stored { get; set; }

        public long AskedAt { get; set; }
    }
}
