using System.Collections.Concurrent;

namespace Polls.Prove.History;

/// <summary>Everything that was sent, answered, done and seen in one run: what the checks judge by.</summary>
internal sealed class Chronicle(Verdicts verdicts)
{
    private readonly ConcurrentDictionary<(Guid Participant, Guid Poll), Ballot> ballots = new();
    private readonly ConcurrentDictionary<(Guid Poll, long Version), SeenTally> tallies = new();
    private readonly ConcurrentDictionary<(Guid Poll, long Version), string> seenByParticipants = new();
    private readonly ConcurrentDictionary<Guid, PollStory> stories = new();
    private readonly ConcurrentDictionary<string, int> refusals = new();
    private readonly ConcurrentBag<(long From, long Until)> outages = [];
    private long receipts;
    private long messages;
    private long moves;

    public Verdicts Verdicts => verdicts;

    public IReadOnlyCollection<Ballot> Ballots => [.. ballots.Values];

    public IReadOnlyCollection<PollStory> Stories => [.. stories.Values];

    public IReadOnlyCollection<SeenTally> Tallies => [.. tallies.Values];

    /// <summary>Refusals by code.</summary>
    public IReadOnlyDictionary<string, int> Refusals => refusals;

    /// <summary>From when to when PostgreSQL was certainly not there, as timestamps.</summary>
    public IReadOnlyCollection<(long From, long Until)> Outages => outages;

    public long Receipts => Interlocked.Read(ref receipts);

    /// <summary>Events that connections were sent.</summary>
    public long Messages => Interlocked.Read(ref messages);

    /// <summary>How often somebody was told in good order to come in again.</summary>
    public long Moves => Interlocked.Read(ref moves);

    public PollStory? Story(Guid poll) => stories.GetValueOrDefault(poll);

    public void Add(PollStory story) => stories[story.Id] = story;

    public Ballot BallotOf(Guid participant, Guid poll) => ballots.GetOrAdd((participant, poll), key => new Ballot(key.Participant, key.Poll));

    public Ballot? FindBallot(Guid participant, Guid poll) => ballots.GetValueOrDefault((participant, poll));

    public void Refused(string code) => refusals.AddOrUpdate(code, 1, (_, times) => times + 1);

    public void DatabaseWasAway(long from, long until) => outages.Add((from, until));

    public void Heard() => Interlocked.Increment(ref messages);

    public void ToldToMove() => Interlocked.Increment(ref moves);

    public void Took(Receipt receipt, PollStory story)
    {
        Interlocked.Increment(ref receipts);
        story.Answered();
        story.Heard(receipt.Version);
    }

    /// <summary>Somebody saw a tally: whoever else sees this version must see the same.</summary>
    public void Saw(SeenTally tally, string who, bool byParticipant)
    {
        if (Story(tally.Poll) is not { } story)
        {
            return;
        }

        story.Heard(tally.Version);
        var first = tallies.GetOrAdd((tally.Poll, tally.Version), tally);
        if (!first.Says(tally))
        {
            verdicts.Break(Guarantee.G3, $"{story.Name}, two tallies of one version: {who} sees {tally}, somebody else saw {first}.");
        }

        if (byParticipant)
        {
            seenByParticipants.TryAdd((tally.Poll, tally.Version), who);
        }
    }

    /// <summary>The participant who was first to see this version; null when none did.</summary>
    public string? ParticipantWhoSaw(Guid poll, long version) => seenByParticipants.GetValueOrDefault((poll, version));

    /// <summary>The versions of this poll's tally that participants saw.</summary>
    public IEnumerable<long> VersionsOfParticipants(Guid poll) => seenByParticipants.Keys.Where(key => key.Poll == poll).Select(key => key.Version);
}
