namespace Polls.Prove.History;

/// <summary>All that one voter sent to one poll, and every receipt for it.</summary>
internal sealed class Ballot(Guid participant, Guid poll)
{
    private readonly Lock sync = new();
    private readonly Dictionary<int, Attempt> attempts = [];
    private readonly List<Receipt> receipts = [];
    private readonly HashSet<Write> writes = [];

    public Guid Participant => participant;

    public Guid Poll => poll;

    /// <summary>Notes a vote before it is sent, so that whatever is seen later can be told from an invention.</summary>
    /// <param name="revision">The voter's counter.</param>
    /// <param name="choices">Empty: withdraws. Those of a revision never change.</param>
    /// <param name="after">The newest version known of the tally: the vote, if it is new, can only be in later ones.</param>
    /// <param name="now">When it is sent.</param>
    public Attempt Sending(int revision, int[] choices, long after, long now)
    {
        lock (sync)
        {
            if (!attempts.TryGetValue(revision, out var attempt))
            {
                attempt = attempts[revision] = new Attempt(revision, choices, after, now);
            }

            attempt.Unknown++;
            return attempt;
        }
    }

    /// <summary>The call was refused for good, or never sent: by it, nothing was stored.</summary>
    public void Refused(Attempt attempt)
    {
        lock (sync)
        {
            attempt.Unknown--;
        }
    }

    /// <summary>The call was answered with a receipt.</summary>
    public void Received(Attempt attempt, Receipt receipt)
    {
        lock (sync)
        {
            attempt.Unknown--;
            receipts.Add(receipt);
            writes.Add(new(receipt.Revision, receipt.Version));
        }
    }

    /// <summary>The database was seen to hold this.</summary>
    public void Stored(Write write)
    {
        lock (sync)
        {
            writes.Add(write);
        }
    }

    /// <summary>All of it, as it is now.</summary>
    public (IReadOnlyList<Attempt> Attempts, IReadOnlyList<Receipt> Receipts, IReadOnlyList<Write> Writes) Read()
    {
        lock (sync)
        {
            return ([.. attempts.Values], [.. receipts], [.. writes]);
        }
    }

    /// <summary>What was chosen with this revision; null when it was never sent.</summary>
    public int[]? ChoicesOf(int revision)
    {
        lock (sync)
        {
            return attempts.GetValueOrDefault(revision)?.Choices;
        }
    }
}

/// <summary>One revision, however often it was sent.</summary>
internal sealed class Attempt(int revision, int[] choices, long after, long firstSent)
{
    public int Revision => revision;

    public int[] Choices => choices;

    /// <summary>It can only be in versions of the tally above this one.</summary>
    public long After => after;

    public long FirstSent => firstSent;

    /// <summary>Calls of which it is not known what became of them.</summary>
    public int Unknown { get; set; }
}

/// <summary>A receipt as it came: the revision sent, the one that counts, and the version that first had it.</summary>
internal sealed record Receipt(int SentRevision, int Revision, long Version, long Sent, long Received);

/// <summary>A revision that was stored, with the version of the tally that first had it.</summary>
internal readonly record struct Write(int Revision, long Version);
