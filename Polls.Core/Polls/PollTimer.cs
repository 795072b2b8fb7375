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
    private const string DueSoon =
        """
        SELECT id, room_id, EXTRACT(EPOCH FROM closes_at - clock_timestamp())::float8
        FROM polls WHERE state = 1 AND closes_at IS NOT NULL AND closes_at < clock_timestamp() + interval '2 seconds'
        ORDER BY closes_at LIMIT 100
        """;

    // A poll lives at least one second, so looking twice a second finds each before it is due.
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(5);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var failing = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            var wait = Interval;
            try
            {
                wait = await CloseDueAsync(stoppingToken);
                failing = false;
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                metrics.LoopFailed("pollTimer");
                if (!failing)
                {
                    PollLog.TimerFailed(log, exception);
                }

                failing = true;
            }

            await Task.Delay(wait, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Closes what is due and returns how long until the next one may be.</summary>
    private async Task<TimeSpan> CloseDueAsync(CancellationToken cancellationToken)
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

        foreach (var (poll, room) in due)
        {
            await polls.CloseDueAsync(room, poll, cancellationToken);
        }

        return wait > Shortest ? wait : Shortest;
    }
}
