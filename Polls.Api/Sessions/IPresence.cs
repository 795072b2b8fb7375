namespace Polls.Api.Sessions;

/// <summary>
/// Counts connected participants per room over all living instances. An instance reports its own counts again
/// and again; what it reported is forgotten <see cref="Lease"/> after its last report, so a killed instance
/// disappears from the counts by itself.
/// </summary>
public interface IPresence
{
    /// <summary>How long a report counts.</summary>
    static readonly TimeSpan Lease = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Reports how many participants of each room are connected to this instance (0 withdraws the report) and
    /// returns the totals over all instances in the same order. While the store is away: this instance's
    /// counts plus the last known counts of the others.
    /// </summary>
    Task<IReadOnlyList<int>> ReportAsync(IReadOnlyList<RoomCount> counts, CancellationToken cancellationToken);

    /// <summary>Whether the instance has participants in the room, as far as its last report says. True when the store is away.</summary>
    Task<bool> ReportsAsync(Guid roomId, string instanceId, CancellationToken cancellationToken);

    /// <summary>The room's total over all living instances, for an instance that has nobody in it.</summary>
    Task<int> CountAsync(Guid roomId, CancellationToken cancellationToken);
}

/// <summary>How many participants of a room one instance holds.</summary>
public readonly record struct RoomCount(Guid RoomId, int Participants);
