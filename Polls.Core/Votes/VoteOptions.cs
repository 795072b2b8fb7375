using System.ComponentModel.DataAnnotations;

namespace Polls.Core.Votes;

/// <summary>Bounds of the vote path of one instance. Bound from the section <c>Votes</c>.</summary>
public sealed record VoteOptions
{
    /// <summary>Batches in flight at once. All votes of one poll use the same writer.</summary>
    [Range(1, 16, ErrorMessage = "Votes:Writers must be between {1} and {2}.")]
    public int Writers { get; set; } = 4;

    /// <summary>Votes that may wait per writer. Further votes are refused with <c>busy</c>.</summary>
    [Range(1, 1_000_000, ErrorMessage = "Votes:QueueLimit must be between {1} and {2}.")]
    public int QueueLimit { get; set; } = 10_000;

    /// <summary>Seconds that a caller waits for a receipt before it gets <c>unavailable</c>.</summary>
    [Range(1, 60, ErrorMessage = "Votes:ReceiptTimeoutSeconds must be between {1} and {2}.")]
    public int ReceiptTimeoutSeconds { get; set; } = 10;
}
