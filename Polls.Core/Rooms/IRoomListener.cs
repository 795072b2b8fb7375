using Polls.Core.Tallies;

namespace Polls.Core.Rooms;

/// <summary>Is told of every commit of this instance that screens must show. Never blocks, never throws.</summary>
public interface IRoomListener
{
    /// <summary>A batch of votes was committed. Called in version order for each poll.</summary>
    void OnTallyMoved(TallyMoved moved);

    /// <summary>Anything else in the room changed; its newest state is in PostgreSQL.</summary>
    void OnRoomChanged(Guid roomId);
}
