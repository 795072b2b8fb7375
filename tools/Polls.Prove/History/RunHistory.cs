using System.Collections.Concurrent;

namespace Polls.Prove.History;

/// <summary>Everything that was sent, received and observed in one run; the input of the checks. Thread-safe.</summary>
internal sealed class RunHistory(Verdicts verdicts)
{
    private readonly ConcurrentDictionary<(Guid Participant, Guid Poll), Ballot> ballots = new();
    private readonly ConcurrentDictionary<(Guid Poll, long Version), SeenTally> tallies = new();
    private readonly ConcurrentDictionary<(Guid Poll, long Version), StoredTally> storedTallies = new();
    private readonly ConcurrentDictionary<(Guid Poll, long Version), string> seenByParticipants = new();
    private readonly ConcurrentDictionary<Guid, PollHistory> polls = new();
    private readonly ConcurrentDictionary<string, int> refusals = new();
    private readonly ConcurrentBag<(long From, long Until)> outages = [];
    private long receipts;
    private long messages;
    private long reconnectRequests;

    public Verdicts Verdicts => verdicts;

    public IReadOnlyCollection<Ballot> Ballots => [.. ballots.Values];

    public IReadOnlyCollection<PollHistory> Polls => [.. polls.Values];

    public IReadOnlyCollection<SeenTally> Tallies => [.. tallies.Values];

    /// <summary>The tallies read from the database.</summary>
    public IReadOnlyCollection<StoredTally> StoredTallies => [.. storedTallies.Values];

    /// <summary>Refusals by code.</summary>
    public IReadOnlyDictionary<string, int> Refusals => refusals;

    /// <summary>Periods in which PostgreSQL was certainly down, as timestamps.</summary>
    public IReadOnlyCollection<(long From, long Until)> Outages => outages;

    public long Receipts => Interlocked.Read(ref receipts);

    /// <summary>The number of events received by all clients.</summary>
    public long Messages => Interlocked.Read(ref messages);

    /// <summary>How often a server closed a connection and asked the client to reconnect.</summary>
    public long ReconnectRequests => Interlocked.Read(ref reconnectRequests);

    public PollHistory? FindPoll(Guid poll) => polls.GetValueOrDefault(poll);

    public void Add(PollHistory poll) => polls[poll.Id] = poll;

    public Ballot BallotOf(Guid participant, Guid poll) =>
        ballots.GetOrAdd((participant, poll), key => new Ballot(key.Participant, key.Poll));

    /// <summary>Whether the participant certainly may not see the tally while the poll is open.</summary>
    public bool IsHiddenFrom(Guid participant, PollHistory poll) =>
        poll.AlwaysHidden || poll.HiddenWhileOpen
        || (poll.Purpose == Purpose.AfterVote && FindBallot(participant, poll.Id)?.HasAnswer != true);

    public Ballot? FindBallot(Guid participant, Guid poll) => ballots.GetValueOrDefault((participant, poll));

    public void Refused(string code) => refusals.AddOrUpdate(code, 1, (_, times) => times + 1);

    public void DatabaseWasDown(long from, long until) => outages.Add((from, until));

    public void MessageReceived() => Interlocked.Increment(ref messages);

    public void ReconnectRequested() => Interlocked.Increment(ref reconnectRequests);

    public void ReceiptReceived(Receipt receipt, PollHistory poll)
    {
        Interlocked.Increment(ref receipts);
        poll.Answered();
        if (receipt.Version is { } version)
        {
            poll.VersionSeen(version);
        }
    }

    /// <summary>Records a tally that a client showed; all must show the same tally for a version.</summary>
    public void TallySeen(SeenTally tally, string observer, bool byParticipant)
    {
        if (FindPoll(tally.Poll) is not { } poll)
        {
            return;
        }

        poll.VersionSeen(tally.Version);
        var first = tallies.GetOrAdd((tally.Poll, tally.Version), tally);
        if (!first.Matches(tally))
        {
            verdicts.Break(
                Guarantee.G3,
                $"{poll.Name}, two tallies of one version: {observer} saw {tally}, another client saw {first}.");
        }

        if (byParticipant)
        {
            seenByParticipants.TryAdd((tally.Poll, tally.Version), observer);
        }
    }

    /// <summary>Records a tally that was read from the database.</summary>
    public void TallyStored(StoredTally tally, PollHistory poll)
    {
        poll.VersionSeen(tally.Version);
        var first = storedTallies.GetOrAdd((tally.Poll, tally.Version), tally);
        if (!first.Equals(tally))
        {
            verdicts.Break(Guarantee.G3, $"{poll.Name}, two stored tallies of one version: {first} and {tally}.");
        }
    }

    /// <summary>The first participant who saw this version; null if none did.</summary>
    public string? ParticipantWhoSaw(Guid poll, long version) => seenByParticipants.GetValueOrDefault((poll, version));

    /// <summary>The versions of the poll's tally that participants saw.</summary>
    public IEnumerable<long> VersionsOfParticipants(Guid poll) =>
        seenByParticipants.Keys.Where(key => key.Poll == poll).Select(key => key.Version);
}
