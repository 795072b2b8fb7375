using Polls.Api.Backplane;
using Polls.Api.Connections;
using Polls.Api.Presence;
using Polls.Api.Tokens;
using Polls.Core;
using Polls.Core.RoomPolls;
using Polls.Core.Rooms;
using Polls.Core.Votes;

namespace Polls.Api.LiveRooms;

/// <summary>
/// A room with connections on this instance: its members and its state. One loop (<see cref="RoomLoop"/>) sends changes
/// to the members: see <c>LiveRoom.Sending.cs</c>, and <c>LiveRoom.Reading.cs</c> for what it reads.
/// </summary>
internal sealed partial class LiveRoom : IDisposable
{
    private static readonly TimeSpan JoinLimit = TimeSpan.FromMilliseconds(100);
    private readonly string instanceId;
    private readonly RoomReader reader;
    private readonly IPresence presence;
    private readonly ParticipantConnections connections;
    private readonly TimeProvider clock;
    private readonly LiveRoomMetrics metrics;
    private readonly IDisposable listening;
    private readonly TaskCompletionSource joined = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly RoomMembers members = new();
    private readonly PollLookup lookup;
    private readonly OwnVotes ownVotes;
    private readonly OwnVoteReads ownVoteReads = new();
    private readonly SemaphoreSlim gate = new(1, 1);
    private RoomBoard? board;
    private int firstReadBegun;
    private long emptySince;
    private bool retired;

    public LiveRoom(
        Guid id, string instanceId, RoomReader reader, PollLookup lookup, IPresence presence, RoomGroups listeners,
        ParticipantConnections connections, TimeProvider clock, LiveRoomMetrics metrics)
    {
        (Id, this.instanceId, this.reader, this.lookup) = (id, instanceId, reader, lookup);
        (this.presence, this.connections, this.clock, this.metrics) = (presence, connections, clock, metrics);
        emptySince = clock.GetTimestamp();
        ownVotes = new OwnVotes(reader.VotesOfAsync, clock);
        fanOut = new RoomFanOut(members, clock, metrics);
        listening = listeners.Listen(id, Hear, Joined);
    }

    public Guid Id { get; }

    public int Connections => members.Count;

    /// <summary>Whether the room was deleted. Its members were informed, and new members are refused.</summary>
    public bool IsDeleted { get; private set; }

    public bool HasHost => members.HasHost;

    /// <inheritdoc cref="RoomMembers.CountParticipants" />
    public int CountParticipants(bool again) => members.CountParticipants(again);

    /// <inheritdoc cref="RoomMembers.Participants" />
    public IEnumerable<(string ConnectionId, Member Member)> Participants => members.Participants;

    /// <summary>The versions that this instance has loaded; null before the first load.</summary>
    public RoomVersions? Versions =>
        board is { } known ? new RoomVersions(Id, known.Room.Epoch, known.Room.Version, known.TallyVersions) : null;

    /// <summary>
    /// Sends the state and adds the member before any newer state is sent, so that versions never decrease on a
    /// connection. Returns null if this room was retired in the meantime: get it from the directory again.
    /// </summary>
    public Task<Outcome<Done>?> EnterAsync(Member member, string connectionId, CancellationToken cancellationToken) =>
        LookAsync(member.Caller, state =>
        {
            member.Replace(state.MyVotes);
            member.Outbox.Send(RoomFanOut.StateMessage(state));
            members.Add(connectionId, member);
            news.Add(member, members.Count);
            return default(Done);
        }, cancellationToken);

    /// <summary>Whether some participants may see the poll's tally and others not.</summary>
    public bool DependsOnAnswer(Guid pollId) => board?.FindPoll(pollId)?.DependsOnAnswer == true;

    public void Leave(string connectionId)
    {
        if (members.Remove(connectionId) && members.IsEmpty)
        {
            Volatile.Write(ref emptySince, clock.GetTimestamp());
        }
    }

    /// <summary>
    /// The room as the caller may see it. Null if this room was retired in the meantime: ask the directory again.
    /// </summary>
    public Task<Outcome<RoomState>?> StateAsync(Caller caller, CancellationToken cancellationToken) =>
        LookAsync(caller, state => state, cancellationToken);

    /// <summary>Retires the room if it has been empty for this long. The caller then disposes it.</summary>
    public async Task<bool> RetireAsync(TimeSpan emptyFor, CancellationToken cancellationToken)
    {
        if (!members.IsEmpty || clock.GetElapsedTime(Volatile.Read(ref emptySince)) < emptyFor)
        {
            return false;
        }

        await gate.WaitAsync(cancellationToken);
        try
        {
            retired = members.IsEmpty;
            if (retired)
            {
                // Before a new object for the same room joins.
                listening.Dispose();
            }

            return retired;
        }
        finally
        {
            gate.Release();
        }
    }

    // The semaphores are not disposed, because a caller that got this room just before it retired still uses them.
    public void Dispose() => listening.Dispose();

    // A read that began before the room had joined may miss changes in between, so the room is read again.
    private void Joined()
    {
        joined.SetResult();
        if (Interlocked.CompareExchange(ref firstReadBegun, 1, 1) == 1)
        {
            Changed();
        }
    }

    private void Hear(RoomMessage message)
    {
        foreach (var tally in message.Tallies ?? [])
        {
            Offer(tally);
        }

        if (message.Votes is { } cast && cast.InstanceId != instanceId)
        {
            foreach (var vote in cast.Votes)
            {
                Offer(vote);
            }

            if (cast.MoreLost)
            {
                OwnVotesMayBeMissing();
            }
        }

        if (message.Moved is { } moved && moved.InstanceId != instanceId)
        {
            members.Move(moved.Sessions);
        }

        if (message.Participants is { } total)
        {
            SetParticipants(total);
        }

        if (message.Changed)
        {
            Changed();
        }
    }

    /// <summary>Calls <paramref name="look"/> with the newest complete state, while no update is sent.</summary>
    private async Task<Outcome<T>?> LookAsync<T>(
        Caller caller, Func<RoomState, T> look, CancellationToken cancellationToken)
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
            using var reading = caller.ParticipantId is { } voter ? ownVoteReads.Begin(voter) : null;
            MyVote[] mine = reading is null
                ? []
                : [.. await ownVotes.OfAsync(room, reading.Participant, cancellationToken)];
            await gate.WaitAsync(cancellationToken);
            try
            {
                if (retired)
                {
                    return null;
                }

                if (IsDeleted)
                {
                    return Refusals.RoomNotFound;
                }

                // A reset in the meantime removed votes that were already read, and a vote in the meantime was sent to
                // the voter's other connections before this one is among them. Read again.
                if ((board.Room.Epoch, board.Room.Version) == (room.Epoch, room.Version) && reading?.IsOutdated != true)
                {
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
                // Joining usually takes a millisecond. Waiting for it saves the second read.
                await Task.WhenAny(joined.Task, Task.Delay(JoinLimit, clock, cancellationToken));
                Interlocked.Exchange(ref firstReadBegun, 1);
                if (await reader.LoadAsync(Id, cancellationToken) is not { } truth)
                {
                    return Refusals.RoomNotFound;
                }

                Interlocked.CompareExchange(ref participants, await presence.CountAsync(Id, cancellationToken), 0);
                board = new RoomBoard(truth);
                foreach (var poll in truth.Room.Polls)
                {
                    // One that is cached may be of another epoch.
                    lookup.Forget(poll.Id);
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
