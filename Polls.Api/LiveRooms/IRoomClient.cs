using Polls.Core.RoomPolls;
using Polls.Core.Rooms;
using Polls.Core.Tallies;

namespace Polls.Api.LiveRooms;

/// <summary>The events that the server sends. Their names and shapes are the contract with every client.</summary>
public interface IRoomClient
{
    /// <summary>The whole room as the receiver may see it; on connecting, and when parts of it went away.</summary>
    Task RoomState(RoomState state);

    /// <summary>One poll is new or changed.</summary>
    Task PollChanged(PollView poll);

    /// <summary>The newest result of a poll. Whole state: the highest version wins.</summary>
    Task TallyChanged(Tally tally);

    /// <summary>How many participants are connected.</summary>
    Task PresenceChanged(Presence presence);

    /// <summary>The room has ended.</summary>
    Task RoomClosed();
}

/// <summary>How many participants are connected to a room, over all instances.</summary>
public sealed record Presence(int Participants);
