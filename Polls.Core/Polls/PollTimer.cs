using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Polls.Core.Telemetry;

namespace Polls.Core.Polls;

/// <summary>
/// Closes timed polls on time. Every instance watches all of them, so it does not matter which one opened a poll
/// or still lives; the poll's row lock lets exactly one close it.
/// </summary>
public sealed class PollTimer(
    NpgsqlDataSource database, PollCommands polls, TimeProvider clock, PollsMetrics metrics, ILogger<PollTimer> log)
    : BackgroundService
{
    private const string LookAhead = "1000";
    private const string DueSoon =
        $"""
        SELECT id, room_id, EXTRACT(EPOCH FROM closes_at - clock_timestamp())::float8
        FROM polls WHERE state = 1 AND closes_at IS NOT NULL AND closes_at < clock_timestamp() + interval '2 seconds'
        ORDER BY closes_at LIMIT {LookAhead}
        """;

    // A poll lives at least one second, so looking twice a second finds each before it is due.
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(5);
    private const int AtOnce = 8;

    // What is being closed right now. One poll that somebody sits on delays neither the others nor the next look.
    private readonly ConcurrentDictionary<Guid, Task> closing = new();
    private readonly SemaphoreSlim places = new(AtOnce);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var failing = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            var wait = Interval;
            try
            {
                wait = await LookAsync(stoppingToken);
                failing = false;
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                Failed(exception, again: failing);
                failing = true;
            }

            await Task.Delay(wait, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await Task.WhenAll(closing.Values);
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        base.Dispose();
        places.Dispose();
    }

    /// <summary>Begins to close what is due and returns how long until the next one may be.</summary>
    private async Task<TimeSpan> LookAsync(CancellationToken cancellationToken)
    {
        var due = new List<(Guid Poll, Guid Room)>();
        var wait = Interval;
        await using (var command = database.CreateCommand(DueSoon))
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                var left = TimeSpan.FromSeconds(reader.GetDouble(2));
                if (left <= TimeSpan.Zero)
                {
                    due.Add((reader.GetGuid(0), reader.GetGuid(1)));
                }
                else if (left < wait)
                {
                    wait = left;
                }
            }
        }

        // Every instance finds the same polls: each begins somewhere else, so that they share the work.
        Random.Shared.Shuffle(CollectionsMarshal.AsSpan(due));
        foreach (var (poll, room) in due)
        {
            if (closing.ContainsKey(poll))
            {
                continue;
            }

            await places.WaitAsync(cancellationToken);
            // Noted before it can end, so that its end finds the note.
            var begin = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            closing[poll] = CloseAsync(begin.Task, room, poll, cancellationToken);
            begin.SetResult();
        }

        return wait > Shortest ? wait : Shortest;
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
                Failed(exception, again: false);
            }
        }
        finally
        {
            closing.TryRemove(poll, out _);
            places.Release();
        }
    }

    private void Failed(Exception exception, bool again)
    {
        metrics.LoopFailed("pollTimer");
        if (!again)
        {
            PollLog.TimerFailed(log, exception);
        }
    }
}
