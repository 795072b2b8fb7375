using Polls.Api.Backplane;
using Polls.Core.Loops;
using Polls.Core.Rooms;

namespace Polls.Api.LiveRooms;

/// <summary>
/// Anti-entropy: compares the rooms of this instance with PostgreSQL in one cheap query, which repairs lost messages.
/// Runs every two seconds, more often while the backplane is unavailable, and at once when it is available again.
/// </summary>
public sealed class RoomSync : LoopService
{
    private static readonly TimeSpan Connected = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Alone = TimeSpan.FromMilliseconds(700);
    private static readonly TimeSpan OnTheWay = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan HostInterval = TimeSpan.FromMinutes(1);
    private readonly LiveRoomDirectory directory;
    private readonly RoomReader reader;
    private readonly RoomCommands commands;
    private readonly IBackplane backplane;
    private long hostsSeen;

    /// <summary>Creates the loop; the host starts it.</summary>
    public RoomSync(
        LiveRoomDirectory directory, RoomReader reader, RoomCommands commands, IBackplane backplane, TimeProvider clock,
        LoopMetrics metrics, ILogger<RoomSync> log)
        : base("roomSync", clock, metrics, log)
    {
        (this.directory, this.reader, this.commands, this.backplane) = (directory, reader, commands, backplane);
        hostsSeen = clock.GetTimestamp();
        backplane.MessagesMayBeMissing += Repair;
    }

    /// <summary>
    /// Shorter without a backplane, because changes then reach other instances only through PostgreSQL.
    /// </summary>
    protected override TimeSpan Interval => backplane.State == BackplaneState.Connected ? Connected : Alone;

    /// <inheritdoc />
    public override void Dispose()
    {
        backplane.MessagesMayBeMissing -= Repair;
        base.Dispose();
    }

    /// <inheritdoc />
    protected override async Task RunOnceAsync(CancellationToken stoppingToken)
    {
        await SyncAsync(stoppingToken);
        await directory.SweepAsync(stoppingToken);
        if (Clock.GetElapsedTime(hostsSeen) >= HostInterval)
        {
            hostsSeen = Clock.GetTimestamp();
            await SeeHostsAsync(stoppingToken);
        }
    }

    private void Repair()
    {
        foreach (var room in directory.Rooms)
        {
            room.OwnVotesMayBeMissing();
        }

        Wake();
    }

    private async Task SyncAsync(CancellationToken cancellationToken)
    {
        var known = directory.Rooms.Select(room => (Room: room, room.Versions))
            .Where(item => item.Versions is not null).ToList();
        if (known.Count == 0)
        {
            return;
        }

        var behind = new List<(LiveRoom Room, RoomVersions Truth)>();
        var stored = (await reader.VersionsAsync([.. known.Select(item => item.Room.Id)], cancellationToken))
            .ToDictionary(versions => versions.RoomId);
        foreach (var (room, versions) in known)
        {
            // A room that PostgreSQL no longer has was deleted.
            if (!stored.TryGetValue(room.Id, out var truth))
            {
                if (!room.IsDeleted)
                {
                    room.Changed();
                }

                continue;
            }

            if (IsBehind(versions!, truth))
            {
                behind.Add((room, truth));
            }

            if (backplane.State == BackplaneState.Disconnected && room.TalliesAtRepair != truth.Tallies)
            {
                room.TalliesAtRepair = truth.Tallies;
                room.OwnVotesMayBeMissing();
            }
        }

        if (behind.Count > 0 && backplane.State == BackplaneState.Connected)
        {
            // While people vote, a message that tells the difference is usually on its way.
            await Task.Delay(OnTheWay, Clock, cancellationToken);
        }

        foreach (var (room, truth) in behind)
        {
            if (room.Versions is { } versions && IsBehind(versions, truth))
            {
                room.Changed();
                room.OwnVotesMayBeMissing();
            }
        }
    }

    private static bool IsBehind(RoomVersions known, RoomVersions stored) =>
        stored.Epoch != known.Epoch || stored.Room > known.Room || stored.Tallies > known.Tallies;

    private async Task SeeHostsAsync(CancellationToken cancellationToken)
    {
        Guid[] hosted = [.. directory.Rooms.Where(room => room.HasHost).Select(room => room.Id)];
        if (hosted.Length > 0)
        {
            await commands.SeeHostsAsync(hosted, cancellationToken);
        }
    }
}
