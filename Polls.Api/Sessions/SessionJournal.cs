using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Options;
using Polls.Api.Backplane;
using Polls.Api.Instance;
using Polls.Api.LiveRooms;
using Polls.Api.Tokens;
using Polls.Core.Loops;
using Polls.Core.Votes;

namespace Polls.Api.Sessions;

/// <summary>
/// Writes sessions to the store in the background, so that no caller waits for it. When the journal is full because the
/// store is slow, new entries are dropped. Sessions that the store lost are written again for connected participants.
/// </summary>
public sealed class SessionJournal(
    ISessions sessions, LiveRoomDirectory directory, RoomPublisher publisher, IBackplane backplane,
    IOptions<InstanceOptions> instance, TimeProvider clock, LoopMetrics metrics, ILogger<SessionJournal> log)
    : LoopService("sessionJournal", clock, metrics, log)
{
    private const int Limit = 50_000;
    private const int AtOnce = 256;
    private static readonly TimeSpan FlushInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RefreshInterval = TimeSpan.FromMinutes(10);
    private readonly ConcurrentDictionary<Guid, SessionTouch> touches = new();
    private readonly Channel<Func<CancellationToken, Task>> entries =
        Channel.CreateBounded<Func<CancellationToken, Task>>(
            new BoundedChannelOptions(Limit) { SingleReader = true, FullMode = BoundedChannelFullMode.DropWrite });

    private long flushed = clock.GetTimestamp();
    private long refreshed = clock.GetTimestamp();
    private volatile bool storeIsBack;

    /// <inheritdoc />
    protected override TimeSpan Interval
    {
        get
        {
            var untilFlush = FlushInterval - Clock.GetElapsedTime(flushed);
            return entries.Reader.Count == 0 && untilFlush > TimeSpan.Zero ? untilFlush : TimeSpan.Zero;
        }
    }

    /// <summary>A participant connected here.</summary>
    public void Opened(Caller caller, string connectionId) =>
        Opened(caller, connectionId, Clock.GetUtcNow(), vote: null);

    /// <summary>Writes the session of a connection on this instance that no other instance holds any more.</summary>
    internal void Reopened(string connectionId, Member member) =>
        Opened(member.Caller, connectionId, member.ConnectedAt, vote: null);

    /// <summary>A connection ended.</summary>
    public void Closed(Caller caller, string connectionId)
    {
        if (caller.ParticipantId is { } participant)
        {
            Write(token => sessions.CloseAsync(participant, connectionId, token));
        }
    }

    /// <summary>A vote was acknowledged.</summary>
    public void Voted(Caller caller, VoteReceipt receipt)
    {
        if (caller.ParticipantId is { } participant)
        {
            var vote = new LastVote(receipt.PollId, receipt.Revision, receipt.CastAt);
            touches.AddOrUpdate(
                participant,
                static (id, vote) => new SessionTouch(id, vote.CastAt, vote),
                static (_, known, vote) =>
                    known with { SeenAt = vote.CastAt, Vote = LastVote.Newest(known.Vote, vote) },
                vote);
        }
    }

    /// <inheritdoc />
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        backplane.MessagesMayBeMissing += ReopenSoon;
        return base.StartAsync(cancellationToken);
    }

    /// <inheritdoc />
    protected override async Task RunOnceAsync(CancellationToken stoppingToken)
    {
        await WriteEntriesAsync(stoppingToken);
        if (storeIsBack)
        {
            storeIsBack = false;
            ReopenAll();
        }

        if (Clock.GetElapsedTime(refreshed) >= RefreshInterval)
        {
            refreshed = Clock.GetTimestamp();
            RefreshAll();
        }

        if (Clock.GetElapsedTime(flushed) >= FlushInterval)
        {
            flushed = Clock.GetTimestamp();
            await FlushTouchesAsync(stoppingToken);
        }
    }

    /// <summary>Writes the entries and touches that still wait.</summary>
    protected override async Task FinishAsync(CancellationToken cancellationToken)
    {
        backplane.MessagesMayBeMissing -= ReopenSoon;
        while (entries.Reader.Count > 0)
        {
            await WriteEntriesAsync(cancellationToken);
        }

        await FlushTouchesAsync(cancellationToken);
    }

    // The store was away with the backplane: it may have come back empty, and does not know who came meanwhile.
    private void ReopenSoon() => storeIsBack = true;

    private void Write(Func<CancellationToken, Task> entry)
    {
        entries.Writer.TryWrite(entry);
        Wake();
    }

    private async Task WriteEntriesAsync(CancellationToken cancellationToken)
    {
        // Started in order and on one connection, so the store also receives them in order.
        var batch = new List<Task>();
        while (batch.Count < AtOnce && entries.Reader.TryRead(out var entry))
        {
            batch.Add(entry(cancellationToken));
        }

        await Task.WhenAll(batch);
    }

    private void Opened(Caller caller, string connectionId, DateTimeOffset connectedAt, LastVote? vote)
    {
        if (caller.ParticipantId is { } participant)
        {
            Write(token => OpenAsync(caller, participant, connectionId, vote, connectedAt, token));
        }
    }

    private async Task OpenAsync(
        Caller caller, Guid participant, string connectionId, LastVote? vote, DateTimeOffset connectedAt,
        CancellationToken cancellationToken)
    {
        var before = await sessions.OpenAsync(
            new Session(
                participant, caller.RoomId, connectionId, instance.Value.Id, caller.Nickname, vote, Clock.GetUtcNow()),
            cancellationToken);
        if (before is not null && before != instance.Value.Id)
        {
            publisher.PublishMove(caller.RoomId, new SessionMove(participant, connectedAt));
        }
    }

    private async Task FlushTouchesAsync(CancellationToken cancellationToken)
    {
        var batch = new List<SessionTouch>();
        foreach (var participant in touches.Keys)
        {
            if (touches.TryRemove(participant, out var touch))
            {
                batch.Add(touch);
            }
        }

        if (batch.Count == 0)
        {
            return;
        }

        if (await sessions.TouchAsync(batch, cancellationToken) is not { } unknown)
        {
            // The store is away: keep the touches for the next flush, at most one per participant.
            foreach (var touch in batch)
            {
                touches.AddOrUpdate(
                    touch.ParticipantId,
                    touch,
                    (_, newer) => newer with { Vote = LastVote.Newest(touch.Vote, newer.Vote) });
            }

            return;
        }

        // The store was wiped and lost these sessions: open them again, last vote included, for participants connected
        // here.
        var lost = unknown.ToHashSet();
        if (lost.Count > 0)
        {
            var votes = batch.Where(touch => lost.Contains(touch.ParticipantId))
                .ToDictionary(touch => touch.ParticipantId, touch => touch.Vote);
            foreach (var (connectionId, member) in directory.Participants)
            {
                if (votes.TryGetValue(member.Caller.ParticipantId!.Value, out var vote))
                {
                    Opened(member.Caller, connectionId, member.ConnectedAt, vote);
                }
            }
        }
    }

    // A touch is not enough: participants may have moved to this instance while the store was away, and it still names
    // the old one.
    private void ReopenAll()
    {
        foreach (var (connectionId, member) in directory.Participants)
        {
            if (member.Counts)
            {
                Reopened(connectionId, member);
            }
        }
    }

    private void RefreshAll()
    {
        var now = Clock.GetUtcNow();
        foreach (var (_, member) in directory.Participants)
        {
            var participant = member.Caller.ParticipantId!.Value;
            touches.TryAdd(participant, new SessionTouch(participant, now, null));
        }
    }
}
