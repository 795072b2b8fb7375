using System.ComponentModel.DataAnnotations;

namespace Polls.Core.Votes;

/// <summary>Bounds of the vote path of one instance. Bound from the section <c>Votes</c>.</summary>
public sealed record VoteOptions
{
    /// <summary>How many batches may be in flight at once. All votes of one poll go through one writer.</summary>
    [Range(1, 16)]
    public int Writers { get; set; } = 4;

    /// <summary>Votes that may wait per writer; one more is answered <c>busy</c>.</summary>
    [Range(1, 1_000_000)]
    public int QueueLimit { get; set; } = 10_000;

    /// <summary>Most votes in one transaction.</summary>
    [Range(1, 10_000)]
    public int BatchLimit { get; set; } = 1_000;

    /// <summary>How long a caller waits for a receipt, in seconds, before it is told <c>unavailable</c>.</summary>
    [Range(1, 60)]
    public int ReceiptTimeoutSeconds { get; set; } = 10;
}
