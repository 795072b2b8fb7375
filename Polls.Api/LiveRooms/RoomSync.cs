using Polls.Api.Backplane;
using Polls.Core.Rooms;
using Polls.Core.Telemetry;

namespace Polls.Api.LiveRooms;

/// <summary>
/// Anti-entropy: compares what this instance knows of its rooms with PostgreSQL, one cheap query for all of them, so
/// that a lost message heals by itself. More often while no backplane carries the news, and at once when it is back.
/// </summary>
public sealed class RoomSync : BackgroundService
{
    private static readonly TimeSpan Connected = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Alone = TimeSpan.FromMilliseconds(700);
    private static readonly TimeSpan HostInterval = TimeSpan.FromMinutes(1);
    private readonly LiveRoomDirectory directory;
    private readonly RoomReader reader;
    private readonly RoomCommands commands;
    private readonly IBackplane backplane;
    private readonly TimeProvider clock;
    private readonly PollsMetrics metrics;
    private readonly ILogger<RoomSync> log;
    private readonly SemaphoreSlim now = new(0, 1);
    private bool failing;

    /// <summary>Creates the loop; the host starts it.</summary>
    public RoomSync(
        LiveRoomDirectory directory, RoomReader reader, RoomCommands commands, IBackplane backplane, TimeProvider clock,
        PollsMetrics metrics, ILogger<RoomSync> log)
    {
        (this.directory, this.reader, this.commands, this.backplane) = (directory, reader, commands, backplane);
        (this.clock, this.metrics, this.log) = (clock, metrics, log);
        backplane.MessagesMayBeMissing += SyncNow;
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        backplane.MessagesMayBeMissing -= SyncNow;
        now.Dispose();
        base.Dispose();
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var hostsSeen = clock.GetTimestamp();
        while (!stoppingToken.IsCancellationRequested)
        {
            // Without a backplane PostgreSQL is the only way that news travel between instances.
            var interval = backplane.State == BackplaneState.Connected ? Connected : Alone;
            try
            {
                await now.WaitAsync(interval * (0.8 + (0.4 * Random.Shared.NextDouble())), stoppingToken);
                await SyncAsync(stoppingToken);
                await directory.SweepAsync(stoppingToken);
                if (clock.GetElapsedTime(hostsSeen) >= HostInterval)
                {
                    hostsSeen = clock.GetTimestamp();
                    await SeeHostsAsync(stoppingToken);
                }

                failing = false;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                metrics.LoopFailed(BackgroundLoop.RoomSync);
                if (!failing)
                {
                    LiveRoomLog.LoopFailed(log, exception, "roomSync");
                }

                failing = true;
            }
        }
    }

    private async Task SyncAsync(CancellationToken cancellationToken)
    {
        var known = directory.Rooms.Select(room => (Room: room, room.Versions)).Where(item => item.Versions is not null).ToList();
        if (known.Count == 0)
        {
            return;
        }

        var stored = (await reader.VersionsAsync([.. known.Select(item => item.Room.Id)], cancellationToken))
            .ToDictionary(versions => versions.RoomId);
        foreach (var (room, versions) in known)
        {
            // A room that is not there any more was deleted.
            if (stored.TryGetValue(room.Id, out var truth) ? truth.Room > versions!.Room || truth.Tallies > versions.Tallies : !room.IsDeleted)
            {
                room.Changed();
            }
        }
    }

    private async Task SeeHostsAsync(CancellationToken cancellationToken)
    {
        Guid[] hosted = [.. directory.Rooms.Where(room => room.HasHost).Select(room => room.Id)];
        if (hosted.Length > 0)
        {
            await commands.SeeHostsAsync(hosted, cancellationToken);
        }
    }

    private void SyncNow()
    {
        try
        {
            now.Release();
        }
        catch (SemaphoreFullException)
        {
            // A comparison is due already.
        }
    }
}
