using System.Collections.Concurrent;

namespace Polls.Api.Connections;

/// <summary>
/// Counts the connections of each participant on this instance. A person has a few devices and tabs; a script can have
/// hundreds.
/// </summary>
public sealed class ParticipantConnections
{
    /// <summary>
    /// The maximum number of connections at a time. Includes half-open connections of a phone with an unstable network.
    /// </summary>
    public const int Most = 16;

    private readonly ConcurrentDictionary<Guid, int> counts = new();

    /// <summary>The number of the participant's connections here.</summary>
    public int Count(Guid participant) => counts.GetValueOrDefault(participant);

    /// <summary>
    /// Counts a connection. Returns false, and counts nothing, if the participant has reached the limit.
    /// </summary>
    public bool TryAdd(Guid participant)
    {
        while (true)
        {
            if (!counts.TryGetValue(participant, out var count))
            {
                if (counts.TryAdd(participant, 1))
                {
                    return true;
                }
            }
            else if (count >= Most)
            {
                return false;
            }
            else if (counts.TryUpdate(participant, count + 1, count))
            {
                return true;
            }
        }
    }

    /// <summary>Removes a counted connection.</summary>
    public void Remove(Guid participant)
    {
        while (counts.TryGetValue(participant, out var count))
        {
            if (count == 1
                ? counts.TryRemove(KeyValuePair.Create(participant, 1))
                : counts.TryUpdate(participant, count - 1, count))
            {
                return;
            }
        }
    }
}
