using Polls.Api.Hubs;
using Polls.Api.Tokens;
using Polls.Core.Polls;

namespace Polls.Api.LiveRooms;

/// <summary>One connection in a room, on this instance.</summary>
/// <param name="Caller">Whose it is.</param>
/// <param name="Outbox">Where messages to it go; writing there never waits.</param>
/// <param name="ConnectedAt">When it came.</param>
internal sealed record Member(Caller Caller, ConnectionOutbox Outbox, DateTimeOffset ConnectedAt)
{
    /// <summary>
    /// False while another instance counts the participant, because the session moved there. <c>Sessions/Uncounted</c>
    /// takes it back when that instance does not have it any more.
    /// </summary>
    public bool Counts { get; set; } = Caller.ParticipantId is not null;

    public Audience Audience => Caller.Role;
}
