using System.Diagnostics;
using System.Text.Json.Serialization;
using Polls.Core.Kinds;
using Polls.Core.Tallies;

namespace Polls.Api.Backplane;

/// <summary>
/// A message between instances about a room. Each part can be absent. Unknown parts are ignored, so that two versions
/// of the product can run side by side.
/// </summary>
/// <param name="Tallies">The newest complete tallies, with the data that decides who may see them.</param>
/// <param name="Changed">Something else changed; PostgreSQL has the newest state.</param>
/// <param name="Participants">The number of connected participants on all instances.</param>
/// <param name="Moved">Sessions that moved to another instance, which now counts their participants.</param>
/// <param name="Votes">Committed votes, for their voters' other connections.</param>
public sealed record RoomMessage(
    IReadOnlyList<TallyMoved>? Tallies = null, bool Changed = false, int? Participants = null,
    SessionsMoved? Moved = null, VotesCast? Votes = null)
{
    /// <summary>Returns the message with its traced tallies attached to this span, if it is not null.</summary>
    public RoomMessage Under(Activity? publish) => publish is null
        ? this
        : this with
        {
            Tallies = [.. Tallies!.Select(moved => moved.Trace is null ? moved : moved with { Trace = publish.Id })]
        };
}

/// <summary>Votes that the instance <paramref name="InstanceId"/> committed.</summary>
/// <param name="Votes">The votes.</param>
/// <param name="InstanceId">The instance.</param>
/// <param name="MoreLost">Whether earlier ones could not be sent.</param>
public sealed record VotesCast(IReadOnlyList<OwnVote> Votes, string InstanceId, bool MoreLost = false);

/// <summary>A committed vote, for the other connections of its voter.</summary>
/// <param name="ParticipantId">The voter.</param>
/// <param name="PollId">The poll.</param>
/// <param name="Epoch">The epoch of the store. A vote of another one may no longer exist.</param>
/// <param name="Edition">The poll's edition. A vote of an older one no longer exists.</param>
/// <param name="Revision">The voter's counter.</param>
/// <param name="Ballot">The answer.</param>
/// <param name="ConnectionId">
/// The connection that it came from, which gets the receipt; null on other instances.
/// </param>
public sealed record OwnVote(
    Guid ParticipantId, Guid PollId, string Epoch, int Edition, int Revision, Ballot Ballot,
    [property: JsonIgnore] string? ConnectionId = null);

/// <summary>Participants that are now connected to the instance <paramref name="InstanceId"/>.</summary>
public sealed record SessionsMoved(IReadOnlyList<SessionMove> Sessions, string InstanceId);

/// <summary>
/// When a participant connected. The message can arrive after the participant has connected elsewhere again.
/// </summary>
public sealed record SessionMove(Guid ParticipantId, DateTimeOffset ConnectedAt);
