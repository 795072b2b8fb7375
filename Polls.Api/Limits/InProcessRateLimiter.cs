using System.Collections.Concurrent;

namespace Polls.Api.Limits;

/// <summary>Counts within this instance: all there is without Redis, and what is left while Redis is away.</summary>
public sealed class InProcessRateLimiter(TimeProvider clock) : IRateLimiter
{
    /// <summary>Keys with something used up that are remembered. Beyond, those who used little are forgiven first.</summary>
    public const int MostKeys = 200_000;

    private readonly ConcurrentDictionary<LimitKey, Due> keys = new();
    private readonly Lock sweep = new();
    private readonly long started = clock.GetTimestamp();
    // The dictionary's own count takes all of its locks.
    private int count;

    internal int Count => keys.Count;

    /// <inheritdoc />
    public ValueTask<TimeSpan> TakeAsync(LimitKey key, RateRule rule, int cost, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Take(key, rule, cost));

    /// <summary>As <see cref="TakeAsync"/>, at once.</summary>
    public TimeSpan Take(LimitKey key, RateRule rule, int cost)
    {
        var now = (long)clock.GetElapsedTime(started).TotalMicroseconds;
        if (!keys.TryGetValue(key, out var due))
        {
            if (Volatile.Read(ref count) >= MostKeys)
            {
                Sweep(now);
            }

            var fresh = new Due();
            due = keys.GetOrAdd(key, fresh);
            if (ReferenceEquals(due, fresh))
            {
                Interlocked.Increment(ref count);
            }
        }

        lock (due)
        {
            return TimeSpan.FromMicroseconds(rule.Take(ref due.At, now, cost));
        }
    }

    // What is due by now is as if it had never been. When that is not enough, because very many keys are made up, whoever
    // is due soonest goes: the busiest stay limited.
    private void Sweep(long now)
    {
        lock (sweep)
        {
            if (Volatile.Read(ref count) < MostKeys)
            {
                return;
            }

            foreach (var (key, due) in keys)
            {
                if (Volatile.Read(ref due.At) <= now)
                {
                    keys.TryRemove(key, out _);
                }
            }

            foreach (var (key, _) in keys.ToArray().OrderBy(item => Volatile.Read(ref item.Value.At)).Take(Math.Max(0, keys.Count - (MostKeys / 2))))
            {
                keys.TryRemove(key, out _);
            }

            Volatile.Write(ref count, keys.Count);
        }
    }

    private sealed class Due
    {
        public long At;
    }
}
