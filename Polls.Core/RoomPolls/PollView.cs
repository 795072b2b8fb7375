using Polls.Core.Kinds;
using Polls.Core.Storage;
using Polls.Core.Tallies;

namespace Polls.Core.RoomPolls;

/// <summary>A poll as one role may see it. Part of the wire contract.</summary>
/// <param name="Id">The poll.</param>
/// <param name="Edition">Raised by a reset and by every change of what can be answered; votes name it.</param>
/// <param name="Position">Order within the room.</param>
/// <param name="Kind">What people answer.</param>
/// <param name="Question">The question.</param>
/// <param name="Options">The options, in order.</param>
/// <param name="State">Its state.</param>
/// <param name="ResultsVisible">
/// Whether the participant may see the tally; for hosts and screens, whether participants without an answer may.
/// </param>
/// <param name="AllowChange">Whether a vote may be changed.</param>
/// <param name="MaxChoices">Maximum number of choices, of kinds that have choices.</param>
/// <param name="Settings">All settings, defaults filled in.</param>
/// <param name="OpenedAt">When it was last opened.</param>
/// <param name="ClosesAt">When its timer closes it.</param>
/// <param name="Entitled">Of an opened motion: how many were entitled to vote when it was opened.</param>
/// <param name="Tally">The result, if this role may see it.</param>
/// <param name="Version">
/// Raised by every change of the poll other than votes; only for hosts. A host's command with this version in
/// <c>If-Match</c> is refused if another host was faster.
/// </param>
public sealed record PollView(
    Guid Id, int Edition, int Position, PollKind Kind, string Question, IReadOnlyList<string> Options, PollState State,
    bool ResultsVisible, bool AllowChange, int? MaxChoices, PollSettings Settings, DateTimeOffset? OpenedAt,
    DateTimeOffset? ClosesAt, int? Entitled, Tally? Tally, long? Version = null)
{
    /// <summary>The poll as the role may see it; null if it may not see it.</summary>
    /// <param name="role">The role.</param>
    /// <param name="poll">The poll.</param>
    /// <param name="tally">Its tally.</param>
    /// <param name="hasAnswered">Whether an answer of this participant is stored.</param>
    public static PollView? For(Role role, PollSnapshot poll, Tally? tally, bool hasAnswered = false) =>
        !role.MaySee(poll)
        ? null
        : new PollView(
            poll.Id, poll.Edition, poll.Position, poll.Kind, poll.Question, poll.Options, poll.State,
            poll.ResultsVisible(role == Role.Participant && hasAnswered), poll.AllowChange,
            (poll.KindSettings as ChoiceSettings)?.MaxChoices, poll.Settings, poll.OpenedAt, poll.ClosesAt,
            poll.Entitled, tally is not null && role.MaySeeTally(poll, hasAnswered) ? role.PartOf(tally) : null,
            role == Role.Host ? poll.Version : null);
}
