namespace Polls.Api.Limits;

/// <summary>
/// Counts requests per key against a rule. Every call is bounded in time; none throws because a store is away.
/// </summary>
public interface IRateLimiter
{
    /// <summary>Counts a request against the key's limit.</summary>
    /// <param name="key">The key that is limited.</param>
    /// <param name="rule">The rule; the same for every call with the same class.</param>
    /// <param name="cost">The number of requests to count; a negative number gives that many back and always
    /// passes.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>Zero when the request passes; otherwise the time until one may, and nothing was counted.</returns>
    ValueTask<TimeSpan> TakeAsync(LimitKey key, RateRule rule, int cost, CancellationToken cancellationToken);
}
