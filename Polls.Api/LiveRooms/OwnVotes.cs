using Polls.Core.Rooms;
using Polls.Core.Votes;

namespace Polls.Api.LiveRooms;

/// <summary>
/// Reads the own votes of those who come in: one query for all who came while the last one ran. When thousands come back at once, as
/// after the end of another instance, each with a query of its own would wait for a connection until there is no time left.
/// </summary>
/// <param name="read">Reads the votes of these participants.</param>
internal sealed class OwnVotes(Func<RoomSnapshot, IReadOnlyCollection<Guid>, Task<ILookup<Guid, MyVote>>> read)
{
    /// <summary>The most participants of one query.</summary>
    public const int Most = 1000;

    private readonly Lock gate = new();
    private Reading? waiting;
    private Task last = Task.CompletedTask;

    /// <summary>The votes of this participant, read after this call began.</summary>
    /// <param name="room">The room as the caller knows it.</param>
    /// <param name="participant">Whose votes.</param>
    /// <param name="cancellationToken">The caller is gone; what is being read for others goes on.</param>
    public async Task<IEnumerable<MyVote>> OfAsync(RoomSnapshot room, Guid participant, CancellationToken cancellationToken)
    {
        Reading mine;
        lock (gate)
        {
            if (waiting is null || waiting.Room.Version != room.Version || waiting.Participants.Count >= Most)
            {
                waiting = new Reading(room);
                last = ReadAsync(waiting, last);
            }

            mine = waiting;
            mine.Participants.Add(participant);
        }

        return (await mine.Votes.Task.WaitAsync(cancellationToken))[participant];
    }

    private async Task ReadAsync(Reading mine, Task before)
    {
        // Always later: whoever begins a reading is not yet in it.
        await before.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        lock (gate)
        {
            // From here on nobody joins any more: what comes now has to be read after it came.
            if (waiting == mine)
            {
                waiting = null;
            }
        }

        try
        {
            mine.Votes.SetResult(await read(mine.Room, mine.Participants));
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
