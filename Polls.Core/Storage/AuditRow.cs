namespace Polls.Core.Storage;

/// <summary>One action in a room, stored in the same transaction as the action.</summary>
public sealed class AuditRow
{
    /// <summary>Increases in the order of writing.</summary>
    public long Id { get; init; }

    /// <summary>The room.</summary>
    public required Guid RoomId { get; init; }

    /// <summary>The time of the action, by the database's clock.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>The <c>Actor</c>.</summary>
    public required string Who { get; init; }

    /// <summary>The action's name in the API, such as <c>openPoll</c>.</summary>
    public required string What { get; init; }

    /// <summary>The poll, if the action concerns one. It may have been deleted since.</summary>
    public Guid? PollId { get; init; }
}
