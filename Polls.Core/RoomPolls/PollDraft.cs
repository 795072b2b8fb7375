namespace Polls.Core.RoomPolls;

/// <summary>A poll as the host wrote it, not yet checked.</summary>
/// <param name="Question">1 to 500 characters.</param>
/// <param name="Kind">How people choose.</param>
/// <param name="Options">2 to 20 texts of 1 to 200 characters.</param>
/// <param name="Settings">Everything that has a default.</param>
public sealed record PollDraft(string? Question, PollKind? Kind, IReadOnlyList<string?>? Options, PollSettings? Settings = null);

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

/// <summary>How people choose.</summary>
public enum PollKind
{
    /// <summary>Exactly one option.</summary>
    SingleChoice = 0,

    /// <summary>One option or more, up to the poll's limit.</summary>
    MultipleChoice = 1,
}

/// <summary>State of a poll.</summary>
public enum PollState
{
    /// <summary>Not opened yet; only the host sees it.</summary>
    Draft = 0,

    /// <summary>Accepts votes.</summary>
    Open = 1,

    /// <summary>Accepts no votes; may be opened again.</summary>
    Closed = 2,
}

/// <summary>When participants see the result, unless the host shows or hides it.</summary>
public enum ResultsVisibility
{
    /// <summary>While the poll is open, and afterwards.</summary>
    Live = 0,

    /// <summary>Once the poll is closed.</summary>
    AfterClose = 1,

    /// <summary>Only when the host shows it.</summary>
    HostOnly = 2,
}
