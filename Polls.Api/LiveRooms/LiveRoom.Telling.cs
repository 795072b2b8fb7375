using System.Collections.Concurrent;
using System.Diagnostics;
using Polls.Api.Backplane;
using Polls.Core.Kinds;
using Polls.Core.RoomPolls;
using Polls.Core.Tallies;
using Polls.Core.Telemetry;
using Polls.Core.Votes;

namespace Polls.Api.LiveRooms;

/// <content>
/// Collects tallies, votes and participant counts, and tells them to the members: always the newest, to one member after
/// the other (<see cref="RoomNews"/>). What arrives only marks work. Only the room's telling loop calls the methods that
/// send.
/// </content>
internal sealed partial class LiveRoom
{
    // Beyond it, the votes of everybody here are read again.
    private const int MostOwnVotes = 10_000;
    // Members that may see nothing new are passed over, at most this many for each one that is sent something.
    private const int Scanned = 16;
    private readonly ConcurrentDictionary<Guid, TallyMoved> arrived = new();
    private readonly RoomNews news = new();
    private readonly List<(PollSnapshot Poll, Tally Tally, long Number)> due = [];
    private readonly ConcurrentQueue<OwnVote> ownNews = new();
    // Own votes in polls, or editions of polls, that this instance has not loaded yet: they wait for the next reload.
    private readonly List<OwnVote> early = [];
    private readonly RoomFanOut fanOut;
    private readonly ChangeSignal toTell = new();
    private int participants;
    private int toldParticipants;
    private volatile bool participantsMoved;

    /// <summary>Set when there may be something to tell.</summary>
    public ChangeSignal ToTell => toTell;

    /// <summary>Whether a tally arrived that has to be told, or somebody does not know everything yet.</summary>
    public bool HasNews => news.IsAnyoneBehind || arrived.Keys.Any(pollId => !HasEntries(pollId));

    /// <summary>Whether somebody does not know everything that others were told.</summary>
    public bool IsAnyoneBehind => news.IsAnyoneBehind;

    /// <summary>Whether there are votes that their voters' other connections do not know of.</summary>
    public bool HasOwnVotes => !ownNews.IsEmpty;

    /// <summary>
    /// Whether the participant count has changed since the last one was told. Comparing with the last sent count is not
    /// enough: the count may have changed and changed back, and a client that connected in between received the value
    /// in between.
    /// </summary>
    public bool HasPresenceNews => participantsMoved;

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
        // What has to be read first is told afterwards. Before the first load nobody knows which of both it is.
        var mustRead = board is { } loaded && (!loaded.Knows(moved) || HasEntries(moved.Tally.PollId));
        if (board is null || mustRead)
        {
            toRead.Set();
        }

        if (!mustRead)
        {
            toTell.Set();
        }
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
            toTell.Set();
        }
        else
        {
            OwnVotesMayBeMissing();
        }
    }

    /// <summary>Sets the participant count of all instances.</summary>
    public void SetParticipants(int total)
    {
        if (Interlocked.Exchange(ref participants, total) != total)
        {
            participantsMoved = true;
            toTell.Set();
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
                // One of a poll that is not loaded waits for the reload that it asks for.
                if (board?.FindPoll(pollId) is { Entries: EntrySummary.None })
                {
                    Take(moved, moved);
                }
            }

            Send(most);
        }
        finally
        {
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
                else if ((isReloading || NeedsReload) && early.Count < MostOwnVotes)
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
            metrics.Began(Broadcast.Presence);
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Takes a tally over into the state, if it is known who may see it.</summary>
    /// <param name="moved">What arrived.</param>
    /// <param name="whole">The same tally or another version of it, with its entries.</param>
    private void Take(TallyMoved moved, TallyMoved whole)
    {
        if (whole.Epoch != board!.Room.Epoch || !board.Knows(whole))
        {
            // Of a poll's state that is not loaded yet (G6). What arrived may be older and not ask for it.
            Changed();
            return;
        }

        var pollId = moved.Tally.PollId;
        if (whole.Tally.Version >= moved.Tally.Version)
        {
            // Keep a newer tally that replaced it in the meantime.
            arrived.TryRemove(new KeyValuePair<Guid, TallyMoved>(pollId, moved));
        }

        var before = board.TallyOf(pollId)?.Version ?? whole.Tally.Version;
        if (board.Take(whole.Tally))
        {
            news.TallyMoved(pollId, moved.Since, PollsTraces.StartSend(moved.Trace, whole.Tally));
            // The span ends when everyone was told.
            Activity.Current = null;
            metrics.Skipped(Math.Max(0, whole.Tally.Version - before - 1));
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

    private bool HasEntries(Guid pollId) => board?.FindPoll(pollId) is { Entries: not EntrySummary.None };
}
