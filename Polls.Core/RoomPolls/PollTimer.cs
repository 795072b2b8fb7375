using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Npgsql;
using Polls.Core.Loops;
using Polls.Core.Rooms;

namespace Polls.Core.RoomPolls;

/// <summary>
/// Closes timed polls when their time is up. Every instance watches all polls, so a stopped instance does not matter.
/// The poll's row lock lets exactly one instance close it.
/// </summary>
public sealed class PollTimer(
    NpgsqlDataSource database, PollCommands polls, IRoomListener listener, TimeProvider clock, LoopMetrics metrics,
    ILogger<PollTimer> log)
    : LoopService("pollTimer", clock, metrics, log)
{
    private const string DueSoon =
        """
        SELECT id, room_id, EXTRACT(EPOCH FROM closes_at - clock_timestamp())::float8
        FROM polls WHERE state = 1 AND closes_at IS NOT NULL AND closes_at < clock_timestamp() + interval '2 seconds'
        ORDER BY closes_at LIMIT 1000
        """;

    // Closes all due polls that are not locked, in one statement: hundreds may end in the same second. Locked polls are
    // left for the next look, and after a moment for the command that queues for the lock. Locks are taken in the
    // global order: polls, rooms.
    private const string CloseFree =
        """
        WITH due AS (
          SELECT id FROM polls WHERE state = 1 AND closes_at <= clock_timestamp()
          ORDER BY id LIMIT 1000 FOR NO KEY UPDATE SKIP LOCKED),
        closed AS (
          UPDATE polls p SET state = 2, closed_at = clock_timestamp(), version = p.version + 1
          FROM due WHERE p.id = due.id RETURNING p.id, p.room_id),
        noted AS (
          INSERT INTO audit (room_id, who, what, poll_id) SELECT room_id, 'timer', 'closePoll', id FROM closed),
        touched AS MATERIALIZED (
          SELECT id FROM rooms WHERE id IN (SELECT room_id FROM closed) ORDER BY id FOR NO KEY UPDATE),
        raised AS (
          UPDATE rooms r SET version = r.version + (SELECT count(*) FROM closed c WHERE c.room_id = r.id)
          FROM touched t WHERE r.id = t.id)
        SELECT id, room_id FROM closed
        """;

    // A poll lives at least one second, so looking twice a second finds each before it is due.
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LateAfter = TimeSpan.FromMilliseconds(60);
    private const int AtOnce = 8;

    // Polls being closed now. A poll whose lock is held delays neither other polls nor the next look.
    private readonly ConcurrentDictionary<Guid, Task> closing = new();

    private TimeSpan next = TimeSpan.Zero;

    /// <inheritdoc />
    protected override TimeSpan Interval => next;

    /// <summary>None: the next look is when the next poll is due.</summary>
    protected override double Jitter => 0;

    /// <inheritdoc />
    protected override async Task RunOnceAsync(CancellationToken stoppingToken) =>
        next = await LookAsync(stoppingToken);

    /// <inheritdoc />
    protected override Task FinishAsync(CancellationToken cancellationToken) => Task.WhenAll(closing.Values);

    /// <summary>Starts closing due polls and returns the time until the next look.</summary>
    private async Task<TimeSpan> LookAsync(CancellationToken cancellationToken)
    {
        var due = new List<(Guid Poll, Guid Room, TimeSpan Left)>();
        var wait = Longest;
        await using (var command = database.CreateCommand(DueSoon))
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                var left = TimeSpan.FromSeconds(reader.GetDouble(2));
                if (left <= TimeSpan.Zero)
                {
                    due.Add((reader.GetGuid(0), reader.GetGuid(1), left));
                }
                else if (left < wait)
                {
                    wait = left;
                }
            }
        }

        if (due.Count == 0)
        {
            return wait > Shortest ? wait : Shortest;
        }

        var closed = await CloseFreeAsync(cancellationToken);
        foreach (var (poll, room, left) in due)
        {
            // Do not wait above the bound: eight locked polls must not delay all others.
            if (closed.Contains(poll) || -left < LateAfter || closing.ContainsKey(poll) || closing.Count >= AtOnce)
            {
                continue;
            }

            // Add it before it can complete, so that its completion can remove it.
            var begin = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            closing[poll] = CloseAsync(begin.Task, room, poll, cancellationToken);
            begin.SetResult();
        }

        return due.TrueForAll(poll => closed.Contains(poll.Poll) || closing.ContainsKey(poll.Poll)) && wait > Shortest
            ? wait
            : LookAgain;
    }

    private async Task<HashSet<Guid>> CloseFreeAsync(CancellationToken cancellationToken)
    {
        var (polls, rooms) = (new HashSet<Guid>(), new HashSet<Guid>());
        await using (var command = database.CreateCommand(CloseFree))
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                polls.Add(reader.GetGuid(0));
                rooms.Add(reader.GetGuid(1));
            }

            // PostgreSQL sends the rows before the commit.
            await reader.NextResultAsync(cancellationToken);
        }

        foreach (var room in rooms)
        {
            listener.OnRoomChanged(room);
        }

        return polls;
    }

    private async Task CloseAsync(Task begin, Guid room, Guid poll, CancellationToken cancellationToken)
    {
        await begin;
        try
        {
            await polls.CloseDueAsync(room, poll, cancellationToken);
        }
        catch (Exception exception)
        {
            if (!cancellationToken.IsCancellationRequested)
            {
                CountFailure();
                PollLog.CloseFailed(Log, exception, poll);
            }
        }
        finally
        {
            closing.TryRemove(poll, out _);
        }
    }
}
