namespace Polls.Api.LiveRooms;

/// <summary>
/// Tells a connecting participant's read of its own votes whether the participant cast a vote meanwhile. Thread-safe.
/// </summary>
internal sealed class OwnVoteReads
{
    private readonly Dictionary<Guid, List<Reading>> readings = [];

    /// <summary>Starts a read, which ends when it is disposed.</summary>
    public Reading Begin(Guid participant)
    {
        var reading = new Reading(this, participant);
        lock (readings)
        {
            if (!readings.TryGetValue(participant, out var all))
            {
                readings[participant] = all = [];
            }

            all.Add(reading);
        }

        return reading;
    }

    /// <summary>The participant's vote was sent to its connections.</summary>
    public void Outdate(Guid participant)
    {
        lock (readings)
        {
            readings.GetValueOrDefault(participant)?.ForEach(reading => reading.IsOutdated = true);
        }
    }

    /// <summary>Anybody may have cast a vote meanwhile.</summary>
    public void OutdateAll()
    {
        lock (readings)
        {
            foreach (var reading in readings.Values.SelectMany(all => all))
            {
                reading.IsOutdated = true;
            }
        }
    }

    /// <summary>One read in progress.</summary>
    public sealed class Reading(OwnVoteReads owner, Guid participant) : IDisposable
    {
        /// <summary>The participant whose votes are read.</summary>
        public Guid Participant => participant;

        /// <summary>Whether the participant cast a vote since this read began.</summary>
        public bool IsOutdated { get; set; }

        /// <inheritdoc />
        public void Dispose()
        {
            lock (owner.readings)
            {
                var all = owner.readings[participant];
                all.Remove(this);
                if (all.Count == 0)
                {
                    owner.readings.Remove(participant);
                }
            }
        }
    }
}
