using System.Diagnostics;
using Polls.Core.Tallies;

namespace Polls.Api.Backplane;

/// <summary>
/// What instances tell each other of a room. Any of the parts may be absent; unknown parts are ignored, so that two versions of the product
/// understand each other.
/// </summary>
/// <param name="Tallies">Newest tallies, whole, with what is needed to judge who may see them.</param>
/// <param name="Changed">Something else changed: the newest state is in PostgreSQL.</param>
/// <param name="Participants">The count of connected participants over all instances.</param>
/// <param name="Moved">Sessions that moved to another instance, which counts their participants from now on.</param>
public sealed record RoomMessage(
    IReadOnlyList<TallyMoved>? Tallies = null, bool Changed = false, int? Participants = null, SessionsMoved? Moved = null)
{
    /// <summary>The message whose traced tallies come from this span, if there is one.</summary>
    public RoomMessage Under(Activity? publish) => publish is null
        ? this
        : this with { Tallies = [.. Tallies!.Select(moved => moved.Trace is null ? moved : moved with { Trace = publish.Id })] };
}

/// <summary>These participants are now connected to this instance.</summary>
public sealed record SessionsMoved(IReadOnlyList<SessionMove> Sessions, string InstanceId);

/// <summary>When a participant connected: news of it may come late, after the participant connected elsewhere again.</summary>
public sealed record SessionMove(Guid ParticipantId, DateTimeOffset ConnectedAt);
