using Microsoft.EntityFrameworkCore;
using Polls.Core.Storage;

namespace Polls.Core.Accounts;

/// <summary>
/// Limits attempts at passwords and codes. One statement counts an attempt before anything is compared, so a thousand
/// concurrent attempts count as a thousand.
/// </summary>
public sealed class Attempts(IDbContextFactory<PollsDb> databases)
{
    /// <summary>Number of failed attempts after which the account is locked.</summary>
    public const int Most = 10;

    /// <summary>How long the account is locked.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMinutes(15);

    /// <summary>
    /// Counts an attempt. Returns false while the account is locked. An unknown id takes the same time.
    /// </summary>
    public Task<bool> BeginAsync(Guid account, CancellationToken cancellationToken) => RunAsync(
        $"""
        UPDATE accounts
        SET attempted_at = clock_timestamp(), attempts = CASE WHEN attempts >= {Most} THEN 1 ELSE attempts + 1 END
        WHERE id = {account} AND (attempts < {Most} OR attempted_at <= clock_timestamp() - {Pause})
        """,
        cancellationToken);

    /// <summary>Takes the last attempt back: it was incomplete, neither right nor wrong.</summary>
    public Task TakeBackAsync(Guid account, CancellationToken cancellationToken) => RunAsync(
        $"UPDATE accounts SET attempts = greatest(attempts - 1, 0) WHERE id = {account}", cancellationToken);

    /// <summary>Clears the failed attempts after a successful one.</summary>
    public Task SucceededAsync(Guid account, CancellationToken cancellationToken) => RunAsync(
        $"UPDATE accounts SET attempts = 0 WHERE id = {account}", cancellationToken);

    /// <summary>
    /// Records that the code of this time step was used. Returns false if a code of this or a later step was used
    /// before.
    /// </summary>
    public Task<bool> UseStepAsync(Guid account, long step, CancellationToken cancellationToken) => RunAsync(
        $"UPDATE accounts SET used_step = {step} WHERE id = {account} AND used_step < {step}", cancellationToken);

    private async Task<bool> RunAsync(FormattableString sql, CancellationToken cancellationToken)
    {
        // Not retried on failure: an attempt counted twice, or a code refused once, is better than a free attempt.
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Database.ExecuteSqlAsync(sql, cancellationToken) == 1;
    }
}
