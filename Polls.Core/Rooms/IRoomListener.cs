using Polls.Core.Kinds;
using Polls.Core.Tallies;
using Polls.Core.Votes;

namespace Polls.Core.Rooms;

/// <summary>Is told of every commit of this instance that screens must show. Never blocks, never throws.</summary>
public interface IRoomListener
{
    /// <summary>
    /// A tally changed: a batch of votes or a host's command for entries was committed. Called in the order of versions
    /// for the votes of a poll.
    /// </summary>
    void OnTallyMoved(TallyMoved moved);

    /// <summary>
    /// A vote is committed in this epoch, with this ballot: the voter's other devices may not know of it yet. Also
    /// called for a repeat, because the first commit may have been lost with what it should have told.
    /// </summary>
    void OnVoteCast(Guid roomId, string epoch, PendingVote vote, Ballot counts);

    /// <summary>Anything else in the room changed; its newest state is in PostgreSQL.</summary>
    void OnRoomChanged(Guid roomId);
}
