namespace Polls.Core.Seats;

/// <summary>One seat code of a room. Whose it became is stored nowhere: a slip of paper shall not lead to a vote.</summary>
public sealed class SeatRow
{
    /// <summary>The room.</summary>
    public required Guid RoomId { get; init; }

    /// <summary>The code, as <see cref="SeatCode"/> reads it.</summary>
    public required string Code { get; init; }

    /// <summary>In the order in which they were made, from 1: the number on the slip.</summary>
    public required int Number { get; init; }

    /// <summary>The day on which somebody joined with it, in UTC; null while it is free.</summary>
    public DateTimeOffset? TakenAt { get; set; }

    /// <summary>
    /// Proves to the one client that took it that it did, should its answer be lost and it try again; as good as random, and of
    /// no meaning to anybody else.
    /// </summary>
    public Guid? TakenBy { get; set; }
}
