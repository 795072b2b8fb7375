using System.Collections.Concurrent;
using Polls.Core.RoomPolls;
using Polls.Core.Rooms;
using Polls.Core.Tallies;
using Polls.Core.Votes;

namespace Polls.Api.LiveRooms;

/// <summary>
/// The state of a room as loaded by an instance: the newest snapshot and the newest tally of each poll. Versions never
/// decrease within an epoch of the store, regardless of the order of messages. One writer at a time; any number of
/// readers.
/// </summary>
internal sealed class RoomBoard(RoomTruth truth)
{
    private readonly ConcurrentDictionary<Guid, Tally> tallies = new(truth.Tallies);

    public RoomSnapshot Room { get; private set; } = truth.Room;

    /// <summary>The sum of all tally versions, for comparison with PostgreSQL.</summary>
    public long TallyVersions => tallies.Values.Sum(tally => tally.Version);

    public Tally? TallyOf(Guid pollId) => tallies.GetValueOrDefault(pollId);

    public PollSnapshot? FindPoll(Guid pollId) => Room.Polls.FirstOrDefault(poll => poll.Id == pollId);

    /// <summary>
    /// Whether the loaded poll is at least as new as the poll at the commit of this tally. If not, its visibility is
    /// not known, and the tally waits until the poll is reloaded (G6).
    /// </summary>
    public bool Knows(TallyMoved moved) =>
        FindPoll(moved.Tally.PollId) is { } poll && poll.Version >= moved.PollVersion;

    /// <summary>Stores a tally if it is newer. Returns whether it was.</summary>
    public bool Take(Tally tally)
    {
        if (tallies.TryGetValue(tally.PollId, out var known) && known.Version >= tally.Version)
        {
            return false;
        }

        tallies[tally.PollId] = tally;
        return true;
    }

    /// <summary>Stores the state from PostgreSQL.</summary>
    /// <param name="newer">The state.</param>
    /// <param name="replaces">Whether it replaces everything; otherwise parts that are already newer stay.</param>
    /// <param name="movedTallies">Gets the polls whose tallies changed.</param>
    public void Take(RoomTruth newer, bool replaces, ICollection<Guid> movedTallies)
    {
        if (replaces)
        {
            tallies.Clear();
        }

        if (replaces || newer.Room.Version >= Room.Version)
        {
            Room = newer.Room;
        }

        foreach (var tally in newer.Tallies.Values)
        {
            if (Take(tally))
            {
                movedTallies.Add(tally.PollId);
            }
        }

        foreach (var gone in tallies.Keys.Where(id => FindPoll(id) is null))
        {
            tallies.TryRemove(gone, out _);
        }
    }

    public RoomState StateFor(Role role, int participants, IReadOnlyList<MyVote> myVotes, DateTimeOffset now) =>
        Room.StateFor(role, TallyOf, participants, myVotes, now);

    public PollView? ViewFor(Role role, PollSnapshot poll, bool hasAnswered) =>
        PollView.For(role, poll, TallyOf(poll.Id), hasAnswered);
}
