using Microsoft.EntityFrameworkCore;
using Polls.Core.Storage;

namespace Polls.Core.Accounts;

/// <summary>
/// How often somebody may try a password or a code. An attempt is counted before anything is compared, in one statement, so
/// that a thousand tries at once are no more than a thousand one after the other.
/// </summary>
public sealed class Attempts(IDbContextFactory<PollsDb> databases)
{
    /// <summary>So many without success, and the account takes none for a while.</summary>
    public const int Most = 10;

    /// <summary>How long that is.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMinutes(15);

    /// <summary>Counts one; false when the account takes none at present. An id that no account has costs the same.</summary>
    public Task<bool> BeginAsync(Guid account, CancellationToken cancellationToken) => RunAsync(
        $"""
        UPDATE accounts SET attempted_at = clock_timestamp(), attempts = CASE WHEN attempts >= {Most} THEN 1 ELSE attempts + 1 END
        WHERE id = {account} AND (attempts < {Most} OR attempted_at <= clock_timestamp() - {Pause})
        """,
        cancellationToken);

    /// <summary>The last one was neither right nor wrong: what is missing has yet to be sent.</summary>
    public Task TakeBackAsync(Guid account, CancellationToken cancellationToken) => RunAsync(
        $"UPDATE accounts SET attempts = greatest(attempts - 1, 0) WHERE id = {account}", cancellationToken);

    /// <summary>The last one was right.</summary>
    public Task SucceededAsync(Guid account, CancellationToken cancellationToken) => RunAsync(
        $"UPDATE accounts SET attempts = 0 WHERE id = {account}", cancellationToken);

    /// <summary>Notes that a code of this time step was used; false when one of this or a later step was used before.</summary>
    public Task<bool> UseStepAsync(Guid account, long step, CancellationToken cancellationToken) => RunAsync(
        $"UPDATE accounts SET used_step = {step} WHERE id = {account} AND used_step < {step}", cancellationToken);

    private async Task<bool> RunAsync(FormattableString sql, CancellationToken cancellationToken)
    {
        // Not repeated on failure: an attempt that was counted twice, or a code that is refused once, harms less than a free one.
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Database.ExecuteSqlAsync(sql, cancellationToken) == 1;
    }
}
