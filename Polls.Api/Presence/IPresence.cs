namespace Polls.Api.Presence;

/// <summary>
/// Counts connected participants per room on all running instances. Each instance renews the report of its own counts.
/// A report expires after <see cref="Lease"/>, which removes the counts of a killed instance.
/// </summary>
public interface IPresence
{
    /// <summary>How long a report is valid.</summary>
    static readonly TimeSpan Lease = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Reports how many participants of each room are connected to this instance (0 withdraws the report). Returns the
    /// totals of all instances in the same order. While the store is unavailable: this instance's counts plus the last
    /// known counts of the others.
    /// </summary>
    Task<IReadOnlyList<int>> ReportAsync(IReadOnlyList<RoomCount> counts, CancellationToken cancellationToken);

    /// <summary>
    /// Whether the last report of an instance counts participants in the room. True while the store is unavailable.
    /// </summary>
    Task<bool> ReportsAsync(Guid roomId, string instanceId, CancellationToken cancellationToken);

    /// <summary>The room's total on all running instances. For an instance without participants in the room.</summary>
    Task<int> CountAsync(Guid roomId, CancellationToken cancellationToken);
}

/// <summary>The number of participants of a room on one instance.</summary>
public readonly record struct RoomCount(Guid RoomId, int Participants);
