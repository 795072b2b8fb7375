namespace Polls.Api.Presence;

/// <summary>
/// Presence in memory, for a single instance. <see cref="As"/> gives tests more instances that share the same rooms.
/// </summary>
public sealed class InProcessPresence : IPresence
{
    private readonly string instanceId;
    private readonly Rooms rooms;

    /// <summary>Creates the presence of the only instance.</summary>
    public InProcessPresence(TimeProvider clock)
        : this("self", new Rooms(clock))
    {
    }

    private InProcessPresence(string instanceId, Rooms rooms)
    {
        this.instanceId = instanceId;
        this.rooms = rooms;
    }

    /// <summary>Returns a view of the same rooms for another instance.</summary>
    public InProcessPresence As(string otherInstanceId) => new(otherInstanceId, rooms);

    /// <inheritdoc />
    public Task<IReadOnlyList<int>> ReportAsync(
        IReadOnlyList<RoomCount> counts, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult<IReadOnlyList<int>>([.. counts.Select(count => rooms.Report(instanceId, count))]);
    }

    /// <inheritdoc />
    public Task<int> CountAsync(Guid roomId, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(rooms.Count(roomId));
    }

    /// <inheritdoc />
    public Task<bool> ReportsAsync(Guid roomId, string instanceId, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(rooms.Reports(roomId, instanceId));
    }

    private sealed class Rooms(TimeProvider clock)
    {
        private readonly Lock gate = new();
        private readonly Dictionary<Guid, Dictionary<string, Reported>> byRoom = [];
        private DateTimeOffset nextSweep = clock.GetUtcNow() + IPresence.Lease;

        public int Report(string instanceId, RoomCount count)
        {
            lock (gate)
            {
                Sweep();
                if (!byRoom.TryGetValue(count.RoomId, out var reports)) byRoom[count.RoomId] = reports = [];
                if (count.Participants > 0) reports[instanceId] = new(count.Participants, clock.GetUtcNow());
                else reports.Remove(instanceId);
                if (reports.Count == 0) byRoom.Remove(count.RoomId);
                return Total(reports);
            }
        }

        public int Count(Guid roomId)
        {
            lock (gate) return byRoom.TryGetValue(roomId, out var reports) ? Total(reports) : 0;
        }

        public bool Reports(Guid roomId, string instanceId)
        {
            lock (gate)
            {
                return byRoom.TryGetValue(roomId, out var reports)
                    && reports.TryGetValue(instanceId, out var report)
                    && Living(report);
            }
        }

        private int Total(Dictionary<string, Reported> reports) =>
            reports.Values.Where(Living).Sum(report => report.Participants);

        private bool Living(Reported report) => clock.GetUtcNow() - report.At < IPresence.Lease;

        private void Sweep()
        {
            if (clock.GetUtcNow() < nextSweep) return;
            nextSweep = clock.GetUtcNow() + IPresence.Lease;
            foreach (var (roomId, reports) in byRoom)
            {
                foreach (var (instance, report) in reports)
                {
                    if (!Living(report)) reports.Remove(instance);
                }

                if (reports.Count == 0) byRoom.Remove(roomId);
            }
        }

        private readonly record struct Reported(int Participants, DateTimeOffset At);
    }
}
