namespace Polls.Core.Loops;

/// <summary>How long to wait before an attempt is repeated.</summary>
public static class Backoff
{
    /// <summary>
    /// Doubles with each failure. Half of the wait is random, so that instances that lost the same server do not retry
    /// together ("equal jitter" in the AWS Builders' Library, Timeouts, retries, and backoff with jitter).
    /// </summary>
    /// <param name="failures">The number of consecutive failures, from 1.</param>
    /// <param name="first">The longest wait after the first failure.</param>
    /// <param name="longest">The longest wait after many failures.</param>
    /// <returns>At least half of the longest wait after this number of failures.</returns>
    public static TimeSpan After(int failures, TimeSpan first, TimeSpan longest)
    {
        var backoff = first * Math.Pow(2, Math.Min(failures, 30) - 1);
        return (backoff < longest ? backoff : longest) * (0.5 + (0.5 * Random.Shared.NextDouble()));
    }
}
