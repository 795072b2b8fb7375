namespace Polls.Api.Sessions;

/// <summary>The sessions of a single instance, in its memory.</summary>
public sealed class InProcessSessions(TimeProvider clock) : ISessions
{
    private static readonly TimeSpan SweepEvery = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private readonly Dictionary<Guid, Kept> sessions = [];
    private DateTimeOffset nextSweep = clock.GetUtcNow() + SweepEvery;

    /// <inheritdoc />
    public Task<string?> OpenAsync(Session session, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (gate)
        {
            Sweep();
            var earlier = Living(session.ParticipantId);
            Keep(session with { LastVote = LastVote.Newest(earlier?.LastVote, session.LastVote) });
            return Task.FromResult(earlier?.InstanceId);
        }
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<Guid>?> TouchAsync(
        IReadOnlyCollection<SessionTouch> touches, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var unknown = new List<Guid>();
        lock (gate)
        {
            foreach (var touch in touches)
            {
                if (Living(touch.ParticipantId) is { } session) Keep(Touched(session, touch));
                else unknown.Add(touch.ParticipantId);
            }
        }

        return Task.FromResult<IReadOnlyList<Guid>?>(unknown);
    }

    /// <inheritdoc />
    public Task CloseAsync(Guid participantId, string connectionId, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (gate)
        {
            if (Living(participantId)?.ConnectionId == connectionId) sessions.Remove(participantId);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task<Session?> FindAsync(Guid participantId, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (gate) return Task.FromResult(Living(participantId));
    }

    private static Session Touched(Session session, SessionTouch touch) => session with
    {
        LastVote = LastVote.Newest(session.LastVote, touch.Vote),
        LastSeen = touch.SeenAt > session.LastSeen ? touch.SeenAt : session.LastSeen,
    };

    private Session? Living(Guid participantId) =>
        sessions.TryGetValue(participantId, out var kept) && kept.Until > clock.GetUtcNow() ? kept.Session : null;

    private void Keep(Session session) =>
        sessions[session.ParticipantId] = new Kept(session, clock.GetUtcNow() + ISessions.Life);

    // Without this, sessions of participants who never return would stay in memory.
    private void Sweep()
    {
        var now = clock.GetUtcNow();
        if (now < nextSweep) return;
        nextSweep = now + SweepEvery;
        foreach (var (participantId, kept) in sessions)
        {
            if (kept.Until <= now) sessions.Remove(participantId);
        }
    }

    private readonly record struct Kept(Session Session, DateTimeOffset Until);
}
