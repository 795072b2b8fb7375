using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Polls.Core.Storage;

namespace Polls.Core.Rooms;

/// <summary>
/// Number of participants per room. Reads PostgreSQL at most once a second per room and adds local joins in between:
/// counting ten thousand rows for each of ten thousand joins would cost more than the joins.
/// </summary>
public sealed class RoomCrowds(IDbContextFactory<PollsDb> databases, IOptions<RoomOptions> options, TimeProvider clock)
{
    private const int MostRooms = 10_000;
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<Guid, Crowd> crowds = new();

    /// <summary>Whether one more participant may join.</summary>
    public async Task<bool> HasPlaceAsync(Guid roomId, CancellationToken cancellationToken)
    {
        if (!crowds.TryGetValue(roomId, out var crowd))
        {
            if (crowds.Count >= MostRooms)
            {
                crowds.Clear();
            }

            crowd = crowds.GetOrAdd(roomId, _ => new Crowd());
        }

        Task<int> stored;
        lock (crowd)
        {
            if (crowd.Stored is null || crowd.Stored.IsFaulted || (crowd.Stored.IsCompleted && clock.GetElapsedTime(crowd.AskedAt) >= Fresh))
            {
                (crowd.AskedAt, crowd.Since) = (clock.GetTimestamp(), 0);
                crowd.Stored = CountAsync(roomId);
            }

            stored = crowd.Stored;
        }

        return await stored.WaitAsync(cancellationToken) + Volatile.Read(ref crowd.Since) < options.Value.MaxParticipants;
    }

    /// <summary>Counts a local join.</summary>
    public void Joined(Guid roomId)
    {
        if (crowds.TryGetValue(roomId, out var crowd))
        {
            Interlocked.Increment(ref crowd.Since);
        }
    }

    private async Task<int> CountAsync(Guid roomId)
    {
        await using var db = await databases.CreateDbContextAsync();
        return await db.Participants.Where(participant => participant.RoomId == roomId).Take(options.Value.MaxParticipants).CountAsync();
    }

    private sealed class Crowd
    {
        public int Since;

        public Task<int>? Stored { get; set; }

        public long AskedAt { get; set; }
    }
}
