using System.Collections.Concurrent;
using Polls.Api.Backplane;
using Polls.Core.Kinds;
using Polls.Core.RoomPolls;
using Polls.Core.Tallies;
using Polls.Core.Votes;

namespace Polls.Api.LiveRooms;

/// <content>
/// Collects changes and sends them. A change only marks work. The room's loop sends the newest state: a change of the
/// room to everyone at once, and tallies to one member after the other, always the newest one
/// (<see cref="RoomNews"/>). Only that loop calls the methods that send.
/// </content>
internal sealed partial class LiveRoom
{
    private readonly ConcurrentDictionary<Guid, TallyMoved> arrived = new();
    private readonly RoomNews news = new();
    private readonly List<(PollSnapshot Poll, Tally Tally, long Number)> due = [];
    private static readonly TimeSpan EpochPause = TimeSpan.FromSeconds(2);
    private long epochAskedAt;
    // Beyond it, the votes of everybody here are read again.
    private const int MostOwnVotes = 10_000;
    // Each of them is sent a message while the gate is held.
    private const int RepairedAtOnce = 256;
    private readonly ConcurrentQueue<OwnVote> ownNews = new();
    // Own votes in polls, or editions of polls, that this instance has not loaded yet: they wait for the next reload.
    private readonly List<OwnVote> early = [];
    // Members that may see nothing new are passed over, at most this many for each one that is sent something.
    private const int Scanned = 16;
    private readonly RoomFanOut fanOut;
    private readonly SemaphoreSlim changes = new(0);
    private int changeSignalled;
    private int reloadWanted;
    private int ownVotesMissing;
    private int participants;
    private int toldParticipants;
    private volatile bool isAnyoneBehind;
    private volatile bool participantsMoved;

    /// <summary>Whether a tally arrived that has to be told, or somebody does not know everything yet.</summary>
    public bool HasNews => isAnyoneBehind || arrived.Keys.Any(pollId => !HasEntries(pollId));

    /// <summary>Whether somebody does not know everything that others were told.</summary>
    public bool IsAnyoneBehind => isAnyoneBehind;

    /// <summary>Whether a tally with entries has to be read.</summary>
    public bool HasUnreadEntries => arrived.Keys.Any(HasEntries);

    /// <summary>Whether there are votes that their voters' other connections do not know of.</summary>
    public bool HasOwnVotes => !ownNews.IsEmpty;

    /// <summary>The sum of the tallies' versions when a repair of own votes was last asked for without Redis.</summary>
    public long TalliesAtRepair { get; set; }

    /// <summary>Whether voters here may have votes of which their connections were not told.</summary>
    public bool MissesOwnVotes => Volatile.Read(ref ownVotesMissing) == 1;

    /// <summary>
    /// Whether the participant count has changed since the last one was told. Comparing with the last sent count is not
    /// enough: the count may have changed and changed back, and a client that connected in between received the value
    /// in between.
    /// </summary>
    public bool HasPresenceNews => participantsMoved;

    /// <summary>
    /// Whether the room changed, or a tally arrived for a newer version of a poll than this instance has loaded.
    /// </summary>
    public bool NeedsReload => Volatile.Read(ref reloadWanted) == 1
        || (!arrived.IsEmpty && board is { } known && arrived.Values.Any(moved => !known.Knows(moved)));

    /// <summary>A tally arrived, in any order, from this or another instance.</summary>
    public void Offer(TallyMoved moved)
    {
        if (board is { } known && known.Room.Epoch != moved.Epoch)
        {
            AskForEpoch();
            return;
        }

        arrived.AddOrUpdate(
            moved.Tally.PollId, static (_, offer) => offer.Moved,
            static (_, known, offer) => offer.Room.Newest(known, offer.Moved), (Moved: moved, Room: this));
        SignalChange();
    }

    /// <summary>A vote was committed, here or elsewhere, whose voter may have other connections here.</summary>
    public void Offer(OwnVote vote)
    {
        if (connections.Count(vote.ParticipantId) == 0)
        {
            return;
        }

        if (ownNews.Count < MostOwnVotes)
        {
            ownNews.Enqueue(vote);
            SignalChange();
        }
        else
        {
            OwnVotesMayBeMissing();
        }
    }

    /// <summary>
    /// Votes may have been committed of which this instance did not hear. Tallies are compared with PostgreSQL, but
    /// that does not tell whose votes are new.
    /// </summary>
    public void OwnVotesMayBeMissing()
    {
        Volatile.Write(ref ownVotesMissing, 1);
        SignalChange();
    }

