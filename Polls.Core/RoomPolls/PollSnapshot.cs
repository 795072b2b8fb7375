using Polls.Core.Kinds;
using Polls.Core.Storage;

namespace Polls.Core.RoomPolls;

/// <summary>A poll at one version, without its votes. Immutable.</summary>
public sealed record PollSnapshot(
    Guid Id, Guid RoomId, int Position, PollKind Kind, string Question, IReadOnlyList<string> Options,
    KindSettings KindSettings, ResultsVisibility Visibility, bool? ResultsShown, bool AllowChange, int? DurationSeconds,
    PollState State, int Edition, long Version, DateTimeOffset? OpenedAt, DateTimeOffset? ClosesAt,
    int? Entitled = null)
{
    /// <summary>What determines the form of answers and tallies.</summary>
    public PollShape Shape => new(Options.Count, KindSettings);

    /// <summary>Whether the tally tells of entries, which are read with it.</summary>
    public EntrySummary Entries => PollKinds.Get(Kind).Entries;

    /// <summary>All settings, defaults filled in.</summary>
    public PollSettings Settings { get; } = PollSettings.Of(KindSettings) with
    {
        ResultsVisibility = Visibility, AllowChange = AllowChange, DurationSeconds = DurationSeconds,
    };

    /// <summary>The answer of a stored vote.</summary>
    public Answer AnswerOf(Ballot ballot) => PollKinds.Get(Kind).Write(Shape, ballot);

    /// <summary>
    /// Whether a participant may see the tally: by the host's override if there is one, otherwise by the poll's
    /// setting. A draft has no tally.
    /// </summary>
    /// <param name="hasAnswered">Whether an answer of the participant is stored.</param>
    public bool ResultsVisible(bool hasAnswered) => State != PollState.Draft && (ResultsShown ?? Visibility switch
    {
        ResultsVisibility.Live => true,
        ResultsVisibility.AfterClose => State == PollState.Closed,
        ResultsVisibility.AfterVote => hasAnswered || State == PollState.Closed,
        _ => false,
    });

    /// <summary>Whether some participants may see the tally and others not.</summary>
    public bool DependsOnAnswer => ResultsVisible(hasAnswered: true) && !ResultsVisible(hasAnswered: false);

    /// <summary>The poll as its host wrote it.</summary>
    public PollDraft ToDraft() => new(Question, Kind, Options, Settings);
}
