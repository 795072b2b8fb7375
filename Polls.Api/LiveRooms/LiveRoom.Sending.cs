using System.Collections.Concurrent;
using Polls.Api.Backplane;
using Polls.Core.Kinds;
using Polls.Core.RoomPolls;
using Polls.Core.Rooms;
using Polls.Core.Tallies;
using Polls.Core.Telemetry;
using Polls.Core.Votes;

namespace Polls.Api.LiveRooms;

/// <content>
/// Collects changes and sends them. A change only marks work. The room's loop sends the newest state: at once if the
/// room was quiet, otherwise at a bounded pace (<see cref="RoomLoop.IntervalAfter"/>), and always the newest state
/// last. Only that loop calls the methods that send.
/// </content>
internal sealed partial class LiveRoom
{
    private readonly ConcurrentDictionary<Guid, TallyMoved> news = new();
    private readonly Dictionary<Guid, (Moments? Since, string? Trace, long Skipped)> unsent = [];
    private static readonly TimeSpan EpochPause = TimeSpan.FromSeconds(2);
    private long epochAskedAt;
    // Beyond it, devices learn of their votes with their next state.
    private const int MostOwnVotes = 10_000;
    private readonly ConcurrentQueue<OwnVote> ownNews = new();
    // Own votes in polls, or editions of polls, that this instance has not loaded yet: they wait for the next reload.
    private readonly List<OwnVote> early = [];
    private readonly RoomFanOut fanOut;
    private readonly SemaphoreSlim changes = new(0);
    private int changeSignalled;
    private int reloadWanted;
    private int participants;
    private volatile bool participantsMoved;

    /// <summary>Whether there is a tally to send.</summary>
    public bool HasTallyNews => !news.IsEmpty || unsent.Count > 0;

    /// <summary>Whether there are votes that their voters' other connections do not know of.</summary>
    public bool HasOwnVotes => !ownNews.IsEmpty;

    /// <summary>
    /// Whether the participant count has changed since it was last sent. Comparing with the last sent count is not
    /// enough: the count may have changed and changed back, and a client that connected in between received the value
    /// in between.
    /// </summary>
    public bool HasPresenceNews => participantsMoved;

    /// <summary>
    /// Whether the room changed, or a tally arrived for a newer version of a poll than this instance has loaded.
    /// </summary>
    public bool NeedsReload => Volatile.Read(ref reloadWanted) == 1
        || (!news.IsEmpty && board is { } known && news.Values.Any(moved => !known.Knows(moved)));

    /// <summary>A tally arrived, in any order, from this or another instance.</summary>
    public void Offer(TallyMoved moved)
    {
        if (board is { } known && known.Room.Epoch != moved.Epoch)
        {
            AskForEpoch();
            return;
        }

        news.AddOrUpdate(
            moved.Tally.PollId, static (_, offer) => offer.Moved,
            static (_, known, offer) => offer.Room.Newest(known, offer.Moved), (Moved: moved, Room: this));
        SignalChange();
    }

    /// <summary>A vote was committed, here or elsewhere, whose voter may have other connections here.</summary>
    public void Offer(OwnVote vote)
    {
        if (connections.Count(vote.ParticipantId) > 0 && ownNews.Count < MostOwnVotes)
        {
            ownNews.Enqueue(vote);
            SignalChange();
        }
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
            foreach (var (pollId, late) in news.Where(item => board.FindPoll(item.Key) is null))
            {
                news.TryRemove(new KeyValuePair<Guid, TallyMoved>(pollId, late));
            }

            moved.ForEach(pollId => unsent.TryAdd(pollId, default));
            foreach (var poll in change.Changed)
            {
                unsent.Remove(poll.Id);
            }

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

    /// <summary>Sends the newest tallies to the roles that may see them.</summary>
    public async Task SendTalliesAsync(CancellationToken cancellationToken)
    {
        var read = await ReadEntriesAsync(cancellationToken);
        await gate.WaitAsync(cancellationToken);
        try
        {
            DropNewsOfOtherEpochs();
            foreach (var (pollId, moved) in news)
            {
                if (board is null || board.FindPoll(pollId) is not { } poll)
                {
                    news.TryRemove(new KeyValuePair<Guid, TallyMoved>(pollId, moved));
                }
                else if (poll.Entries == EntrySummary.None)
                {
                    Take(moved, moved);
                }
                else if (read.GetValueOrDefault(pollId) is { } whole)
                {
                    Take(moved, whole);
                }
            }

            var due = new List<(PollSnapshot Poll, Tally Tally)>();
            foreach (var pollId in unsent.Keys)
            {
                if (board?.FindPoll(pollId) is { } poll && board.TallyOf(pollId) is { } tally)
                {
                    due.Add((poll, tally));
                }
            }

            if (due.Count > 0)
            {
                await SendAsync(due);
            }

            unsent.Clear();
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

    /// <summary>Sends the newest participant count.</summary>
    public async Task SendPresenceAsync(CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            participantsMoved = false;
            await fanOut.SendAsync(Volatile.Read(ref participants));
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>
    /// The tallies of polls with entries whose votes have moved. The news tell only that they have: many batches share
    /// one read.
    /// </summary>
    private async Task<Dictionary<Guid, TallyMoved>> ReadEntriesAsync(CancellationToken cancellationToken)
    {
        var read = new Dictionary<Guid, TallyMoved>();
        foreach (var pollId in news.Keys)
        {
            if (board?.FindPoll(pollId) is { Entries: not EntrySummary.None } poll
                && await reader.ReadTallyAsync(poll, cancellationToken) is { } moved)
            {
                read[pollId] = moved;
            }
        }

        return read;
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
            news.TryRemove(new KeyValuePair<Guid, TallyMoved>(pollId, moved));
        }

        var before = board.TallyOf(pollId)?.Version ?? whole.Tally.Version;
        if (board.Take(whole.Tally))
        {
            unsent[pollId] = (moved.Since, moved.Trace, whole.Tally.Version - before - 1);
        }
    }

    /// <summary>Removes tallies that arrived before the state of another epoch did.</summary>
    private void DropNewsOfOtherEpochs()
    {
        foreach (var (pollId, moved) in news.Where(item => board is { } known && known.Room.Epoch != item.Value.Epoch))
        {
            if (news.TryRemove(new KeyValuePair<Guid, TallyMoved>(pollId, moved)))
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

    private async Task SendAsync(List<(PollSnapshot Poll, Tally Tally)> due)
    {
        var spans = due.ConvertAll(item => PollsTraces.StartSend(unsent[item.Poll.Id].Trace, item.Tally));
        try
        {
            var sent = await fanOut.SendAsync(due);
            var now = clock.GetUtcNow();
            for (var i = 0; i < due.Count; i++)
            {
                spans[i].Sent(sent[i]);
                metrics.TallySent(unsent[due[i].Poll.Id].Since, now, unsent[due[i].Poll.Id].Skipped);
            }
        }
        finally
        {
            // End the spans in reverse order of their start.
            spans.Reverse();
            spans.ForEach(span => span?.Dispose());
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

    private Guid[] VotersHere() =>
        [.. members.Select(item => item.Member.Caller.ParticipantId).OfType<Guid>().Distinct()];
}
