using System.Collections.Concurrent;
using System.Diagnostics;
using Polls.Api.Backplane;
using Polls.Core.Kinds;
using Polls.Core.RoomPolls;
using Polls.Core.Rooms;
using Polls.Core.Tallies;
using Polls.Core.Telemetry;
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
    /// Reloads the room and sends each role the changes that it may see. A change during the reload requests another
    /// one.
    /// </summary>
    public async Task ReloadAsync(CancellationToken cancellationToken)
    {
        Interlocked.Exchange(ref reloadWanted, 0);
        if (board is null)
        {
            // A first load may be in progress and may have read the room before this change.
            await gate.WaitAsync(cancellationToken);
            gate.Release();
        }

        if (board is null)
        {
            return;
        }

        var stored = await reader.LoadAsync(Id, (board.Room.Epoch, board.TallyOf), cancellationToken);
        if (stored is null && IsDeleted)
        {
            return;
        }

        await gate.WaitAsync(cancellationToken);
        try
        {
            var truth = stored ?? new RoomTruth(board.Room.Deleted(), new Dictionary<Guid, Tally>());
            // A deleted room comes back when a dump is restored while the instance runs.
            var replaces = truth.Room.Epoch != board.Room.Epoch || IsDeleted;
            var change = RoomChange.Between(board.Room, truth.Room, replaces);
            // Read before changing any state: if this fails, the whole reload is retried.
            var votes = change.LostBy.Contains(Role.Participant)
                ? await reader.VotesOfAsync(truth.Room, VotersHere(), cancellationToken)
                : null;
            var moved = new List<Guid>();
            if (replaces)
            {
                lookup.Clear();
                // Votes of the other epoch.
                ownNews.Clear();
                early.Clear();
            }

            board.Take(truth, replaces, moved);
            foreach (var poll in change.Changed)
            {
                lookup.Learn(poll);
            }

            DropNewsOfOtherEpochs();
            // A tally of a deleted poll would request this reload forever.
            foreach (var (pollId, late) in arrived.Where(item => board.FindPoll(item.Key) is null))
            {
                arrived.TryRemove(new KeyValuePair<Guid, TallyMoved>(pollId, late));
            }

            moved.ForEach(pollId => news.TallyMoved(pollId));
            foreach (var poll in change.Changed)
            {
                news.Forget(poll.Id);
            }

            isAnyoneBehind = news.IsAnyoneBehind();
            await fanOut.SendAsync(change, board, participants, votes, clock.GetUtcNow());
            early.ForEach(ownNews.Enqueue);
            early.Clear();
            IsDeleted = stored is null;
        }
        finally
        {
            gate.Release();
        }

        if (!IsDeleted)
        {
            await SendAwayRemovedHostsAsync(cancellationToken);
        }
    }

    /// <summary>
    /// Takes over the tallies of polls with entries whose votes have moved. What arrived tells only that they have:
    /// many batches share one read.
    /// </summary>
    public async Task ReadEntriesAsync(CancellationToken cancellationToken)
    {
        var read = new List<TallyMoved>();
        foreach (var pollId in arrived.Keys)
        {
            if (board?.FindPoll(pollId) is { Entries: not EntrySummary.None } poll
                && await reader.ReadTallyAsync(poll, cancellationToken) is { } whole)
            {
                read.Add(whole);
            }
        }

        await gate.WaitAsync(cancellationToken);
        try
        {
            DropNewsOfOtherEpochs();
            foreach (var whole in read)
            {
                if (arrived.TryGetValue(whole.Tally.PollId, out var moved) && HasEntries(whole.Tally.PollId))
                {
                    Take(moved, whole);
                }
            }

            isAnyoneBehind = news.IsAnyoneBehind();
        }
        finally
        {
            gate.Release();
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

    /// <summary>Reads the votes of everybody here, and tells each of them what that connection was not told.</summary>
    public async Task RepairOwnVotesAsync(CancellationToken cancellationToken)
    {
        Interlocked.Exchange(ref ownVotesMissing, 0);
        // Who connects meanwhile must not keep votes that were read before the missed ones.
        ownVoteReads.OutdateAll();
        try
        {
            foreach (var voters in VotersHere().Chunk(RepairedAtOnce))
            {
                if (board?.Room is not { } room)
                {
                    return;
                }

                var votes = await reader.VotesOfAsync(room, voters, cancellationToken);
                await gate.WaitAsync(cancellationToken);
                try
                {
                    if ((board.Room.Epoch, board.Room.Version) != (room.Epoch, room.Version))
                    {
                        // A reset may have removed them.
                        OwnVotesMayBeMissing();
                        return;
                    }

                    fanOut.SendMissing(votes, board);
                }
                finally
                {
                    gate.Release();
                }
            }
        }
        catch (Exception)
        {
            OwnVotesMayBeMissing();
            throw;
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

    /// <summary>Removes tallies that arrived before the state of another epoch did.</summary>
    private void DropNewsOfOtherEpochs()
    {
        foreach (var (pollId, moved) in
            arrived.Where(item => board is { } known && known.Room.Epoch != item.Value.Epoch))
        {
            if (arrived.TryRemove(new KeyValuePair<Guid, TallyMoved>(pollId, moved)))
            {
                AskForEpoch();
            }
        }
    }

    /// <summary>
    /// Reads the room, because a tally of another epoch arrived: PostgreSQL says which one is the present one, and has
    /// that tally or a newer one. Not for each tally, because another instance may still use another server.
    /// </summary>
    private void AskForEpoch()
    {
        var last = Interlocked.Read(ref epochAskedAt);
        if ((last == 0 || clock.GetElapsedTime(last) >= EpochPause)
            && Interlocked.CompareExchange(ref epochAskedAt, clock.GetTimestamp(), last) == last)
        {
            Changed();
        }
    }

    private void SignalChange()
    {
        if (Interlocked.Exchange(ref changeSignalled, 1) == 0)
        {
            changes.Release();
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

    /// <summary>Disconnects account hosts that lost their access. They reconnect and are refused.</summary>
    private async Task SendAwayRemovedHostsAsync(CancellationToken cancellationToken)
    {
        var byAccount = members.Select(item => item.Member)
            .Where(member => member.Caller.AccountId is not null)
            .ToList();
        if (byAccount.Count == 0)
        {
            return;
        }

        var hosts = await reader.HostsAsync(Id, cancellationToken);
        foreach (var member in byAccount.Where(member => !hosts.Contains(member.Caller.AccountId!.Value)))
        {
            member.Outbox.SendAway();
        }
    }

    private bool HasEntries(Guid pollId) => board?.FindPoll(pollId) is { Entries: not EntrySummary.None };

    private Guid[] VotersHere() =>
        [.. members.Select(item => item.Member.Caller.ParticipantId).OfType<Guid>().Distinct()];
}
