namespace Polls.Core.Storage;

/// <summary>A validated draft: all properties that editing changes.</summary>
public sealed record PollContent(
    PollKind Kind, string Question, string[] Options, int MaxChoices, ResultsVisibility Visibility, bool AllowChange,
    int? DurationSeconds);
