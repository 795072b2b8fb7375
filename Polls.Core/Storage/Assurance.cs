namespace Polls.Core.Storage;

/// <summary>
/// How a room ensures that each person votes once. The host chooses it, and everyone sees it next to the results.
/// </summary>
public enum Assurance
{
    /// <summary>One voter per device, identified by its token. New devices are rate limited.</summary>
    Device,

    /// <summary>Joining again creates a new voter. For applause, not for decisions.</summary>
    Open,

    /// <summary>One voter per seat code. A code can be used once.</summary>
    SeatCode,

    /// <summary>One voter per account, on any device.</summary>
    Account,
}
