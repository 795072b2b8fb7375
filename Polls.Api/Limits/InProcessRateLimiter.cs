using System.Collections.Concurrent;

namespace Polls.Api.Limits;

/// <summary>Counts within this instance: without Redis, or while Redis is away.</summary>
public sealed class InProcessRateLimiter(TimeProvider clock) : IRateLimiter
{
    /// <summary>The number of keys to remember. Beyond it, the least busy keys are forgotten first.</summary>
    public const int MostKeys = 200_000;

    private readonly ConcurrentDictionary<LimitKey, Due> keys = new();
    private readonly Lock sweep = new();
    private readonly long started = clock.GetTimestamp();
    // The dictionary's Count property takes all of its locks.
    private int count;

    internal int Count => keys.Count;

    private long Now => (long)clock.GetElapsedTime(started).TotalMicroseconds;

    /// <inheritdoc />
    public ValueTask<TimeSpan> TakeAsync(LimitKey key, RateRule rule, int cost, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Take(key, rule, cost));

    /// <inheritdoc />
    public ValueTask AddAsync(LimitKey key, RateRule rule, int cost, CancellationToken cancellationToken)
    {
        Add(key, rule, cost);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc />
    public ValueTask<double> UsedAsync(LimitKey key, RateRule rule, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Used(key, rule));

    /// <summary>The synchronous form of <see cref="UsedAsync"/>.</summary>
    public double Used(LimitKey key, RateRule rule) => keys.TryGetValue(key, out var due)
        ? rule.Used(TimeSpan.FromMicroseconds(Volatile.Read(ref due.At)) - clock.GetElapsedTime(started))
        : 0;

    /// <summary>The synchronous form of <see cref="TakeAsync"/>.</summary>
    public TimeSpan Take(LimitKey key, RateRule rule, int cost)
    {
        var now = Now;
        var due = Find(key, now);
        lock (due)
        {
            return TimeSpan.FromMicroseconds(rule.Take(ref due.At, now, cost));
        }
    }

    /// <summary>The synchronous form of <see cref="AddAsync"/>.</summary>
    public void Add(LimitKey key, RateRule rule, int cost)
    {
        var now = Now;
        var due = Find(key, now);
        lock (due)
        {
            rule.Add(ref due.At, now, cost);
        }
    }

    private Due Find(LimitKey key, long now)
    {
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

        return due;
    }

    // Keys that are due by now have no state worth keeping. If that is not enough, because a client invents very many
    // keys, the keys that are due soonest are removed: the busiest stay limited.
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

            foreach (var (key, _) in keys.ToArray()
                .OrderBy(item => Volatile.Read(ref item.Value.At)).Take(Math.Max(0, keys.Count - (MostKeys / 2))))
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
