using System.Collections.Concurrent;
using Polls.Api.Tokens;
using Polls.Core;
using Polls.Core.Polls;
using Polls.Core.Rooms;
using Polls.Core.Tallies;
using Polls.Core.Votes;

namespace Polls.Api.LiveRooms;

/// <summary>
/// A room that has connections on this instance: who they are, what the room looks like, and one loop that sends
/// them what changed. News only mark work to do; the loop sends the newest state, at once when the room was quiet and
/// then at a bounded pace (<see cref="FanOutPace"/>), and always ends on the newest.
/// </summary>
internal sealed class LiveRoom : IAsyncDisposable
{
    private readonly string instanceId;
    private readonly RoomReader reader;
    private readonly TimeProvider clock;
    private readonly RoomLoop loop;
    private readonly ConcurrentDictionary<string, Member> members = new();
    private readonly ConcurrentDictionary<Guid, TallyMoved> news = new();
    private readonly HashSet<Guid> unsent = [];
    private readonly RoomFanOut fanOut;
    private readonly PollLookup lookup;
    private readonly SemaphoreSlim gate = new(1, 1);
    private RoomBoard? board;
    private long emptySince;
    private int participants;
    private int participantsSent;
    private bool retired;

    public LiveRoom(
        Guid id, string instanceId, RoomReader reader, PollLookup lookup, TimeProvider clock, Func<LiveRoom, RoomLoop> makeLoop)
    {
        (Id, this.instanceId, this.reader, this.lookup, this.clock) = (id, instanceId, reader, lookup, clock);
        emptySince = clock.GetTimestamp();
        fanOut = new RoomFanOut(members);
        loop = makeLoop(this);
        loop.Start();
    }

    public Guid Id { get; }

    public int Connections => members.Count;

    public bool HasHost => members.Values.Any(member => member.Audience == Audience.Host);

    /// <summary>Participants that this instance counts; one with two tabs is one.</summary>
    public int LocalParticipants =>
        members.Values.Where(member => member.Counts).Select(member => member.Caller.ParticipantId).Distinct().Count();

    /// <summary>The connections of participants.</summary>
    public IEnumerable<(string ConnectionId, Caller Caller)> Participants => members
        .Where(item => item.Value.Caller.ParticipantId is not null).Select(item => (item.Key, item.Value.Caller));

    /// <summary>How far this instance's view has come; null before the first load.</summary>
    public RoomVersions? Versions => board is { } known ? new RoomVersions(Id, known.Room.Version, known.TallyVersions) : null;

    /// <summary>Whether there is a tally to send.</summary>
    public bool HasTallyNews => !news.IsEmpty || unsent.Count > 0;

    /// <summary>Whether the participant count is another than the one sent last.</summary>
    public bool HasPresenceNews => Volatile.Read(ref participants) != participantsSent;

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
        Volatile.Write(ref participants, total);
        loop.Wake();
    }

    /// <summary>The instance that these participants moved to counts them from now on.</summary>
    public void Hear(SessionsMoved moved)
    {
        if (moved.InstanceId == instanceId)
        {
            return;
        }

        var gone = moved.Participants.ToHashSet();
        foreach (var member in members.Values.Where(member => member.Caller.ParticipantId is { } id && gone.Contains(id)))
        {
            member.Counts = false;
        }
    }

    /// <summary>
    /// Sends the state and adds the member, both before anything newer is sent: on one connection versions never go
    /// back. Null: this object was retired meanwhile, ask the directory again.
    /// </summary>
    public Task<Outcome<Done>?> EnterAsync(Member member, string connectionId, CancellationToken cancellationToken) =>
        LookAsync(member.Caller, state =>
        {
            member.Outbox.Send(RoomEvents.RoomState(state));
            members[connectionId] = member;
            return default(Done);
        }, cancellationToken);

    public void Leave(string connectionId)
    {
        if (members.TryRemove(connectionId, out _) && members.IsEmpty)
        {
            Volatile.Write(ref emptySince, clock.GetTimestamp());
        }
    }

    /// <summary>The room as this caller may see it. Null: this object was retired meanwhile, ask the directory again.</summary>
    public Task<Outcome<RoomState>?> StateAsync(Caller caller, CancellationToken cancellationToken) =>
        LookAsync(caller, state => state, cancellationToken);

    /// <summary>Retires the room when nobody has been in it for so long; the caller then disposes it.</summary>
    public async Task<bool> RetireAsync(TimeSpan emptyFor, CancellationToken cancellationToken)
    {
        if (!members.IsEmpty || clock.GetElapsedTime(Volatile.Read(ref emptySince)) < emptyFor)
        {
            return false;
        }

        await gate.WaitAsync(cancellationToken);
        retired = members.IsEmpty;
        gate.Release();
        return retired;
    }

    /// <summary>Reads the room anew and sends what that changed for each audience.</summary>
    public async Task ReloadAsync(CancellationToken cancellationToken)
    {
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
            participantsSent = Volatile.Read(ref participants);
            await fanOut.SendAsync(participantsSent);
        }
        finally
        {
            gate.Release();
        }
    }

    // The gate is not disposed: a caller that found this room just before it retired still passes it.
    public ValueTask DisposeAsync() => loop.DisposeAsync();

    private Guid[] VotersHere() => [.. members.Values.Select(member => member.Caller.ParticipantId).OfType<Guid>().Distinct()];

    /// <summary>Runs the look at a state that is complete and newest, while nothing is sent to anybody.</summary>
    private async Task<Outcome<T>?> LookAsync<T>(Caller caller, Func<RoomState, T> look, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (board is null && await LoadFirstAsync(cancellationToken) is { } refusal)
            {
                return refusal;
            }

            if (board is null)
            {
                return null;
            }

            var room = board.Room;
            var votes = caller.ParticipantId is { } voter
                ? await reader.VotesOfAsync(room, [voter], cancellationToken)
                : null;
            await gate.WaitAsync(cancellationToken);
            try
            {
                if (retired)
                {
                    return null;
                }

                // A reset in between took votes away that were read before it: read again.
                if (board.Room.Version == room.Version)
                {
                    MyVote[] mine = caller.ParticipantId is { } id ? [.. votes![id]] : [];
                    return look(board.StateFor(caller.Role, participants, mine, clock.GetUtcNow()));
                }
            }
            finally
            {
                gate.Release();
            }
        }
    }

    private async Task<Refusal?> LoadFirstAsync(CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            if (board is null && !retired)
            {
                await loop.SubscribeAsync(cancellationToken);
                if (await reader.LoadAsync(Id, cancellationToken) is not { } truth)
                {
                    return Refusals.RoomNotFound;
                }

                board = new RoomBoard(truth);
                foreach (var poll in truth.Room.Polls)
                {
                    lookup.Learn(poll);
                }
            }

            return null;
        }
        finally
        {
            gate.Release();
        }
    }
}
