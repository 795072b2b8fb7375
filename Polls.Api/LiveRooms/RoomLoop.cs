using System.Diagnostics;
using Polls.Core.Loops;

namespace Polls.Api.LiveRooms;

/// <summary>
/// The loop of a live room: waits for changes, keeps the pace and survives failures. The first change is sent at once,
/// later ones at the pace of <see cref="IntervalAfter"/>.
/// </summary>
internal sealed class RoomLoop : IAsyncDisposable
{
    private static readonly TimeSpan PresenceInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ReloadInterval = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan OwnVotesInterval = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan FirstBackoff = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromSeconds(2);

    private readonly FanOutOptions options;
    private readonly TimeProvider clock;
    private readonly LiveRoomMetrics metrics;
    private readonly ILogger log;
    private readonly CancellationTokenSource stopping = new();
    private readonly Task running;
    private long nextTallies;
    private long nextPresence;
    private long nextReload;
    private long nextOwnVotes;
    private int failures;

    /// <summary>Starts the loop. It runs until it is disposed.</summary>
    public RoomLoop(LiveRoom room, FanOutOptions options, TimeProvider clock, LiveRoomMetrics metrics, ILogger log)
    {
        (Room, this.options, this.clock, this.metrics, this.log) = (room, options, clock, metrics, log);
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

    /// <summary>
    /// The time from one update to the next: 50 ms or 15 µs per connection, whichever is longer (50 ms up to 3,300
    /// connections, 150 ms at 10,000, at most 250 ms), and at least twice as long as the last update took. So fan-out
    /// takes at most half of the time, and votes get the rest. With three quarters for fan-out, screens of 10,000
    /// people were not updated sooner, and receipts arrived five times as late (docs/performance.md).
    /// </summary>
    internal static TimeSpan IntervalAfter(FanOutOptions options, int connections, TimeSpan lastTook)
    {
        var bySize = Math.Clamp(
            connections * options.MicrosecondsPerConnection / 1000.0,
            options.MinIntervalMilliseconds,
            options.MaxIntervalMilliseconds);
        return TimeSpan.FromMilliseconds(Math.Max(bySize, 2 * lastTook.TotalMilliseconds));
    }

    private async Task RunAsync()
    {
        // The loop outlives the call that created the room, so its work must not belong to the trace of that call.
        Activity.Current = null;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await Room.WaitForChangeAsync(NextWork(), stopping.Token);
                if (await WorkAsync())
                {
                    failures = 0;
                }
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

                // The database is probably unavailable.
                nextReload = nextOwnVotes = nextTallies = nextPresence =
                    After(Backoff.After(failures, FirstBackoff, LongestBackoff));
                Room.Changed();
            }
        }
    }

    /// <summary>Does the work that is due; returns whether there was any.</summary>
    private async Task<bool> WorkAsync()
    {
        var worked = false;
        if (Room.NeedsReload && IsDue(nextReload))
        {
            await Room.ReloadAsync(stopping.Token);
            nextReload = After(ReloadInterval);
            worked = true;
        }

        if (Room.HasOwnVotes && IsDue(nextOwnVotes))
        {
            await Room.SendOwnVotesAsync(stopping.Token);
            nextOwnVotes = After(OwnVotesInterval);
            worked = true;
        }

        if (Room.HasTallyNews && IsDue(nextTallies))
        {
            var started = clock.GetTimestamp();
            await Room.SendTalliesAsync(stopping.Token);
            var took = clock.GetElapsedTime(started);
            nextTallies = started + Ticks(IntervalAfter(options, Room.Connections, took));
            worked = true;
        }

        if (Room.HasPresenceNews && IsDue(nextPresence))
        {
            await Room.SendPresenceAsync(stopping.Token);
            nextPresence = After(PresenceInterval);
            worked = true;
        }

        return worked;
    }

    /// <summary>The time until the next known work. A signal ends the wait earlier.</summary>
    private TimeSpan NextWork()
    {
        var next = long.MaxValue;
        if (Room.NeedsReload)
        {
            next = Math.Min(next, nextReload);
        }

        if (Room.HasOwnVotes)
        {
            next = Math.Min(next, nextOwnVotes);
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
        // The wait takes whole milliseconds. Rounded down, the last fraction would be waited for in a busy loop.
        return wait > TimeSpan.Zero ? TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds)) : TimeSpan.Zero;
    }

    private bool IsDue(long at) => clock.GetTimestamp() >= at;

    private long After(TimeSpan wait) => clock.GetTimestamp() + Ticks(wait);

    private long Ticks(TimeSpan time) => (long)(time.TotalSeconds * clock.TimestampFrequency);
}
