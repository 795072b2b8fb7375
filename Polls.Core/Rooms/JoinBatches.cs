using Microsoft.EntityFrameworkCore;
using Polls.Core.Storage;

namespace Polls.Core.Rooms;

/// <summary>
/// The group commit of joins: joins that arrive while a room's batch is in flight share the next statement. A batch
/// never waits for more people, and rooms do not wait for each other.
/// </summary>
public sealed class JoinBatches(IDbContextFactory<PollsDb> databases, RoomCapacity capacity, TimeProvider clock)
{
    private const int MostInBatch = 500;

    // In one room of an instance.
    private const int MostWaiting = 10_000;

    // Less than the 10 s after which phones try again.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(8);

    // The people who wait in each room that has a batch in flight.
    private readonly Dictionary<Guid, List<Joiner>> rooms = [];

    /// <summary>Stores the participant, unless too many people wait already.</summary>
    /// <exception cref="OperationCanceledException">
    /// The caller cancelled; the participant is stored only if a batch already contained it.
    /// </exception>
    /// <exception cref="TimeoutException">PostgreSQL did not answer within 8 s.</exception>
    internal async Task<JoinResult> AddAsync(
        Guid roomId, Guid participant, string? nickname, CancellationToken cancellationToken)
    {
        var joiner = new Joiner(participant, nickname, cancellationToken);
        lock (rooms)
        {
            if (!rooms.TryGetValue(roomId, out var waiting))
            {
                rooms[roomId] = waiting = [];
                // The batches serve many callers, so they must not belong to the trace of the first.
                using (ExecutionContext.SuppressFlow())
                {
                    _ = StoreAllAsync(roomId);
                }
            }
            else if (waiting.Count == MostWaiting && waiting.RemoveAll(HasGivenUp) == 0)
            {
                return JoinResult.Busy;
            }

            waiting.Add(joiner);
        }

        return await joiner.Result.Task.WaitAsync(cancellationToken);
    }

    private async Task StoreAllAsync(Guid roomId)
    {
        // The caller adds the first person after this.
        await Task.Yield();
        while (Take(roomId) is { Count: > 0 } batch)
        {
            try
            {
                await StoreAsync(roomId, batch);
            }
            catch (Exception exception)
            {
                // Those who wait would wait for the same failure. Each caller answers it.
                foreach (var joiner in (List<Joiner>)[.. batch, .. TakeAll(roomId)])
                {
                    joiner.Result.TrySetException(exception);
                }
            }
        }
    }

    /// <summary>
    /// The next batch, in which nobody is twice and nobody has given up; empty if nobody waits, and then the room's
    /// next person starts anew.
    /// </summary>
    private List<Joiner> Take(Guid roomId)
    {
        var batch = new List<Joiner>();
        var rest = new List<Joiner>();
        var participants = new HashSet<Guid>();
        lock (rooms)
        {
            rooms[roomId].RemoveAll(HasGivenUp);
            foreach (var joiner in rooms[roomId])
            {
                // An account may join twice at once.
                (batch.Count < MostInBatch && participants.Add(joiner.Participant) ? batch : rest).Add(joiner);
            }

            rooms[roomId] = rest;
            if (batch.Count == 0)
            {
                rooms.Remove(roomId);
            }
        }

        return batch;
    }

    private static bool HasGivenUp(Joiner joiner) => joiner.Cancelled.IsCancellationRequested;

    private List<Joiner> TakeAll(Guid roomId)
    {
        lock (rooms)
        {
            var all = rooms[roomId];
            rooms[roomId] = [];
            return all;
        }
    }

    private async Task StoreAsync(Guid roomId, List<Joiner> batch)
    {
        using var limit = new CancellationTokenSource(Limit, clock);
        try
        {
            // Again for the rest: who is in the room already took no place.
            while (batch.Count > 0)
            {
                var places = await capacity.PlacesAsync(roomId, limit.Token);
                var admitted = batch.Take(places).ToList();
                if (admitted.Count == 0)
                {
                    batch.ForEach(joiner => joiner.Result.TrySetResult(JoinResult.Full));
                    return;
                }

                var stored = await InsertAsync(roomId, admitted, limit.Token);
                // Also accounts with a new name, which count twice until the next look.
                capacity.Joined(roomId, stored.Count);
                admitted.ForEach(joiner => joiner.Result.TrySetResult(
                    stored.Contains(joiner.Participant) ? JoinResult.Stored : JoinResult.NothingChanged));
                batch = batch[admitted.Count..];
            }
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            throw new TimeoutException("PostgreSQL did not store the participants in time.");
        }
    }

    private async Task<HashSet<Guid>> InsertAsync(
        Guid roomId, List<Joiner> joiners, CancellationToken cancellationToken)
    {
        Guid[] participants = [.. joiners.Select(joiner => joiner.Participant)];
        string?[] nicknames = [.. joiners.Select(joiner => joiner.Nickname)];
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return [.. await db.Database.CreateExecutionStrategy().ExecuteAsync(
            token => db.AddParticipantsAsync(roomId, participants, nicknames, token), cancellationToken)];
    }

    private sealed record Joiner(Guid Participant, string? Nickname, CancellationToken Cancelled)
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

    /// <summary>The room has ended or is locked, or the participant exists with that name.</summary>
    NothingChanged,

    /// <summary>The room has no place.</summary>
    Full,

    /// <summary>Too many people wait.</summary>
    Busy,
}
