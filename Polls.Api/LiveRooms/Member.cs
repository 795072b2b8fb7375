using Polls.Api.Connections;
using Polls.Api.Tokens;
using Polls.Core.RoomPolls;

namespace Polls.Api.LiveRooms;

/// <summary>One connection in a room, on this instance.</summary>
/// <param name="Caller">Whose it is.</param>
/// <param name="Outbox">Where messages to it go; writing there never waits.</param>
/// <param name="ConnectedAt">When it came.</param>
internal sealed record Member(Caller Caller, ConnectionOutbox Outbox, DateTimeOffset ConnectedAt)
{
    /// <summary>
    /// False while another instance counts the participant, because the session moved there. <c>Sessions/PresenceRepair</c>
    /// takes it back when that instance does not have it any more.
    /// </summary>
    public bool Counts { get; set; } = Caller.ParticipantId is not null;

    /// <summary>
    /// Another instance took the session over for an older connection, which it wrote down later than this one came. It does
    /// not know of this one and counts the participant too, until <c>Sessions/PresenceRepair</c> tells it.
    /// </summary>
    public bool Contested { get; set; }

    public Audience Audience => Caller.Role;
}
