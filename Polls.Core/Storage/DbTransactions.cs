using Microsoft.EntityFrameworkCore;

namespace Polls.Core.Storage;

/// <summary>Runs work in one transaction and retries it from the start after transient failures.</summary>
public static class DbTransactions
{
    /// <summary>
    /// Runs the work with a new context in one transaction, and commits unless the outcome is a refusal. The work must
    /// be repeatable, also after a commit whose answer was lost.
    /// </summary>
    public static async Task<Outcome<T>> InTransactionAsync<T>(
        this IDbContextFactory<PollsDb> databases, Func<PollsDb, CancellationToken, Task<Outcome<T>>> work,
        CancellationToken cancellationToken)
    {
        await using var outer = await databases.CreateDbContextAsync(cancellationToken);
        return await outer.Database.CreateExecutionStrategy().ExecuteAsync(
            async token =>
            {
                await using var db = await databases.CreateDbContextAsync(token);
                await using var transaction = await db.Database.BeginTransactionAsync(token);
                var outcome = await work(db, token);
                if (outcome.Refusal is null)
                {
                    await db.SaveChangesAsync(token);
                    await transaction.CommitAsync(token);
                }

                return outcome;
            },
            cancellationToken);
    }

    /// <summary>Locks a poll of a room until the transaction ends; null if the room has no such poll.</summary>
    public static Task<PollRow?> LockPollAsync(
        this PollsDb db, Guid roomId, Guid pollId, CancellationToken cancellationToken) =>
        db.Polls.FromSql($"SELECT * FROM polls WHERE id = {pollId} AND room_id = {roomId} FOR NO KEY UPDATE")
            .SingleOrDefaultAsync(cancellationToken);

    /// <summary>The current time of the database, the only clock for opening, closing and time stamps.</summary>
    public static Task<DateTimeOffset> NowAsync(this PollsDb db, CancellationToken cancellationToken) =>
        db.Database.SqlQuery<DateTimeOffset>($"SELECT clock_timestamp() AS \"Value\"").SingleAsync(cancellationToken);
}
