using System.Collections.Concurrent;

namespace Polls.Api.Limits;

/// <summary>
/// Remembers refused keys until they may try again, so that their requests until then are refused without a count.
/// </summary>
internal sealed class RecentRefusals(TimeProvider clock)
{
    private const int MostKeys = 100_000;
    private readonly ConcurrentDictionary<LimitKey, (long Since, TimeSpan Wait)> keys = new();

    /// <summary>The time that the key still has to wait; null when it does not have to.</summary>
    public TimeSpan? Left(LimitKey key)
    {
        if (!keys.TryGetValue(key, out var refusal))
        {
            return null;
        }

        var left = refusal.Wait - clock.GetElapsedTime(refusal.Since);
        if (left > TimeSpan.Zero)
        {
            return left;
        }

        keys.TryRemove(KeyValuePair.Create(key, refusal));
        return null;
    }

    public void Add(LimitKey key, TimeSpan wait)
    {
        // A forgotten key costs one more count.
        if (keys.Count >= MostKeys)
        {
            keys.Clear();
        }

        keys[key] = (clock.GetTimestamp(), wait);
    }
}
