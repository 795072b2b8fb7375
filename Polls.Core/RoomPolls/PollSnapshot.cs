using Polls.Core.Storage;
namespace Polls.Core.RoomPolls;

/// <summary>A poll at one version, without its votes. Immutable.</summary>
public sealed record PollSnapshot(
    Guid Id, Guid RoomId, int Position, PollKind Kind, string Question, IReadOnlyList<string> Options, int MaxChoices,
    ResultsVisibility Visibility, bool? ResultsShown, bool AllowChange, int? DurationSeconds, PollState State,
    int Edition, long Version, DateTimeOffset? OpenedAt, DateTimeOffset? ClosesAt)
{
    /// <summary>
    /// Whether participants may see the tally: by the host's override if there is one, otherwise by the poll's setting.
    /// A draft has no tally.
    /// </summary>
    public bool ResultsVisible => State != PollState.Draft && (ResultsShown ?? Visibility switch
    {
        ResultsVisibility.Live => true,
        ResultsVisibility.AfterClose => State == PollState.Closed,
        _ => false,
    });

    /// <summary>The poll as its host wrote it.</summary>
    public PollDraft ToDraft() => new(Question, Kind, Options, new PollSettings
    {
        MaxChoices = MaxChoices, ResultsVisibility = Visibility, AllowChange = AllowChange,
        DurationSeconds = DurationSeconds,
    });
}
