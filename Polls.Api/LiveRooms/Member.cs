using Polls.Api.Connections;
using Polls.Api.Tokens;
using Polls.Core.RoomPolls;

namespace Polls.Api.LiveRooms;

/// <summary>A connection in a room on this instance.</summary>
/// <param name="Caller">The owner of the connection.</param>
/// <param name="Outbox">The queue for messages to the connection. Sending never waits.</param>
/// <param name="ConnectedAt">When the connection was opened.</param>
internal sealed record Member(Caller Caller, ConnectionOutbox Outbox, DateTimeOffset ConnectedAt)
{
    /// <summary>
    /// False while another instance counts the participant because the session moved there.
    /// <c>Sessions/PresenceRepair</c> resets it when that instance no longer has the participant.
    /// </summary>
    public bool Counts { get; set; } = Caller.ParticipantId is not null;

    /// <summary>
    /// Whether another instance took over the session for an older connection, because it recorded that connection
    /// later than this one opened. That instance also counts the participant, until <c>Sessions/PresenceRepair</c>
    /// informs it.
    /// </summary>
    public bool Contested { get; set; }

    public Role Role => Caller.Role;
}
