using System.Diagnostics;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Options;
using Polls.Api.Backplane;
using Polls.Api.Instance;
using Polls.Core.Loops;
using Polls.Core.Tallies;
using Polls.Core.Telemetry;

namespace Polls.Api.LiveRooms;

/// <summary>
/// Publishes changes to the other instances. Publishes the newest state only: newer state replaces waiting state, so
/// the loop cannot fall behind. It adds no delay: changes collect while the previous round is being sent.
/// </summary>
public sealed class RoomPublisher : LoopService
{
    private const int MostVotes = 10_000;
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);
    private readonly IHubContext<RoomBackplane, IRoomBackplaneClient> hub;
    private readonly IBackplane backplane;
    private readonly string instanceId;
    private readonly BackplaneMetrics metrics;
    private readonly Lock sync = new();
    private Dictionary<Guid, Waiting> waiting = [];
    private volatile bool hasLost;

    /// <summary>Creates the loop; the host starts it.</summary>
    public RoomPublisher(
        IHubContext<RoomBackplane, IRoomBackplaneClient> hub, IBackplane backplane, IOptions<InstanceOptions> instance,
        TimeProvider clock, BackplaneMetrics metrics, LoopMetrics loops, ILogger<RoomPublisher> log)
        : base("roomPublisher", clock, loops, log)
    {
        (this.hub, this.backplane, this.metrics) = (hub, backplane, metrics);
        instanceId = instance.Value.Id;
        backplane.MessagesMayBeMissing += Wake;
    }

    /// <summary>A tally changed.</summary>
    public void Publish(TallyMoved moved) => Note(moved.RoomId, room =>
    {
        if (!room.Tallies.TryGetValue(moved.Tally.PollId, out var known))
        {
            room.Tallies[moved.Tally.PollId] = moved;
        }
        else if (known.Epoch != moved.Epoch || known.Tally.Version < moved.Tally.Version)
        {
            room.Tallies[moved.Tally.PollId] = moved.InsteadOf(known);
        }
    });

    /// <summary>Something else in the room changed.</summary>
    public void PublishChange(Guid roomId) => Note(roomId, room => room.Changed = true);

    /// <summary>The participant count of all instances changed.</summary>
    public void PublishParticipants(Guid roomId, int total) => Note(roomId, room => room.Participants = total);

    /// <summary>A participant moved from another instance to this one.</summary>
    public void PublishMove(Guid roomId, SessionMove move) => Note(roomId, room => room.Moved.Add(move));

    /// <summary>A vote was committed whose voter may be connected to other instances too.</summary>
    public void PublishVote(Guid roomId, OwnVote vote) => Note(roomId, room =>
    {
        if (room.Votes.Count < MostVotes)
        {
            room.Votes.Add(vote);
        }
        else
        {
            room.VotesLost = true;
        }
    });

    /// <summary>
    /// Only a change starts a turn, unless lost messages have to be told although nothing changes any more.
    /// </summary>
    protected override TimeSpan Interval => hasLost && backplane.CanSend ? RetryAfter : Timeout.InfiniteTimeSpan;

    /// <inheritdoc />
    public override void Dispose()
    {
        backplane.MessagesMayBeMissing -= Wake;
        base.Dispose();
    }

    /// <inheritdoc />
    protected override Task RunOnceAsync(CancellationToken stoppingToken) => PublishWaitingAsync();

    /// <summary>
    /// Sends waiting changes, so that other instances receive the last votes of a stopping instance at once.
    /// </summary>
    protected override Task FinishAsync(CancellationToken cancellationToken) => PublishWaitingAsync();

    private void Note(Guid roomId, Action<Waiting> change)
    {
        // A single instance has no other instance to publish to.
        if (backplane.State == BackplaneState.InProcess)
        {
            return;
        }

        NoteQuietly(roomId, change);
        Wake();
    }

    private void NoteQuietly(Guid roomId, Action<Waiting> change)
    {
        lock (sync)
        {
            if (!waiting.TryGetValue(roomId, out var room))
            {
                waiting[roomId] = room = new Waiting();
            }

            change(room);
        }
    }

    private async Task PublishWaitingAsync()
    {
        Dictionary<Guid, Waiting> taken;
        lock (sync)
        {
            taken = waiting;
            waiting = [];
            hasLost = false;
        }

        await Task.WhenAll(taken.Select(item => PublishAsync(item.Key, item.Value.ToMessage(instanceId))));
    }

    // The operation time-out of the Redis connection limits this call.
    private async Task PublishAsync(Guid roomId, RoomMessage message)
    {
        using var trace = message.Tallies is { } tallies ? PollsTraces.StartPublish(tallies) : null;
        var sent = backplane.CanSend;
        try
        {
            if (sent)
            {
                await hub.Clients.Group(RoomBackplane.GroupOf(roomId)).RoomMoved(message.Under(trace));
            }
        }
        catch (Exception)
        {
            // The carrier logs the cause. Here the message only counts as not sent.
            sent = false;
        }

        metrics.Sent(sent);
        if (!sent)
        {
            trace?.SetStatus(ActivityStatusCode.Error);
            var (changed, votesLost) = (message.Changed || message.Tallies is not null, message.Votes is not null);
            if (changed || votesLost)
            {
                // The next message tells, which can wait until Redis is back. If only this instance was cut off, the
                // others do not know that they have to compare with PostgreSQL, and no comparison finds lost votes.
                NoteQuietly(roomId, room =>
                {
                    room.Changed |= changed;
                    room.VotesLost |= votesLost;
                });
                hasLost = true;
            }
        }
    }

    private sealed class Waiting
    {
        public Dictionary<Guid, TallyMoved> Tallies { get; } = [];

        public List<SessionMove> Moved { get; } = [];

        public List<OwnVote> Votes { get; } = [];

        public bool VotesLost { get; set; }

        public bool Changed { get; set; }

        public int? Participants { get; set; }

        public RoomMessage ToMessage(string instanceId) => new(
            Tallies.Count > 0 ? [.. Tallies.Values] : null, Changed, Participants,
            Moved.Count > 0 ? new SessionsMoved(Moved, instanceId) : null,
            Votes.Count > 0 || VotesLost ? new VotesCast(Votes, instanceId, VotesLost) : null);
    }
}
