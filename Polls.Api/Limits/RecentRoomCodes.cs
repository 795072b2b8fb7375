using System.Collections.Concurrent;

namespace Polls.Api.Limits;

/// <summary>The codes by which an address found a room on this instance within the last hour.</summary>
public sealed class RecentRoomCodes(TimeProvider clock)
{
    private const int Most = 100_000;
    private static readonly TimeSpan Life = TimeSpan.FromHours(1);
    private readonly ConcurrentDictionary<(LimitKey Address, string Code), long> codes = new();

    /// <summary>Whether the address found a room by this code within the last hour.</summary>
    public bool Knows(LimitKey address, string code) =>
        codes.TryGetValue((address, code), out var foundAt) && clock.GetElapsedTime(foundAt) < Life;

    /// <summary>Remembers that the address found a room by this code.</summary>
    public void Add(LimitKey address, string code)
    {
        // Forgotten codes matter only for people who share an address with somebody who is guessing codes right now.
        if (codes.Count >= Most)
        {
            codes.Clear();
        }

        codes[(address, code)] = clock.GetTimestamp();
    }
}
