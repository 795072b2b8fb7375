using System.Collections.Concurrent;

namespace Polls.Api.Connections;

/// <summary>How many connections each participant has on this instance: a person has a few devices and tabs, a script has hundreds.</summary>
public sealed class ParticipantConnections
{
    /// <summary>So many at a time. Some may be half-open ones of a phone that comes and goes.</summary>
    public const int Most = 16;

    private readonly ConcurrentDictionary<Guid, int> counts = new();

    /// <summary>Counts one more; false, and nothing is counted, when there are as many as may be.</summary>
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

    /// <summary>One is gone that was counted.</summary>
    public void Remove(Guid participant)
    {
        while (counts.TryGetValue(participant, out var count))
        {
            if (count == 1 ? counts.TryRemove(KeyValuePair.Create(participant, 1)) : counts.TryUpdate(participant, count - 1, count))
            {
                return;
            }
        }
    }
}
