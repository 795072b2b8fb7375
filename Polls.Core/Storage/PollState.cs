namespace Polls.Core.Storage;

/// <summary>State of a poll.</summary>
public enum PollState
{
    /// <summary>Not opened yet. Only the host sees it.</summary>
    Draft = 0,

    /// <summary>Accepts votes.</summary>
    Open = 1,

    /// <summary>Accepts no votes. Can be reopened.</summary>
    Closed = 2,
}
