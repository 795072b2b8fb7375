namespace Polls.Core.RoomPolls;

/// <summary>A poll as it was at one version, without its votes. Immutable, shared by all who look at it.</summary>
public sealed record PollSnapshot(
    Guid Id, Guid RoomId, int Position, PollKind Kind, string Question, IReadOnlyList<string> Options, int MaxChoices,
    ResultsVisibility Visibility, bool? ResultsShown, bool AllowChange, int? DurationSeconds, PollState State, int Edition,
    long Version, DateTimeOffset? OpenedAt, DateTimeOffset? ClosesAt)
{
    /// <summary>
    /// Whether participants may see the tally: by the host's hand if it was laid on, else by the poll's setting.
    /// A draft has no result to see.
    /// </summary>
    public bool ResultsVisible => State != PollState.Draft && (ResultsShown ?? Visibility switch
    {
        ResultsVisibility.Live => true,
        ResultsVisibility.AfterClose => State == PollState.Closed,
        _ => false,
    });

    /// <summary>What its host wrote.</summary>
    public PollDraft ToDraft() => new(Question, Kind, Options, new PollSettings
    {
        MaxChoices = MaxChoices, ResultsVisibility = Visibility, AllowChange = AllowChange, DurationSeconds = DurationSeconds,
    });
}
