using Polls.Core.Kinds;

namespace Polls.Core.Storage;

/// <summary>A validated draft: all properties that editing changes.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Question">The question.</param>
/// <param name="Options">The options, in order.</param>
/// <param name="Settings">The kind's own settings, defaults filled in.</param>
/// <param name="Visibility">When participants see the result.</param>
/// <param name="AllowChange">Whether a vote can be changed.</param>
/// <param name="DurationSeconds">Seconds after which the open poll closes itself, if any.</param>
public sealed record PollContent(
    PollKind Kind, string Question, string[] Options, KindSettings Settings, ResultsVisibility Visibility,
    bool AllowChange, int? DurationSeconds)
{
    /// <summary>Number of cells of the tally.</summary>
    public int Cells => PollKinds.Get(Kind).Cells(new PollShape(Options.Length, Settings));

    /// <summary>Everything that determines what an answer means: all but the words.</summary>
    public (PollKind, int, KindSettings, ResultsVisibility, bool, int?) Form =>
        (Kind, Options.Length, Settings.WithoutWords(), Visibility, AllowChange, DurationSeconds);
}
