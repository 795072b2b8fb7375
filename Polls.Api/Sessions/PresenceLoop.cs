using Polls.Api.LiveRooms;
using Polls.Api.Presence;
using Polls.Core.Loops;

namespace Polls.Api.Sessions;

/// <summary>
/// Reports the number of participants of each room on this instance and gives the rooms the total over all instances:
/// soon after a change, and every few seconds in any case, so that the counts of a killed instance expire everywhere.
/// </summary>
public sealed class PresenceLoop(
    LiveRoomDirectory directory, IPresence presence, PresenceRepair repair, RoomPublisher publisher, TimeProvider clock,
    LiveRoomMetrics metrics, LoopMetrics loops, ILogger<PresenceLoop> log) : LoopService("presence", clock, loops, log)
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(3);
    private readonly Dictionary<Guid, (int Here, int Total)> reported = [];
    private long lastFull;

    /// <inheritdoc />
    protected override TimeSpan Interval => LookInterval;

    /// <inheritdoc />
    protected override async Task RunOnceAsync(CancellationToken stoppingToken)
    {
        var full = lastFull == 0 || Clock.GetElapsedTime(lastFull) >= ReportInterval;
        if (full)
        {
            lastFull = Clock.GetTimestamp();
            await repair.RunAsync(stoppingToken);
        }

        await ReportAsync(full, stoppingToken);
    }

    /// <summary>Takes this instance's counts back, so that the others need not wait until they expire.</summary>
    protected override Task FinishAsync(CancellationToken cancellationToken) =>
        presence.ReportAsync([.. reported.Keys.Select(room => new RoomCount(room, 0))], cancellationToken);

    private async Task ReportAsync(bool full, CancellationToken cancellationToken)
    {
        var here = directory.Rooms.ToDictionary(room => room.Id);
        var local = here.Values.Select(room => new RoomCount(room.Id, room.CountParticipants(again: full))).ToList();
        metrics.Counted(local.Count, local.Sum(count => count.Participants));
        var counts = local
            .Concat(reported.Keys.Where(id => !here.ContainsKey(id)).Select(id => new RoomCount(id, 0)))
            .Where(count =>
                full || !reported.TryGetValue(count.RoomId, out var known) || known.Here != count.Participants)
            .ToList();
        if (counts.Count == 0)
        {
            return;
        }

        var totals = await presence.ReportAsync(counts, cancellationToken);
        for (var i = 0; i < counts.Count; i++)
        {
            var (id, count) = counts[i];
            var changed = !reported.TryGetValue(id, out var known) || known.Total != totals[i] || known.Here != count;
            if (here.TryGetValue(id, out var room))
            {
                reported[id] = (count, totals[i]);
                room.SetParticipants(totals[i]);
            }
            else
            {
                reported.Remove(id);
            }

            if (changed)
            {
                publisher.PublishParticipants(id, totals[i]);
            }
        }
    }
}
