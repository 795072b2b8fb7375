using System.Diagnostics;

namespace Polls.Api.LiveRooms;

/// <summary>The loop of a live room: waits for changes, keeps the pace and survives failures.</summary>
internal sealed class RoomLoop : IAsyncDisposable
{
    private static readonly TimeSpan PresenceInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ReloadInterval = TimeSpan.FromMilliseconds(20);

    private readonly RoomSignal signal = new();
    private readonly FanOutOptions options;
    private readonly TimeProvider clock;
    private readonly LiveRoomMetrics metrics;
    private readonly ILogger log;
    private readonly CancellationTokenSource stopping = new();
    private readonly Task running;
    private long nextTallies;
    private long nextPresence;
    private long nextReload;
    private int failures;

    /// <summary>Starts the loop. It runs until it is disposed.</summary>
    public RoomLoop(Func<RoomSignal, LiveRoom> makeRoom, FanOutOptions options, TimeProvider clock, LiveRoomMetrics metrics, ILogger log)
    {
        (this.options, this.clock, this.metrics, this.log) = (options, clock, metrics, log);
        Room = makeRoom(signal);
        running = Task.Run(RunAsync);
    }

    /// <summary>The room of this loop.</summary>
    public LiveRoom Room { get; }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await running;
        Room.Dispose();
        stopping.Dispose();
    }

    private async Task RunAsync()
    {
        // The loop outlives the call that created the room, so its work must not belong to the trace of that call.
        Activity.Current = null;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await signal.WaitAsync(NextWork(), stopping.Token);
                await WorkAsync();
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                metrics.LoopFailed();
                if (failures++ == 0)
                {
                    LiveRoomLog.RoomLoopFailed(log, exception);
                }

                // The database is probably unavailable: retry with backoff and jitter, so that rooms do not retry together.
                var backoff = TimeSpan.FromMilliseconds(Math.Min(2000, 100 << Math.Min(failures, 5)) * (0.5 + Random.Shared.NextDouble()));
                nextReload = After(backoff);
                signal.Reload();
            }
        }
    }

    private async Task WorkAsync()
    {
        if ((signal.ReloadWanted || Room.NeedsReload) && IsDue(nextReload))
        {
            signal.ReloadBegins();
            await Room.ReloadAsync(stopping.Token);
            nextReload = After(ReloadInterval);
            failures = 0;
        }

        if (Room.HasTallyNews && IsDue(nextTallies))
        {
            var started = clock.GetTimestamp();
            await Room.SendTalliesAsync(stopping.Token);
            var took = clock.GetElapsedTime(started);
            nextTallies = started + Ticks(FanOutPace.IntervalAfter(options, Room.Connections, took));
        }

        if (Room.HasPresenceNews && IsDue(nextPresence))
        {
            await Room.SendPresenceAsync(stopping.Token);
            nextPresence = After(PresenceInterval);
        }
    }

    /// <summary>The time until the next known work. A signal ends the wait earlier.</summary>
    private TimeSpan NextWork()
    {
        var next = long.MaxValue;
        if (signal.ReloadWanted || Room.NeedsReload)
        {
            next = Math.Min(next, nextReload);
        }

        if (Room.HasTallyNews)
        {
            next = Math.Min(next, nextTallies);
        }

        if (Room.HasPresenceNews)
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
