namespace Polls.Api.Limits;

/// <summary>
/// Counts requests per key against a rule. Every call is bounded in time; none throws because a store is away.
/// </summary>
public interface IRateLimiter
{
    /// <summary>Counts a request against the key's limit.</summary>
    /// <param name="key">The key that is limited.</param>
    /// <param name="rule">The rule; the same for every call with the same key.</param>
    /// <param name="cost">The number of requests to count, at least 1.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>Zero when the request passes; otherwise the time until one may, and nothing was counted.</returns>
    ValueTask<TimeSpan> TakeAsync(LimitKey key, RateRule rule, int cost, CancellationToken cancellationToken);

    /// <summary>
    /// Counts requests that have passed already, or gives some back, however much of the limit is used up.
    /// </summary>
    /// <param name="key">The key that is limited.</param>
    /// <param name="rule">The rule; the same for every call with the same key.</param>
    /// <param name="cost">The number of requests to count; a negative number gives that many back.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    ValueTask AddAsync(LimitKey key, RateRule rule, int cost, CancellationToken cancellationToken);

    /// <summary>The part of the key's burst that is used up now, 0 to 1. Counts nothing.</summary>
    /// <param name="key">The key that is limited.</param>
    /// <param name="rule">The rule; the same for every call with the same key.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    ValueTask<double> UsedAsync(LimitKey key, RateRule rule, CancellationToken cancellationToken);
}
