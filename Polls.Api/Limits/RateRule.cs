namespace Polls.Api.Limits;

/// <summary>So much, and no more, for each key.</summary>
/// <param name="PerSecond">The rate that may be kept up, above 0.</param>
/// <param name="Burst">How many may come at once after a rest, from 1.</param>
public readonly record struct RateRule(double PerSecond, int Burst)
{
    private const double Second = 1_000_000;

    /// <summary>The time that one request uses up, in µs.</summary>
    internal long Interval => Math.Max(1, (long)(Second / PerSecond));

    /// <summary>How far ahead of the clock a key may get, in µs.</summary>
    internal long Tolerance => Interval * (Burst - 1);

    /// <summary>
    /// The generic cell rate algorithm (ITU-T I.371, annex A, virtual scheduling). A key's state is one time: when the next
    /// request is due if requests come evenly. Ahead of it by more than the tolerance is too soon. Times are in µs.
    /// </summary>
    /// <param name="due">The key's state, 0 for a new one; moved when the request may pass.</param>
    /// <param name="now">The time now.</param>
    /// <param name="cost">How many requests this one counts for; below 0 gives so many back, which always may.</param>
    /// <returns>0 when it may pass; else after how long one may.</returns>
    internal long Take(ref long due, long now, int cost)
    {
        var next = Math.Max(due, now);
        var early = next - now - Tolerance;
        if (early > 0 && cost >= 0)
        {
            return early;
        }

        due = next + (Interval * cost);
        return 0;
    }
}
