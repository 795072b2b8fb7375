using System.Diagnostics;
using Polls.Core.Loops;

namespace Polls.Api.LiveRooms;

/// <summary>
/// The loop of a live room: waits for changes, keeps the pace (<see cref="PaceOf"/>) and survives failures.
/// </summary>
internal sealed class RoomLoop : IAsyncDisposable
{
    private const int FewMembers = 32;
    private const int ManyMembers = 64;
    private static readonly TimeSpan PresenceInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ReloadInterval = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan OwnVotesInterval = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan RepairInterval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan FirstBackoff = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromSeconds(2);

    private readonly FanOutOptions options;
    private readonly TimeProvider clock;
    private readonly LiveRoomMetrics metrics;
    private readonly ILogger log;
    private readonly CancellationTokenSource stopping = new();
    private readonly Task running;
    private long nextEntries;
    private long nextNews;
    private long lastNews;
    private bool isBusy;
    private long nextPresence;
    private long nextReload;
    private long nextOwnVotes;
    private long nextRepair;
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
    /// The pace of news: each member gets an update every 50 ms or 15 µs per connection, whichever is longer (50 ms up
    /// to 3,300 connections, 150 ms at 10,000, at most 250 ms), at its own time. So receipts never wait behind the
    /// updates of a whole room.
    /// </summary>
    /// <param name="options">The settings of fan-out.</param>
    /// <param name="connections">The number of members.</param>
    /// <param name="since">The time since the last ones were told; null if the room was quiet.</param>
    /// <returns>How many members to tell now, the time until the next ones are due, and the time from one update of a
    /// member to its next one.</returns>
    internal static (int Members, TimeSpan Pause, TimeSpan Interval) PaceOf(
        FanOutOptions options, int connections, TimeSpan? since)
    {
        var interval = TimeSpan.FromMilliseconds(Math.Clamp(
            connections * options.MicrosecondsPerConnection / 1000.0,
            options.MinIntervalMilliseconds,
            options.MaxIntervalMilliseconds));
        var few = Math.Max(FewMembers, (int)Math.Ceiling(connections * (ShortestPause / interval)));
        // More if it is late, so that updates do not become rare when the machine has too much to do.
        var due = since is { } time ? Math.Ceiling(connections * (time / interval)) : few;
        return (
            (int)Math.Clamp(due, few, Math.Max(few, ManyMembers)), interval * Math.Min(1, (double)few / connections),
            interval);
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
                nextReload = nextOwnVotes = nextRepair = nextEntries = nextPresence =
                    After(Backoff.After(failures, FirstBackoff, LongestBackoff));
                Room.Changed();
            }
        }
    }

    // While PostgreSQL is away, everyone is told what is known first: a read can take long to fail again.
    private bool MayRead => failures == 0 || !Room.IsAnyoneBehind;

    /// <summary>Does the work that is due; returns whether PostgreSQL answered.</summary>
    private async Task<bool> WorkAsync()
    {
        var answered = false;
        if (Room.NeedsReload && MayRead && IsDue(nextReload))
        {
            await Room.ReloadAsync(stopping.Token);
            nextReload = After(ReloadInterval);
            answered = true;
        }

        if (Room.HasOwnVotes && IsDue(nextOwnVotes))
        {
            await Room.SendOwnVotesAsync(stopping.Token);
            nextOwnVotes = After(OwnVotesInterval);
        }

        if (Room.HasUnreadEntries && MayRead && IsDue(nextEntries))
        {
            var (_, _, interval) = PaceOf(options, Room.Connections, since: null);
            nextEntries = After(interval);
            await Room.ReadEntriesAsync(stopping.Token);
            answered = true;
        }

        if (Room.MissesOwnVotes && MayRead && IsDue(nextRepair))
        {
            nextRepair = After(RepairInterval);
            await Room.RepairOwnVotesAsync(stopping.Token);
            answered = true;
        }

        if (Room.HasPresenceNews && IsDue(nextPresence))
        {
            await Room.TellPresenceAsync(stopping.Token);
            nextPresence = After(PresenceInterval);
        }

        if (Room.HasNews && IsDue(nextNews))
        {
            var started = clock.GetTimestamp();
            var (members, pause, interval) = PaceOf(
                options, Room.Connections, isBusy ? clock.GetElapsedTime(lastNews, started) : null);
            (lastNews, nextNews) = (started, After(FirstBackoff));
            await Room.SendNewsAsync(members, stopping.Token);
            isBusy = Room.IsAnyoneBehind;
            // What is left if nobody is behind waits for a reload. At most half of the time: votes get the rest.
            var next = isBusy || !Room.HasNews ? pause : interval;
            nextNews = started + Math.Max(Ticks(next), 2 * (clock.GetTimestamp() - started));
        }

        return answered;
    }

    /// <summary>The time until the next known work. A signal ends the wait earlier.</summary>
    private TimeSpan NextWork()
    {
        var next = long.MaxValue;
        if (Room.NeedsReload && MayRead)
        {
            next = Math.Min(next, nextReload);
        }

        if (Room.HasOwnVotes)
        {
            next = Math.Min(next, nextOwnVotes);
        }

        if (Room.MissesOwnVotes && MayRead)
        {
            next = Math.Min(next, nextRepair);
        }

        if (Room.HasNews)
        {
            next = Math.Min(next, nextNews);
        }

        if (Room.HasUnreadEntries && MayRead)
        {
            next = Math.Min(next, nextEntries);
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