    /// <summary>Something else in the room changed.</summary>
    public void Changed()
    {
        Volatile.Write(ref reloadWanted, 1);
        SignalChange();
    }

    /// <summary>Waits for a change, at most for the given time. Changes since the last wait count as one.</summary>
    public async Task WaitForChangeAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        await changes.WaitAsync(atMost, cancellationToken);
        Interlocked.Exchange(ref changeSignalled, 0);
    }

    /// <summary>Sets the participant count of all instances.</summary>
    public void SetParticipants(int total)
    {
        if (Interlocked.Exchange(ref participants, total) != total)
        {
            participantsMoved = true;
            SignalChange();
        }
    }

    /// <summary>
    /// Tells the members whose turn it is what they do not know and may see: the newest tallies, and the number of
    /// participants.
    /// </summary>
    /// <param name="most">How many members.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    public async Task SendNewsAsync(int most, CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            DropNewsOfOtherEpochs();
            foreach (var (pollId, moved) in arrived)
            {
                if (board is null || board.FindPoll(pollId) is not { } poll)
                {
                    arrived.TryRemove(new KeyValuePair<Guid, TallyMoved>(pollId, moved));
                }
                else if (poll.Entries == EntrySummary.None)
                {
                    Take(moved, moved);
                }
            }

            Send(most);
        }
        finally
        {
            isAnyoneBehind = news.IsAnyoneBehind();
            gate.Release();
        }
    }

    /// <summary>Sends new votes to their voters' other connections.</summary>
    public async Task SendOwnVotesAsync(CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            var votes = new List<(OwnVote Vote, MyVote Mine)>();
            while (ownNews.TryDequeue(out var vote))
            {
                ownVoteReads.Outdate(vote.ParticipantId);
                var poll = board?.FindPoll(vote.PollId);
                if (board?.Room.Epoch != vote.Epoch)
                {
                    // It was cast before a restore, or the state from after it is due.
                    AskForEpoch();
                }
                else if (poll?.Edition == vote.Edition && Role.Participant.MaySee(poll))
                {
                    votes.Add((vote, MyVote.Of(poll, vote.Revision, vote.Ballot)));
                }
                else if (NeedsReload && early.Count < MostOwnVotes)
                {
                    // The reload that is due may bring the poll as it was when the vote was cast.
                    early.Add(vote);
                }
            }

            if (board is { } known)
            {
                fanOut.Send(votes.ToLookup(item => item.Vote.ParticipantId), known);
            }
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>From now on the newest participant count is told.</summary>
    public async Task TellPresenceAsync(CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            participantsMoved = false;
            toldParticipants = Volatile.Read(ref participants);
            news.PresenceMoved();
            isAnyoneBehind = news.IsAnyoneBehind();
            metrics.Began(Broadcast.Presence);
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Sends to the members whose turn it is.</summary>
    private void Send(int most)
    {
        due.Clear();
        foreach (var (pollId, number) in news.Tallies)
        {
            if (board?.FindPoll(pollId) is { } poll && board.TallyOf(pollId) is { } tally)
            {
                due.Add((poll, tally, number));
            }
        }

        try
        {
            var receivers = fanOut.Send(news.Next(Scanned * most), most, due, (toldParticipants, news.Presence));
            for (var i = 0; i < due.Count; i++)
            {
                news.Sent(due[i].Poll.Id, receivers[i]);
            }
        }
        catch (Exception)
        {
            news.Repeat();
            throw;
        }

        var now = clock.GetUtcNow();
        foreach (var (tally, count) in news.Told())
        {
            metrics.TallySent(tally.Since, now, count);
        }

        if (news.Tallies.Count == 0)
        {
            fanOut.Rest();
        }
    }

    /// <summary>
    /// Returns the newer tally; of two epochs, the one that arrived last. If the older one was not sent, its votes have
    /// waited for the newer one and count towards its lag.
    /// </summary>
    private TallyMoved Newest(TallyMoved one, TallyMoved other)
    {
        if (one.Epoch != other.Epoch)
        {
            return other;
        }

        var (older, newer) = one.Tally.Version < other.Tally.Version ? (one, other) : (other, one);
        return board?.TallyOf(older.Tally.PollId)?.Version >= older.Tally.Version ? newer : newer.InsteadOf(older);
    }

    private void SignalChange()
    {
        if (Interlocked.Exchange(ref changeSignalled, 1) == 0)
        {
            changes.Release();
        }
    }
}
