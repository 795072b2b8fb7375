using Microsoft.EntityFrameworkCore;
using Polls.Core.Storage;

namespace Polls.Core.Rooms;

/// <summary>
/// The group commit of joins: those who arrive while a room's last batch is in flight are stored by one statement. A
/// batch never waits for more people, and rooms never wait for each other.
/// </summary>
public sealed class JoinBatches(IDbContextFactory<PollsDb> databases, RoomCapacity capacity)
{
    private const int MostInBatch = 500;
    private const int MostWaiting = 20_000;

    // The people who wait in each room that has a batch in flight.
    private readonly Dictionary<Guid, Queue<Joiner>> rooms = [];
    private int waiting;

    /// <summary>Stores the participant, unless too many people wait already.</summary>
    /// <exception cref="OperationCanceledException">
    /// The caller cancelled; the participant may still be stored.
    /// </exception>
    internal async Task<JoinResult> AddAsync(
        Guid roomId, Guid participant, string? nickname, CancellationToken cancellationToken)
    {
        var joiner = new Joiner(participant, nickname);
        lock (rooms)
        {
            if (waiting == MostWaiting)
            {
                return JoinResult.Busy;
            }

            waiting++;
            var isFirst = !rooms.TryGetValue(roomId, out var queue);
            (queue ??= rooms[roomId] = []).Enqueue(joiner);
            if (isFirst)
            {
                _ = StoreAllAsync(roomId, queue);
            }
        }

        return await joiner.Result.Task.WaitAsync(cancellationToken);
    }

    private async Task StoreAllAsync(Guid roomId, Queue<Joiner> queue)
    {
        // Not while the caller holds the lock.
        await Task.Yield();
        while (Take(roomId, queue) is { Count: > 0 } batch)
        {
            await StoreAsync(roomId, batch);
        }
    }

    /// <summary>The next batch, in which everybody is there once; empty if nobody waits.</summary>
    private List<Joiner> Take(Guid roomId, Queue<Joiner> queue)
    {
        var batch = new List<Joiner>();
        var participants = new HashSet<Guid>();
        lock (rooms)
        {
            // An account may join twice at once.
            while (batch.Count < MostInBatch
                && queue.TryPeek(out var next) && participants.Add(next.Participant))
            {
                batch.Add(queue.Dequeue());
            }

            waiting -= batch.Count;
            if (batch.Count == 0)
            {
                rooms.Remove(roomId);
            }
        }

        return batch;
    }

    /// <summary>Stores the participants and completes each of them in every case.</summary>
    private async Task StoreAsync(Guid roomId, List<Joiner> batch)
    {
        try
        {
            var places = await capacity.PlacesAsync(roomId);
            var stored = await InsertAsync(roomId, [.. batch.Take(places)]);
            capacity.Joined(roomId, stored.Count);
            for (var i = 0; i < batch.Count; i++)
            {
                batch[i].Result.TrySetResult(
                    i >= places ? JoinResult.Full
                    : stored.Contains(batch[i].Participant) ? JoinResult.Stored
                    : JoinResult.NothingChanged);
            }
        }
        catch (Exception exception) when (batch.Count > 1 && TransientFaults.IsDataFault(exception))
        {
            // One of them is invalid and must fail alone.
            var half = batch.Count / 2;
            await StoreAsync(roomId, batch[..half]);
            await StoreAsync(roomId, batch[half..]);
        }
        catch (Exception exception)
        {
            // Each caller answers it.
            batch.ForEach(joiner => joiner.Result.TrySetException(exception));
        }
    }

    private async Task<HashSet<Guid>> InsertAsync(Guid roomId, List<Joiner> joiners)
    {
        if (joiners.Count == 0)
        {
            return [];
        }

        Guid[] participants = [.. joiners.Select(joiner => joiner.Participant)];
        string?[] nicknames = [.. joiners.Select(joiner => joiner.Nickname)];
        await using var db = await databases.CreateDbContextAsync();
        return [.. await db.Database.CreateExecutionStrategy().ExecuteAsync(
            token => db.AddParticipantsAsync(roomId, participants, nicknames, token), CancellationToken.None)];
    }

    private sealed record Joiner(Guid Participant, string? Nickname)
    {
        public TaskCompletionSource<JoinResult> Result { get; } =
            new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

/// <summary>What became of one person in a batch of joins.</summary>
internal enum JoinResult
{
    /// <summary>Stored, or stored with another name.</summary>
    Stored,

    /// <summary>The room has ended, or the participant exists with that name.</summary>
    NothingChanged,

    /// <summary>The room has no place.</summary>
    Full,

    /// <summary>Too many people wait.</summary>
    Busy,
}
