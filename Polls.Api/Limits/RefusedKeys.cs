using System.Collections.Concurrent;

namespace Polls.Api.Limits;

/// <summary>Who has to wait, and until when: whoever goes on all the same need not be counted again.</summary>
internal sealed class RefusedKeys(TimeProvider clock)
{
    private const int MostKeys = 100_000;
    private readonly ConcurrentDictionary<LimitKey, (long Since, TimeSpan Wait)> keys = new();

    /// <summary>How long the key still has to wait; null when it need not.</summary>
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
        // Forgetting costs no more than asking again.
        if (keys.Count >= MostKeys)
        {
            keys.Clear();
        }

        keys[key] = (clock.GetTimestamp(), wait);
    }
}
