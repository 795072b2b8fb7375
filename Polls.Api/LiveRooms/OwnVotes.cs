using Polls.Core.Rooms;
using Polls.Core.Votes;

namespace Polls.Api.LiveRooms;

/// <summary>
/// Reads the own votes of those who come in: one query for all who came while the last one ran. When thousands come back at once, as
/// after the end of another instance, each with a query of its own would wait for a connection until there is no time left.
/// </summary>
/// <remarks>
/// A query that does not answer holds nobody up for long: after a second the next one begins beside it, and it ends after eight.
/// </remarks>
/// <param name="read">Reads the votes of these participants.</param>
/// <param name="clock">For the limits.</param>
internal sealed class OwnVotes(Func<RoomSnapshot, IReadOnlyCollection<Guid>, CancellationToken, Task<ILookup<Guid, MyVote>>> read, TimeProvider clock)
{
    /// <summary>The most participants of one query.</summary>
    public const int Most = 1000;

    private static readonly TimeSpan TurnLimit = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ReadLimit = TimeSpan.FromSeconds(8);
    private readonly Lock gate = new();
    private Reading? waiting;
    private Task last = Task.CompletedTask;

    /// <summary>The votes of this participant, read after this call began.</summary>
    /// <param name="room">The room as the caller knows it.</param>
    /// <param name="participant">Whose votes.</param>
    /// <param name="cancellationToken">The caller is gone; what is being read for others goes on.</param>
    /// <exception cref="TimeoutException">There was no answer within 8 s.</exception>
    public async Task<IEnumerable<MyVote>> OfAsync(RoomSnapshot room, Guid participant, CancellationToken cancellationToken)
    {
        Reading mine;
        lock (gate)
        {
            if (waiting is null || waiting.Room.Version != room.Version || waiting.Participants.Count >= Most)
            {
                waiting = new Reading(room);
                // It is for many: the trace of whoever begins it is not its own.
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
        // Always later: whoever begins a reading is not yet in it.
        await before.WaitAsync(TurnLimit, clock).ConfigureAwait(ConfigureAwaitOptions.ForceYielding | ConfigureAwaitOptions.SuppressThrowing);
        lock (gate)
        {
            // From here on nobody joins any more: what comes now has to be read after it came.
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
            mine.Votes.SetException(new TimeoutException("The own votes could not be read in time."));
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

        public TaskCompletionSource<ILookup<Guid, MyVote>> Votes { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
