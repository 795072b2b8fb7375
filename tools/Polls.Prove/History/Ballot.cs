using Polls.Prove.Kinds;

namespace Polls.Prove.History;

/// <summary>All votes that one voter sent to one poll, and all receipts for them. Thread-safe.</summary>
internal sealed class Ballot(Guid participant, Guid poll)
{
    private readonly Lock sync = new();
    private readonly Dictionary<int, Attempt> attempts = [];
    private readonly List<Receipt> receipts = [];
    private readonly HashSet<Write> writes = [];

    public Guid Participant => participant;

    public Guid Poll => poll;

    /// <summary>
    /// Records a vote before it is sent, so that any later result can be compared with what was sent.
    /// </summary>
    /// <param name="revision">The voter's counter.</param>
    /// <param name="answer">The answer. The answer of a revision never changes.</param>
    /// <param name="after">The newest known version of the tally; a new vote can only be in later versions.</param>
    /// <param name="now">The timestamp of sending.</param>
    public Attempt Sending(int revision, Answer answer, long after, long now)
    {
        lock (sync)
        {
            if (!attempts.TryGetValue(revision, out var attempt))
            {
                attempt = attempts[revision] = new Attempt(revision, answer, after, now);
            }

            attempt.UnansweredCalls++;
            return attempt;
        }
    }

    /// <summary>Records that the call was refused or never sent, so it stored nothing.</summary>
    public void Refused(Attempt attempt)
    {
        lock (sync)
        {
            attempt.UnansweredCalls--;
        }
    }

    /// <summary>Records the receipt of a call.</summary>
    public void Received(Attempt attempt, Receipt receipt)
    {
        lock (sync)
        {
            attempt.UnansweredCalls--;
            receipts.Add(receipt);
            if (receipt.Version is { } version)
            {
                writes.Add(new(receipt.Revision, version));
            }
            else if (attempts.TryGetValue(receipt.Revision, out var counted))
            {
                counted.IsStored = true;
            }
        }
    }

    /// <summary>Records a revision that was read from the database.</summary>
    public void Stored(Write write)
    {
        lock (sync)
        {
            writes.Add(write);
        }
    }

    /// <summary>Returns a copy of the current contents.</summary>
    public (IReadOnlyList<Attempt> Attempts, IReadOnlyList<Receipt> Receipts, IReadOnlyList<Write> Writes) Read()
    {
        lock (sync)
        {
            return ([.. attempts.Values], [.. receipts], [.. writes]);
        }
    }

    /// <summary>Whether an answer was ever sent, apart from withdrawals. It may have been refused.</summary>
    public bool HasAnswer
    {
        get
        {
            lock (sync)
            {
                return attempts.Values.Any(attempt => !attempt.Answer.IsWithdrawal);
            }
        }
    }

    /// <summary>The answer sent with this revision; null if it was never sent.</summary>
    public Answer? AnswerOf(int revision)
    {
        lock (sync)
        {
            return attempts.GetValueOrDefault(revision)?.Answer;
        }
    }
}

/// <summary>One revision, sent once or several times.</summary>
internal sealed class Attempt(int revision, Answer answer, long afterVersion, long firstSent)
{
    public int Revision => revision;

    public Answer Answer => answer;

    /// <summary>The vote can only be in versions of the tally above this one.</summary>
    public long AfterVersion => afterVersion;

    public long FirstSent => firstSent;

    /// <summary>The number of calls with an unknown outcome.</summary>
    public int UnansweredCalls { get; set; }

    /// <summary>Whether a receipt said that it is stored, but not from which version of the tally on.</summary>
    public bool IsStored { get; set; }

    /// <summary>Whether the tally may contain it, from an unknown version on.</summary>
    public bool MayCount => UnansweredCalls > 0 || IsStored;
}

/// <summary>
/// A receipt: the revision sent, the one that counts, and the first version of the tally that includes it; null while
/// the voter may not see the tally.
/// </summary>
internal sealed record Receipt(int SentRevision, int Revision, long? Version, long Sent, long Received);

/// <summary>A stored revision and the first version of the tally that includes it.</summary>
internal readonly record struct Write(int Revision, long Version);
