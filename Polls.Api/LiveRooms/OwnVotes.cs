using Polls.Core.Rooms;
using Polls.Core.Votes;

namespace Polls.Api.LiveRooms;

/// <summary>
/// Reads the votes of connecting participants, in batches: one query for all that connected during the last query. When
/// thousands reconnect at once, as after another instance stops, a query for each would exhaust the connection pool
/// until they time out.
/// </summary>
/// <remarks>
/// A query without an answer does not block others for long: the next query starts after 1 s, and a query ends after 8
/// s.
/// </remarks>
/// <param name="read">Reads the votes of the given participants.</param>
/// <param name="clock">Measures the time-outs.</param>
internal sealed class OwnVotes(
    Func<RoomSnapshot, IReadOnlyCollection<Guid>, CancellationToken, Task<ILookup<Guid, MyVote>>> read,
    TimeProvider clock)
{
    /// <summary>The maximum number of participants per query.</summary>
    public const int Most = 1000;

    private static readonly TimeSpan TurnLimit = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ReadLimit = TimeSpan.FromSeconds(8);
    private readonly Lock gate = new();
    private Reading? waiting;
    private Task last = Task.CompletedTask;

    /// <summary>Returns the votes of the participant, read after this call started.</summary>
    /// <param name="room">The room as loaded by the caller.</param>
    /// <param name="participant">The participant.</param>
    /// <param name="cancellationToken">Ends the wait of this caller; the query continues for other callers.</param>
    /// <exception cref="TimeoutException">The query did not complete within 8 s.</exception>
    public async Task<IEnumerable<MyVote>> OfAsync(
        RoomSnapshot room, Guid participant, CancellationToken cancellationToken)
    {
        Reading mine;
        lock (gate)
        {
            if (waiting is null || !ReferenceEquals(waiting.Room, room) || waiting.Participants.Count >= Most)
            {
                waiting = new Reading(room);
                // The query serves many callers, so it must not belong to the trace of the first.
                using (ExecutionContext.SuppressFlow())
                {
                    last = ReadAsync(waiting, last);
                }
            }

            mine = waiting;
            mine.Participants.Add(participant);
        }

        return (await mine.Votes.Task.WaitAsync(cancellationToken))[participant];
    }

    private async Task ReadAsync(Reading mine, Task before)
    {
        // Always asynchronous: the caller that starts the query adds its participant after this method returns.
        await before.WaitAsync(TurnLimit, clock)
            .ConfigureAwait(ConfigureAwaitOptions.ForceYielding | ConfigureAwaitOptions.SuppressThrowing);
        lock (gate)
        {
            // Close the batch. Later callers need a query that starts after their call.
            if (waiting == mine)
            {
                waiting = null;
            }
        }

        using var limit = new CancellationTokenSource(ReadLimit, clock);
        try
        {
            mine.Votes.SetResult(await read(mine.Room, mine.Participants, limit.Token));
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            mine.Votes.SetException(new TimeoutException("Reading the caller's votes timed out."));
        }
        catch (Exception exception)
        {
            mine.Votes.SetException(exception);
        }
    }

    private sealed class Reading(RoomSnapshot room)
    {
        public RoomSnapshot Room => room;

        public HashSet<Guid> Participants { get; } = [];

        public TaskCompletionSource<ILookup<Guid, MyVote>> Votes { get; } = new(
            TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
