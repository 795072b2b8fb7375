using Polls.Core.Tallies;

namespace Polls.Core.Rooms;

/// <summary>Hears of everything that this instance commits and that screens must show. Never blocks, never throws.</summary>
public interface IRoomAudience
{
    /// <summary>A batch of votes was committed; for one poll called in the order of the versions.</summary>
    void OnTallyMoved(TallyMoved moved);

    /// <summary>Anything else in the room changed; its newest state is in PostgreSQL.</summary>
    void OnRoomChanged(Guid roomId);
}
