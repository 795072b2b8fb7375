using System.ComponentModel.DataAnnotations;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polls.Core.Audit;
using Polls.Core.Loops;
using Polls.Core.Storage;

namespace Polls.Core.Rooms;

/// <summary>
/// When abandoned rooms end, and when ended rooms are deleted. Bound from the section <c>Housekeeping</c>.
/// </summary>
public sealed record HousekeepingOptions
{
    /// <summary>Seconds without a host and without a vote after which a room ends. Default: 12 hours.</summary>
    /// <remarks>A connected host is recorded once a minute, so the minimum is five minutes.</remarks>
    [Range(300, 30 * 86_400, ErrorMessage = "Housekeeping:RoomIdleSeconds must be between {1} and {2}.")]
    public int RoomIdleSeconds { get; set; } = 12 * 3600;

    /// <summary>Days for which an ended room is kept, with its polls, votes, nicknames and audit trail.</summary>
    [Range(1, 3650, ErrorMessage = "Housekeeping:RetentionDays must be between {1} and {2}.")]
    public int RetentionDays { get; set; } = 90;

    /// <summary>
    /// Days for which an ended room is kept that nobody joined and that belongs to no account.
    /// </summary>
    [Range(1, 3650, ErrorMessage = "Housekeeping:UnusedRetentionDays must be between {1} and {2}.")]
    public int UnusedRetentionDays { get; set; } = 7;

    /// <summary>Seconds between two runs.</summary>
    [Range(1, 3600, ErrorMessage = "Housekeeping:IntervalSeconds must be between {1} and {2}.")]
    public int IntervalSeconds { get; set; } = 60;
}

/// <summary>
/// Ends abandoned rooms, and deletes old ones and expired sessions of accounts. The loop runs on every instance, its
/// work on one at a time.
/// </summary>
public sealed class Housekeeping(
    IDbContextFactory<PollsDb> databases, IRoomListener listener, IOptions<HousekeepingOptions> options,
    TimeProvider clock, HousekeepingMetrics metrics, LoopMetrics loops, ILogger<Housekeeping> log)
    : LoopService("housekeeping", clock, loops, log)
{
    /// <summary>Key of the advisory lock that makes one instance the only housekeeper: "POLLSHKP" in ASCII.</summary>
    private const long LockKey = 0x504F4C4C53484B50;

    private const int RoomsPerRun = 100;

    // A room of ten thousand people has about a hundred thousand rows.
    private const int RoomsForgottenPerRun = 5;

    /// <inheritdoc />
    protected override TimeSpan Interval => TimeSpan.FromSeconds(options.Value.IntervalSeconds);

    /// <inheritdoc />
    protected override async Task RunOnceAsync(CancellationToken stoppingToken)
    {
        await EndAbandonedAsync(stoppingToken);
        await ForgetOldAsync(stoppingToken);
    }

    /// <summary>Deletes rooms past their retention, with everything in them, and expired sessions.</summary>
    private async Task ForgetOldAsync(CancellationToken cancellationToken)
    {
        var outcome = await databases.InTransactionAsync<int>(
            async (db, token) =>
            {
                if (!await db.Database.SqlQuery<bool>($"SELECT pg_try_advisory_xact_lock({LockKey}) AS \"Value\"")
                    .SingleAsync(token))
                {
                    return 0;
                }

                var now = await db.NowAsync(token);
                await db.AccountSessions.Where(session => session.ExpiresAt < now).ExecuteDeleteAsync(token);
                var before = now - TimeSpan.FromDays(options.Value.RetentionDays);
                var unusedBefore = now - TimeSpan.FromDays(options.Value.UnusedRetentionDays);
                var old = await db.Rooms
                    .Where(room => room.EndedAt < before || (room.EndedAt < unusedBefore && room.OwnerId == null
                        && !db.Participants.Any(participant => participant.RoomId == room.Id)))
                    .OrderBy(room => room.EndedAt)
                    .Take(RoomsForgottenPerRun)
                    .Select(room => room.Id)
                    .ToArrayAsync(token);
                await RoomCommands.DeleteAsync(db, old, token);
                return old.Length;
            },
            cancellationToken);
        if (outcome.Succeeded(out var forgotten, out _) && forgotten > 0)
        {
            RoomLog.RoomsForgotten(Log, forgotten);
        }
    }

    private async Task EndAbandonedAsync(CancellationToken cancellationToken)
    {
        var idle = TimeSpan.FromSeconds(options.Value.RoomIdleSeconds);
        var outcome = await databases.InTransactionAsync<Guid[]>(
            async (db, token) =>
            {
                // Held until the end of this transaction. Instances that do not get it skip this run.
                var mine = await db.Database.SqlQuery<bool>($"SELECT pg_try_advisory_xact_lock({LockKey}) AS \"Value\"")
                    .SingleAsync(token);
                metrics.HadTurn(mine);
                if (!mine)
                {
                    return Array.Empty<Guid>();
                }

                var before = await db.NowAsync(token) - idle;
                var abandoned = await db.Rooms
                    .Where(room => room.EndedAt == null && room.HostSeenAt < before
                        && !room.Polls.Any(poll => poll.Tally!.MovedAt >= before))
                    .OrderBy(room => room.HostSeenAt).Take(RoomsPerRun).Select(room => room.Id)
                    .ToArrayAsync(token);
                if (abandoned.Length > 0)
                {
                    await RoomCommands.EndAsync(db, abandoned, Actor.Housekeeping, token);
                }

                return abandoned;
            },
            cancellationToken);

        if (outcome.Succeeded(out var ended, out _) && ended.Length > 0)
        {
            RoomLog.RoomsEnded(Log, ended.Length);
            foreach (var room in ended)
            {
                listener.OnRoomChanged(room);
            }
        }
    }
}
