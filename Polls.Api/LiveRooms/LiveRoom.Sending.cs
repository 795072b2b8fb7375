using System.Collections.Concurrent;
using Polls.Core.RoomPolls;
using Polls.Core.Rooms;
using Polls.Core.Tallies;
using Polls.Core.Telemetry;

namespace Polls.Api.LiveRooms;

/// <content>
/// What changed, and sending it. News only mark work to do; the room's loop sends the newest state, at once when the
/// room was quiet and then at a bounded pace (<see cref="FanOutPace"/>), and always ends on the newest. The
/// methods that send are called by that loop alone.
/// </content>
internal sealed partial class LiveRoom
{
    private readonly ConcurrentDictionary<Guid, TallyMoved> news = new();
    private readonly Dictionary<Guid, (Moments? Since, string? Trace, long Skipped)> unsent = [];
    private readonly RoomFanOut fanOut;
    private int participants;
    private volatile bool participantsMoved;

    /// <summary>Whether there is a tally to send.</summary>
    public bool HasTallyNews => !news.IsEmpty || unsent.Count > 0;

    /// <summary>
    /// Whether the participant count moved since it was last sent. Comparing with the count sent last would not do: it
    /// may have moved and moved back, and who came in between was told the one in between.
    /// </summary>
    public bool HasPresenceNews => participantsMoved;

    /// <summary>Whether a tally arrived that tells of a poll's state not known here yet.</summary>
    public bool NeedsReload => !news.IsEmpty && board is { } known && news.Values.Any(moved => !known.Knows(moved));

    /// <summary>A tally arrived, in any order, from here or elsewhere.</summary>
    public void Offer(TallyMoved moved)
    {
        news.AddOrUpdate(
            moved.Tally.PollId, static (_, offer) => offer.Moved,
            static (_, known, offer) => offer.Room.Newest(known, offer.Moved), (Moved: moved, Room: this));
        signal.Wake();
    }

    /// <summary>Something else in the room changed.</summary>
    public void Changed() => signal.Reload();

    /// <summary>The count over all instances.</summary>
    public void SetParticipants(int total)
    {
        if (Interlocked.Exchange(ref participants, total) != total)
        {
            participantsMoved = true;
            signal.Wake();
        }
    }

    /// <summary>Reads the room anew and sends what that changed for each audience.</summary>
    public async Task ReloadAsync(CancellationToken cancellationToken)
    {
        if (board is null)
        {
            // Someone may be reading the room for the first time, and have read it before this change.
            await gate.WaitAsync(cancellationToken);
            gate.Release();
        }

        if (board is null || IsDeleted)
        {
            return;
        }

        var stored = await reader.LoadAsync(Id, cancellationToken);
        await gate.WaitAsync(cancellationToken);
        try
        {
            var truth = stored ?? new RoomTruth(board.Room.Deleted(), new Dictionary<Guid, Tally>());
            var change = RoomChange.Between(board.Room, truth.Room);
            // Read before anything is taken over: if it fails, the whole reload is done again.
            var votes = change.LostBy.Contains(Audience.Participant)
                ? await reader.VotesOfAsync(truth.Room, VotersHere(), cancellationToken)
                : null;
            var moved = new List<Guid>();
            board.Take(truth, moved);
            foreach (var poll in change.Changed)
            {
                lookup.Learn(poll);
            }

            // News of a poll that is not there any more would ask for this reload for ever.
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

    /// <summary>Sends the newest tallies to those who may see them.</summary>
    public async Task SendTalliesAsync(CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            foreach (var (pollId, moved) in news)
            {
                if (board is null || board.FindPoll(pollId) is null || board.Knows(moved))
                {
                    // Removed only if no newer one took its place meanwhile.
                    news.TryRemove(new KeyValuePair<Guid, TallyMoved>(pollId, moved));
                    var before = board?.TallyOf(pollId)?.Version;
                    if (board?.FindPoll(pollId) is not null && board.Take(moved.Tally))
                    {
                        unsent[pollId] = (moved.Since, moved.Trace, moved.Tally.Version - (before ?? moved.Tally.Version) - 1);
                    }
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
            // The one begun last ends first.
            spans.Reverse();
            spans.ForEach(span => span?.Dispose());
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

    /// <summary>The newer one. If nobody was shown the older one, its votes have waited for the newer one, too.</summary>
    private TallyMoved Newest(TallyMoved one, TallyMoved other)
    {
        var (older, newer) = one.Tally.Version < other.Tally.Version ? (one, other) : (other, one);
        return board?.TallyOf(older.Tally.PollId)?.Version >= older.Tally.Version ? newer : newer.InsteadOf(older);
    }

    /// <summary>Hosts by account that the account does not make hosts any more; they come back and are refused.</summary>
    private async Task SendAwayRemovedHostsAsync(CancellationToken cancellationToken)
    {
        var byAccount = members.Values.Where(member => member.Caller.AccountId is not null).ToList();
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

    private Guid[] VotersHere() => [.. members.Values.Select(member => member.Caller.ParticipantId).OfType<Guid>().Distinct()];
}
