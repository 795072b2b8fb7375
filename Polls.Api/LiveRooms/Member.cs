using System.Collections.Immutable;
using Polls.Api.Connections;
using Polls.Api.Tokens;
using Polls.Core.RoomPolls;
using Polls.Core.Votes;

namespace Polls.Api.LiveRooms;

/// <summary>A connection in a room on this instance.</summary>
/// <param name="caller">The owner of the connection.</param>
/// <param name="outbox">The queue for messages to the connection. Sending never waits.</param>
/// <param name="connectedAt">When the connection was opened.</param>
internal sealed class Member(Caller caller, ConnectionOutbox outbox, DateTimeOffset connectedAt)
{
    // Replaced, never changed: the room's loop writes it while connecting reads it.
    private ImmutableDictionary<Guid, (int Revision, bool IsAnswer)> votes =
        ImmutableDictionary<Guid, (int Revision, bool IsAnswer)>.Empty;

    public Caller Caller => caller;

    public ConnectionOutbox Outbox => outbox;

    public DateTimeOffset ConnectedAt => connectedAt;

    /// <summary>
    /// False while another instance counts the participant because the session moved there.
    /// <c>Sessions/PresenceRepair</c> resets it when that instance no longer has the participant.
    /// </summary>
    public bool Counts { get; set; } = caller.ParticipantId is not null;

    /// <summary>
    /// Whether another instance took over the session for an older connection, because it recorded that connection
    /// later than this one opened. That instance also counts the participant, until <c>Sessions/PresenceRepair</c>
    /// informs it.
    /// </summary>
    public bool Contested { get; set; }

    public Role Role => caller.Role;

    /// <summary>The number of the newest of the room's news that it was told (<see cref="RoomNews"/>).</summary>
    public long Knows { get; set; }

    /// <summary>Whether the connection has left the room.</summary>
    public bool IsGone { get; set; }

    /// <summary>Whether an answer of the participant is stored in this poll.</summary>
    public bool HasAnswered(Guid pollId) => votes.TryGetValue(pollId, out var vote) && vote.IsAnswer;

    /// <summary>Remembers the participant's vote, unless a newer one is known. Returns whether it is.</summary>
    public bool Note(MyVote vote)
    {
        if (votes.TryGetValue(vote.PollId, out var known) && known.Revision >= vote.Revision)
        {
            return false;
        }

        votes = votes.SetItem(vote.PollId, (vote.Revision, !vote.IsNone));
        return true;
    }

    /// <summary>Replaces all votes of the participant, as after a reset.</summary>
    public void Replace(IReadOnlyList<MyVote> mine) =>
        votes = mine.ToImmutableDictionary(vote => vote.PollId, vote => (vote.Revision, !vote.IsNone));
}
