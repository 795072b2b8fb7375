using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Options;
using Polls.Api.Backplane;
using Polls.Api.Connections;
using Polls.Api.Instance;
using Polls.Api.Presence;
using Polls.Api.Tokens;
using Polls.Core;
using Polls.Core.Kinds;
using Polls.Core.RoomPolls;
using Polls.Core.Rooms;
using Polls.Core.Tallies;
using Polls.Core.Votes;

namespace Polls.Api.LiveRooms;

/// <summary>The rooms with connections on this instance. Receives every change that this instance commits.</summary>
public sealed class LiveRoomDirectory(
    RoomReader reader, PollLookup lookup, IPresence presence, RoomPublisher publisher, RoomGroups listeners,
    ConnectionOutboxes outboxes, ParticipantConnections connections, IOptions<FanOutOptions> fanOut,
    IOptions<InstanceOptions> instance, TimeProvider clock, LiveRoomMetrics metrics, ILogger<LiveRoomDirectory> log)
    : IRoomListener, IAsyncDisposable
{
    private static readonly TimeSpan EmptyFor = TimeSpan.FromSeconds(10);
    private readonly ConcurrentDictionary<Guid, RoomLoop> loops = new();

    /// <summary>The number of connections in all rooms of this instance.</summary>
    public int Connections => Rooms.Sum(room => room.Connections);

    /// <summary>The connected participants of this instance, with their connections.</summary>
    internal IEnumerable<(string ConnectionId, Member Member)> Participants =>
        Rooms.SelectMany(room => room.Participants);

    internal IEnumerable<LiveRoom> Rooms => loops.Select(item => item.Value.Room);

    /// <summary>
    /// Sends the room's state to the connection, then every change. Returns the refusal, or null on success.
    /// </summary>
    public async Task<Refusal?> EnterAsync(Caller caller, string connectionId, CancellationToken cancellationToken)
    {
        if (outboxes.Find(connectionId) is not { } outbox)
        {
            return null;
        }

        var member = new Member(caller, outbox, clock.GetUtcNow());
        while (true)
        {
            if (await Find(caller.RoomId).EnterAsync(member, connectionId, cancellationToken) is { } outcome)
            {
                return outcome.Refusal;
            }
        }
    }

    /// <summary>The connection has closed.</summary>
    public void Leave(Guid roomId, string connectionId)
    {
        if (loops.TryGetValue(roomId, out var loop))
        {
            loop.Room.Leave(connectionId);
        }
    }

    /// <summary>The room as the caller may see it.</summary>
    public async Task<Outcome<RoomState>> StateAsync(Caller caller, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await Find(caller.RoomId).StateAsync(caller, cancellationToken) is { } outcome)
            {
                return outcome;
            }
        }
    }

    /// <inheritdoc />
    public void OnTallyMoved(TallyMoved moved)
    {
        if (loops.TryGetValue(moved.RoomId, out var loop))
        {
            loop.Room.Offer(moved);
        }

        publisher.Publish(moved);
    }

    /// <inheritdoc />
    public void OnVoteCast(Guid roomId, string epoch, PendingVote vote, Ballot counts)
    {
        var own = new OwnVote(
            vote.ParticipantId, vote.PollId, epoch, vote.Edition, vote.Revision, counts, vote.ConnectionId);
        // The connection that the vote came from gets the receipt, unless it has closed meanwhile.
        var answered = vote.ConnectionId is { } origin && outboxes.Find(origin) is not null ? 1 : 0;
        if (loops.TryGetValue(roomId, out var loop)
            && (connections.Count(vote.ParticipantId) > answered || loop.Room.DependsOnAnswer(vote.PollId)))
        {
            loop.Room.Offer(own);
        }

        // No instance knows whether the participant is connected to others too.
        publisher.PublishVote(roomId, own);
    }

    /// <inheritdoc />
    public void OnRoomChanged(Guid roomId)
    {
        if (loops.TryGetValue(roomId, out var loop))
        {
            loop.Room.Changed();
        }

        publisher.PublishChange(roomId);
    }

    /// <summary>Removes rooms that have been empty for a while.</summary>
    internal async Task SweepAsync(CancellationToken cancellationToken)
    {
        foreach (var (id, loop) in loops)
        {
            if (await loop.Room.RetireAsync(EmptyFor, cancellationToken) && loops.TryRemove(new(id, loop)))
            {
                await loop.DisposeAsync();
            }
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        // The container registers this object under two names and disposes it twice.
        foreach (var (id, loop) in loops)
        {
            if (loops.TryRemove(new(id, loop)))
            {
                await loop.DisposeAsync();
            }
        }
    }

    private LiveRoom Find(Guid roomId)
    {
        if (loops.TryGetValue(roomId, out var known))
        {
            return known.Room;
        }

        // Created outside the dictionary's factory, which can run concurrently: an instance that is not used must not
        // run a loop.
        lock (loops)
        {
            return loops.GetOrAdd(roomId, Make).Room;
        }
    }

    [SuppressMessage("Reliability", "CA2000", Justification = "The loop disposes its room.")]
    private RoomLoop Make(Guid roomId) => new(
        new LiveRoom(
            roomId, instance.Value.Id, reader, lookup, presence, listeners, connections, clock, metrics),
        fanOut.Value, clock, metrics, log);
}
