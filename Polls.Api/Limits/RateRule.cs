namespace Polls.Api.Limits;

/// <summary>A rate limit that applies to each key.</summary>
/// <param name="PerSecond">The sustained rate in requests per second, above 0.</param>
/// <param name="Burst">The number of requests that may come at once after a pause, at least 1.</param>
public readonly record struct RateRule(double PerSecond, int Burst)
{
    private const double Second = 1_000_000;

    /// <summary>The time that one request uses, in µs.</summary>
    internal long Interval => Math.Max(1, (long)(Second / PerSecond));

    /// <summary>How far ahead of the clock the state of a key may be, in µs.</summary>
    internal long Tolerance => Interval * (Burst - 1);

    /// <summary>
    /// The generic cell rate algorithm (ITU-T I.371, annex A, virtual scheduling). A key's state is one time: when the
    /// next request is due if requests come evenly. A request that comes earlier than the tolerance allows is refused.
    /// Times are in µs.
    /// </summary>
    /// <param name="due">The key's state, 0 for a new key; changed when the request passes.</param>
    /// <param name="now">The time now.</param>
    /// <param name="cost">The number of requests to count, at least 1.</param>
    /// <returns>0 when the request passes; otherwise the time until one may.</returns>
    internal long Take(ref long due, long now, int cost)
    {
        var early = due - now - Tolerance;
        if (early > 0)
        {
            return early;
        }

        Add(ref due, now, cost);
        return 0;
    }

    /// <summary>Counts requests that have passed already; a negative number gives that many back.</summary>
    internal void Add(ref long due, long now, int cost) => due = Math.Max(due, now) + (Interval * cost);

    /// <summary>The part of the burst that is used up when the next request is due after this time.</summary>
    internal double Used(TimeSpan ahead) => Math.Clamp(ahead.TotalMicroseconds / (Interval * (double)Burst), 0, 1);
}
