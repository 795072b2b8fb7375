using Polls.Core.Storage;
namespace Polls.Core.RoomPolls;

/// <summary>A poll as the host wrote it, not yet checked.</summary>
/// <param name="Question">1 to 500 characters.</param>
/// <param name="Kind">How people choose.</param>
/// <param name="Options">2 to 20 texts of 1 to 200 characters.</param>
/// <param name="Settings">Everything that has a default.</param>
public sealed record PollDraft(
    string? Question, PollKind? Kind, IReadOnlyList<string?>? Options, PollSettings? Settings = null);

/// <summary>How a poll behaves.</summary>
public sealed record PollSettings
{
    /// <summary>Maximum number of choices in a multiple-choice poll; all options if absent.</summary>
    public int? MaxChoices { get; init; }

    /// <summary>When participants see the result.</summary>
    public ResultsVisibility ResultsVisibility { get; init; } = ResultsVisibility.Live;

    /// <summary>Whether a vote may be changed or withdrawn while the poll is open.</summary>
    public bool AllowChange { get; init; } = true;

    /// <summary>Seconds after which the open poll closes itself. If absent, the host closes it.</summary>
    public int? DurationSeconds { get; init; }
}
