using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Polls.Api.Backplane;
using Polls.Api.Hubs;
using Polls.Api.Instance;
using Polls.Api.Sessions;
using Polls.Api.Tokens;
using Polls.Core;
using Polls.Core.RoomPolls;
using Polls.Core.Rooms;
using Polls.Core.Tallies;
using Polls.Core.Telemetry;

namespace Polls.Api.LiveRooms;

/// <summary>The rooms that have connections on this instance, and the ear for everything this instance commits.</summary>
public sealed class LiveRoomDirectory(
    RoomReader reader, PollLookup lookup, IPresence presence, RoomPublisher publisher, IBackplane backplane, IHubOutboxes<RoomHub> connections,
    IOptions<FanOutOptions> fanOut, IOptions<InstanceOptions> instance, TimeProvider clock, PollsMetrics metrics,
    ILogger<LiveRoomDirectory> log) : IRoomAudience, IAsyncDisposable
{
    private static readonly TimeSpan EmptyFor = TimeSpan.FromSeconds(10);
    private readonly ConcurrentDictionary<Guid, LiveRoom> rooms = new();

    /// <summary>Connections in all rooms of this instance.</summary>
    public int Connections => rooms.Values.Sum(room => room.Connections);

    /// <summary>The participants that are connected here, with their connections.</summary>
    internal IEnumerable<(string ConnectionId, Member Member)> Participants => rooms.Values.SelectMany(room => room.Participants);

    internal IEnumerable<LiveRoom> Rooms => rooms.Values;

    /// <summary>The connection gets the room's state, and from then on every change of it. Null, or why not.</summary>
    public async Task<Refusal?> EnterAsync(Caller caller, string connectionId, CancellationToken cancellationToken)
    {
        if (connections.FindOutbox(connectionId) is not { } outbox)
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

    /// <summary>The connection is gone.</summary>
    public Task LeaveAsync(Guid roomId, string connectionId)
    {
        if (rooms.TryGetValue(roomId, out var room))
        {
            room.Leave(connectionId);
        }

        return Task.CompletedTask;
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
        if (rooms.TryGetValue(moved.RoomId, out var room))
        {
            room.Offer(moved);
        }

        publisher.Publish(moved);
    }

    /// <inheritdoc />
    public void OnRoomChanged(Guid roomId)
    {
        if (rooms.TryGetValue(roomId, out var room))
        {
            room.Changed();
        }

        publisher.PublishChange(roomId);
    }

    /// <summary>Lets go of rooms that have been empty for a while.</summary>
    internal async Task SweepAsync(CancellationToken cancellationToken)
    {
        foreach (var (id, room) in rooms)
        {
            if (await room.RetireAsync(EmptyFor, cancellationToken) && rooms.TryRemove(new(id, room)))
            {
                await room.DisposeAsync();
            }
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        // The container knows this object under two names and disposes it twice.
        foreach (var (id, room) in rooms)
        {
            if (rooms.TryRemove(new(id, room)))
            {
                await room.DisposeAsync();
            }
        }
    }

    private LiveRoom Find(Guid roomId)
    {
        if (rooms.TryGetValue(roomId, out var known))
        {
            return known;
        }

        // Made outside of the dictionary's factory, which may run for several callers at once: a loser must not run a loop.
        lock (rooms)
        {
            return rooms.GetOrAdd(roomId, id => new LiveRoom(
                id, instance.Value.Id, reader, lookup, presence, clock, metrics,
                room => new RoomLoop(room, backplane, fanOut.Value, clock, metrics, log)));
        }
    }
}
