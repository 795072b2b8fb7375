using System.Collections.Concurrent;

namespace Polls.Api.Limits;

/// <summary>Which codes an address has found a room by, lately and on this instance.</summary>
public sealed class KnownCodes(TimeProvider clock)
{
    private const int Most = 100_000;
    private static readonly TimeSpan Life = TimeSpan.FromHours(1);
    private readonly ConcurrentDictionary<(LimitKey Address, string Code), long> codes = new();

    /// <summary>Whether it found this one within the last hour.</summary>
    public bool Knows(LimitKey address, string code) =>
        codes.TryGetValue((address, code), out var foundAt) && clock.GetElapsedTime(foundAt) < Life;

    /// <summary>It found this one now.</summary>
    public void Add(LimitKey address, string code)
    {
        // Forgetting hurts only people beside somebody who tries codes out at this moment, until they are asked again.
        if (codes.Count >= Most)
        {
            codes.Clear();
        }

        codes[(address, code)] = clock.GetTimestamp();
    }
}
