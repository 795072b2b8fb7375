using System.Diagnostics;
using System.Numerics;

namespace Polls.Bench.Load;

/// <summary>
/// A histogram of times with buckets of at most 1.6 % width, so that any number of times fits into 30 KB.
/// </summary>
internal sealed class Histogram
{
    private const int Fine = 64;
    private readonly long[] buckets = new long[Fine * 58];
    private long count;
    private long longest;

    /// <summary>Adds a time in ticks of the stopwatch; a negative one counts as zero.</summary>
    public void Add(long ticks, long times = 1)
    {
        ticks = Math.Max(0, ticks);
        buckets[Bucket(ticks)] += times;
        count += times;
        longest = Math.Max(longest, ticks);
    }

    public Percentiles? Summary() => count == 0
        ? null
        : new(count, At(0.50), At(0.99), Milliseconds(longest));

    private double At(double share)
    {
        var left = (long)Math.Ceiling(count * share);
        for (var i = 0; i < buckets.Length; i++)
        {
            left -= buckets[i];
            if (left <= 0)
            {
                return Math.Min(Milliseconds(UpperEnd(i)), Milliseconds(longest));
            }
        }

        return Milliseconds(longest);
    }

    // Below 128 each value has a bucket; above, each power of two has 64.
    private static int Bucket(long ticks)
    {
        var power = Math.Max(0, BitOperations.Log2((ulong)ticks) - 6);
        return (power * Fine) + (int)(ticks >> power);
    }

    private static long UpperEnd(int bucket)
    {
        if (bucket < 2 * Fine)
        {
            return bucket;
        }

        var power = (bucket / Fine) - 1;
        return (((long)(bucket - (power * Fine)) + 1) << power) - 1;
    }

    private static double Milliseconds(long ticks) => ticks * 1000.0 / Stopwatch.Frequency;
}
