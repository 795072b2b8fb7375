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

    /// <summary>A vote was committed in this epoch: the voter's other devices do not know of it yet.</summary>
    void OnVoteCast(Guid roomId, string epoch, PendingVote vote);

    /// <summary>Anything else in the room changed; its newest state is in PostgreSQL.</summary>
    void OnRoomChanged(Guid roomId);
}
