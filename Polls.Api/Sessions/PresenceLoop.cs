using Polls.Api.LiveRooms;
using Polls.Core.Telemetry;

namespace Polls.Api.Sessions;

/// <summary>
/// Reports how many participants each room has here, and tells the rooms the total: soon after a change, and every
/// few seconds in any case, so that the counts of an instance that died run out everywhere.
/// </summary>
public sealed class PresenceLoop(
    LiveRoomDirectory directory, IPresence presence, Uncounted uncounted, RoomPublisher publisher, TimeProvider clock,
    PollsMetrics metrics, ILogger<PresenceLoop> log) : BackgroundService
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(3);
    private readonly Dictionary<Guid, (int Here, int Total)> reported = [];

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var lastFull = 0L;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var full = lastFull == 0 || clock.GetElapsedTime(lastFull) >= ReportInterval;
                if (full)
                {
                    lastFull = clock.GetTimestamp();
                    await uncounted.CountAgainAsync(stoppingToken);
                }

                await ReportAsync(full, stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                metrics.LoopFailed(BackgroundLoop.Presence);
                LiveRoomLog.LoopFailed(log, exception, "presence");
            }
            catch (Exception)
            {
                return;
            }

            await Task.Delay(LookInterval, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Takes this instance's counts back, so that the others need not wait for them to run out.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            await presence.ReportAsync([.. reported.Keys.Select(room => new RoomCount(room, 0))], cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // There is no time left for it: the counts run out by themselves.
        }
    }

    private async Task ReportAsync(bool full, CancellationToken cancellationToken)
    {
        var here = directory.Rooms.ToDictionary(room => room.Id);
        var local = here.Values.Select(room => new RoomCount(room.Id, room.CountParticipants(again: full))).ToList();
        metrics.LiveRooms(local.Count, local.Sum(count => count.Participants));
        var counts = local
            .Concat(reported.Keys.Where(id => !here.ContainsKey(id)).Select(id => new RoomCount(id, 0)))
            .Where(count => full || !reported.TryGetValue(count.RoomId, out var known) || known.Here != count.Participants)
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
