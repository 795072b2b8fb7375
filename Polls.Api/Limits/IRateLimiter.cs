namespace Polls.Api.Limits;

/// <summary>Counts what keys do against rules. Every call is bounded in time, and none throws because a store is away.</summary>
public interface IRateLimiter
{
    /// <summary>Takes one from what the key has left.</summary>
    /// <param name="key">Whom the rule is about.</param>
    /// <param name="rule">The rule; the same for every call with the same class.</param>
    /// <param name="cost">How many; below 0 gives so many back, which always may.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Zero when the key may; else after how long it may, and nothing was taken.</returns>
    ValueTask<TimeSpan> TakeAsync(LimitKey key, RateRule rule, int cost, CancellationToken cancellationToken);
}
