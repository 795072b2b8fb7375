namespace Polls.Core.Storage;

/// <summary>
/// Participants whose votes a host has discarded together. Their votes are in the table <c>discarded_votes</c> until
/// they are restored, so that <c>votes</c> holds exactly those that count.
/// </summary>
public sealed class DiscardRow
{
    /// <summary>UUIDv7.</summary>
    public required Guid Id { get; init; }

    /// <summary>The room.</summary>
    public required Guid RoomId { get; init; }

    /// <summary>When they were discarded, by the database's clock.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Only those who joined at this time or later; null if from the beginning.</summary>
    public DateTimeOffset? JoinedFrom { get; init; }

    /// <summary>Only those who joined before this time.</summary>
    public required DateTimeOffset JoinedUntil { get; init; }

    /// <summary>Only those who never connected.</summary>
    public required bool NeverConnected { get; init; }

    /// <summary>How many they are.</summary>
    public int People { get; set; }

    /// <summary>How many answers they had given.</summary>
    public int Votes { get; set; }

    /// <summary>When a host restored them; null while they are discarded.</summary>
    public DateTimeOffset? RestoredAt { get; set; }
}

/// <summary>A participant whose votes are discarded. No vote of this participant is accepted.</summary>
public sealed class DiscardedParticipantRow
{
    /// <summary>The participant.</summary>
    public required Guid ParticipantId { get; init; }

    /// <summary>With whom.</summary>
    public required Guid DiscardId { get; init; }
}
