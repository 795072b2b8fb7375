namespace Polls.Core.Storage;

/// <summary>When participants see the result, unless the host shows or hides it.</summary>
public enum ResultsVisibility
{
    /// <summary>While the poll is open, and afterwards.</summary>
    Live = 0,

    /// <summary>Once the poll is closed.</summary>
    AfterClose = 1,

    /// <summary>Only when the host shows it.</summary>
    HostOnly = 2,

    /// <summary>Each participant once the own answer is stored; everybody once the poll is closed.</summary>
    AfterVote = 3,
}
