using System.Collections.Concurrent;
using Polls.Core.Polls;
using Polls.Core.Tallies;

namespace Polls.Api.LiveRooms;

/// <content>
/// What changed, and sending it. News only mark work to do; the room's loop sends the newest state, at once when the
/// room was quiet and then at a bounded pace (<see cref="FanOutPace"/>), and always ends on the newest. The
/// methods that send are called by that loop alone.
/// </content>
internal sealed partial class LiveRoom
{
    private readonly ConcurrentDictionary<Guid, TallyMoved> news = new();
    private readonly HashSet<Guid> unsent = [];
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
            moved.Tally.PollId, static (_, offered) => offered,
            static (_, known, offered) => offered.Tally.Version > known.Tally.Version ? offered : known, moved);
        loop.Wake();
    }

    /// <summary>Something else in the room changed.</summary>
    public void Changed() => loop.Reload();

    /// <summary>The count over all instances.</summary>
    public void SetParticipants(int total)
    {
        if (Interlocked.Exchange(ref participants, total) != total)
        {
            participantsMoved = true;
            loop.Wake();
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

        if (board is null || await reader.LoadAsync(Id, cancellationToken) is not { } truth)
        {
            return;
        }

        await gate.WaitAsync(cancellationToken);
        try
        {
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

            unsent.UnionWith(moved);
            unsent.ExceptWith(change.Changed.Select(poll => poll.Id));
            await fanOut.SendAsync(change, board, participants, votes, clock.GetUtcNow());
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Sends the newest tallies to those who may see them; returns to how many connections.</summary>
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
                    if (board?.FindPoll(pollId) is not null && board.Take(moved.Tally))
                    {
                        unsent.Add(pollId);
                    }
                }
            }

            foreach (var pollId in unsent)
            {
                if (board?.FindPoll(pollId) is { } poll && board.TallyOf(pollId) is { } tally)
                {
                    await fanOut.SendAsync(poll, tally);
                }
            }

            unsent.Clear();
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

    private Guid[] VotersHere() => [.. members.Values.Select(member => member.Caller.ParticipantId).OfType<Guid>().Distinct()];
}
