namespace Polls.Core.Storage;

/// <summary>A seat code of a room. Its participant is not stored, so that a code cannot be linked to a vote.</summary>
public sealed class SeatRow
{
    /// <summary>The room.</summary>
    public required Guid RoomId { get; init; }

    /// <summary>The code, as <c>SeatCode</c> parses it.</summary>
    public required string Code { get; init; }

    /// <summary>The number on the slip, from 1, in order of creation.</summary>
    public required int Number { get; init; }

    /// <summary>The UTC day on which it was used; null while unused.</summary>
    public DateTimeOffset? TakenAt { get; set; }

    /// <summary>
    /// Whether the host may know that the code is used. Set for several codes at once, because a host who sees one code
    /// being used can see who uses it.
    /// </summary>
    public bool Told { get; set; }

    /// <summary>
    /// Lets the client that used the code retry after a lost answer. Looks random and has no other use.
    /// </summary>
    public Guid? TakenBy { get; set; }
}
