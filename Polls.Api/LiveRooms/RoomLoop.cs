using System.Diagnostics;
using Polls.Api.Backplane;
using Polls.Core.Telemetry;

namespace Polls.Api.LiveRooms;

/// <summary>The loop of one live room: waits for news, keeps the pace, survives failures.</summary>
internal sealed class RoomLoop(
    LiveRoom room, IBackplane backplane, FanOutOptions options, TimeProvider clock, PollsMetrics metrics, ILogger log)
    : IAsyncDisposable
{
    private static readonly TimeSpan PresenceInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ReloadInterval = TimeSpan.FromMilliseconds(20);

    // Not disposed: news may still arrive from someone who found the room just before it retired.
    private readonly SemaphoreSlim signal = new(0);
    private readonly CancellationTokenSource stopping = new();
    private Task running = Task.CompletedTask;
    private IAsyncDisposable? subscription;
    private long nextTallies;
    private long nextPresence;
    private long nextReload;
    private int failures;
    private int signalled;
    private int reload;

    public void Start() => running = Task.Run(RunAsync);

    /// <summary>There may be something to send.</summary>
    public void Wake()
    {
        if (Interlocked.Exchange(ref signalled, 1) == 0)
        {
            signal.Release();
        }
    }

    /// <summary>The room has to be read anew.</summary>
    public void Reload()
    {
        Interlocked.Exchange(ref reload, 1);
        Wake();
    }

    /// <summary>Hears of the room from other instances from now on.</summary>
    public async Task SubscribeAsync(CancellationToken cancellationToken) =>
        subscription ??= await backplane.SubscribeAsync(RoomMessage.ChannelOf(room.Id), Hear, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await running;
        if (subscription is not null)
        {
            await subscription.DisposeAsync();
        }

        stopping.Dispose();
    }

    private void Hear(ReadOnlyMemory<byte> bytes)
    {
        if (RoomMessage.Decode(bytes) is not { } message)
        {
            return;
        }

        foreach (var moved in message.Tallies ?? [])
        {
            room.Offer(moved);
        }

        if (message.Moved is { } sessions)
        {
            room.Hear(sessions);
        }

        if (message.Participants is { } total)
        {
            room.SetParticipants(total);
        }

        if (message.Changed)
        {
            Reload();
        }
    }

    private async Task RunAsync()
    {
        // It outlives the call that the room was made for, and what it does belongs to no trace of that one.
        Activity.Current = null;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await signal.WaitAsync(NextWork(), stopping.Token);
                Interlocked.Exchange(ref signalled, 0);
                await WorkAsync();
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                metrics.LoopFailed(BackgroundLoop.LiveRoom);
                if (failures++ == 0)
                {
                    LiveRoomLog.RoomLoopFailed(log, exception);
                }

                // The database is away, most likely: come back more and more slowly, and not all rooms at once.
                var backoff = TimeSpan.FromMilliseconds(Math.Min(2000, 100 << Math.Min(failures, 5)) * (0.5 + Random.Shared.NextDouble()));
                nextReload = After(backoff);
                Interlocked.Exchange(ref reload, 1);
            }
        }
    }

    private async Task WorkAsync()
    {
        if ((Volatile.Read(ref reload) == 1 || room.NeedsReload) && IsDue(nextReload))
        {
            Interlocked.Exchange(ref reload, 0);
            await room.ReloadAsync(stopping.Token);
            nextReload = After(ReloadInterval);
            failures = 0;
        }

        if (room.HasTallyNews && IsDue(nextTallies))
        {
            var started = clock.GetTimestamp();
            await room.SendTalliesAsync(stopping.Token);
            var took = clock.GetElapsedTime(started);
            nextTallies = started + Ticks(FanOutPace.IntervalAfter(options, room.Connections, took));
        }

        if (room.HasPresenceNews && IsDue(nextPresence))
        {
            await room.SendPresenceAsync(stopping.Token);
            nextPresence = After(PresenceInterval);
        }
    }

    /// <summary>How long there is nothing to do unless news arrive.</summary>
    private TimeSpan NextWork()
    {
        var next = long.MaxValue;
        if (Volatile.Read(ref reload) == 1 || room.NeedsReload)
        {
            next = Math.Min(next, nextReload);
        }

        if (room.HasTallyNews)
        {
            next = Math.Min(next, nextTallies);
        }

        if (room.HasPresenceNews)
        {
            next = Math.Min(next, nextPresence);
        }

        if (next == long.MaxValue)
        {
            return Timeout.InfiniteTimeSpan;
        }

        var wait = clock.GetElapsedTime(clock.GetTimestamp(), next);
        return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
    }

    private bool IsDue(long at) => clock.GetTimestamp() >= at;

    private long After(TimeSpan wait) => clock.GetTimestamp() + Ticks(wait);

    private long Ticks(TimeSpan time) => (long)(time.TotalSeconds * clock.TimestampFrequency);
}
