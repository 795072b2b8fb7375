namespace Polls.Core.Audit;

/// <summary>One thing that was done in a room, stored together with it: in the same transaction, or not at all.</summary>
public sealed class AuditRow
{
    /// <summary>In the order in which they were written.</summary>
    public long Id { get; init; }

    /// <summary>The room.</summary>
    public required Guid RoomId { get; init; }

    /// <summary>When, by the database's clock.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>The <see cref="Actor"/>.</summary>
    public required string Who { get; init; }

    /// <summary>What, by the name that it has in the API, such as <c>openPoll</c>.</summary>
    public required string What { get; init; }

    /// <summary>The poll, where it is about one. It may be deleted since.</summary>
    public Guid? PollId { get; init; }
}
