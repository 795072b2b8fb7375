using System.Threading.RateLimiting;
using Polls.Core;

namespace Polls.Api.Accounts;

/// <summary>
/// Bounds how many passwords an instance hashes at the same time. A hash takes a core for about 0.2 s; without a bound,
/// people who sign in take the cores and the threads that votes and health checks need.
/// </summary>
public sealed class PasswordWork : IDisposable
{
    /// <summary>How many may wait for their turn.</summary>
    public const int MostWaiting = 200;

    // The pages give up after ten seconds.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(8);

    private readonly ConcurrencyLimiter turns = new(new ConcurrencyLimiterOptions
    {
        PermitLimit = Math.Max(1, Environment.ProcessorCount / 2),
        QueueLimit = MostWaiting,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    /// <summary>
    /// Does the work when it is its turn. Refused with <c>busy</c> when too many wait, or its turn does not come.
    /// </summary>
    public async Task<Outcome<T>> RunAsync<T>(Func<Task<Outcome<T>>> work, CancellationToken cancellationToken)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limited.CancelAfter(LongestWait);
        RateLimitLease turn;
        try
        {
            turn = await turns.AcquireAsync(1, limited.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return AccountProblems.Busy;
        }

        using (turn)
        {
            return turn.IsAcquired ? await work() : AccountProblems.Busy;
        }
    }

    /// <inheritdoc />
    public void Dispose() => turns.Dispose();
}
