using Polls.Core.RoomPolls;
using Polls.Core.Rooms;
using Polls.Core.Tallies;
using Polls.Core.Votes;

namespace Polls.Api.LiveRooms;

/// <summary>The events that the server sends. Names and shapes are the contract with all clients.</summary>
public interface IRoomClient
{
    /// <summary>
    /// The whole room as the receiver may see it. Sent on connecting, and when the receiver loses access to a part.
    /// </summary>
    Task RoomState(RoomState state);

    /// <summary>A poll is new or has changed.</summary>
    Task PollChanged(PollView poll);

    /// <summary>The newest complete result of a poll. The highest version wins.</summary>
    Task TallyChanged(Tally tally);

    /// <summary>The receiver's own votes that another device or tab of the same participant has cast.</summary>
    Task MyVotes(IReadOnlyList<MyVote> votes);

    /// <summary>The number of connected participants.</summary>
    Task PresenceChanged(Presence presence);

    /// <summary>The room has ended.</summary>
    Task RoomClosed();
}

/// <summary>The number of participants connected to a room on all instances.</summary>
public sealed record Presence(int Participants);
