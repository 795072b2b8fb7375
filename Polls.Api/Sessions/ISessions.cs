namespace Polls.Api.Sessions;

/// <summary>The session of a connected participant, readable from any instance.</summary>
/// <param name="ParticipantId">Whose session it is.</param>
/// <param name="RoomId">The participant's room.</param>
/// <param name="ConnectionId">The newest SignalR connection of the participant.</param>
/// <param name="InstanceId">The instance that holds that connection.</param>
/// <param name="Nickname">As given at joining; null when none was.</param>
/// <param name="LastVote">The newest acknowledged vote of this session; null before the first.</param>
/// <param name="LastSeen">When the participant last connected, voted or was refreshed.</param>
public sealed record Session(
    Guid ParticipantId, Guid RoomId, string ConnectionId, string InstanceId, string? Nickname,
    LastVote? LastVote, DateTimeOffset LastSeen);

/// <summary>The part of a session that a vote changes.</summary>
public sealed record LastVote(Guid PollId, int Revision, DateTimeOffset CastAt)
{
    /// <summary>
    /// Which of two votes is the newer one: of the same poll the higher revision, of two polls the later one.
    /// Reports travel in batches and may arrive in any order.
    /// </summary>
    public static LastVote? Newest(LastVote? known, LastVote? told) => (known, told) switch
    {
        (_, null) => known,
        (null, _) => told,
        _ when known.PollId == told.PollId => told.Revision > known.Revision ? told : known,
        _ => told.CastAt >= known.CastAt ? told : known,
    };
}

/// <summary>
/// Stores the sessions of connected participants with a sliding expiration of one hour. It is never the source of
/// truth: losing a session loses no vote and no participant. Every call is bounded in time and does nothing while the
/// store is away.
/// </summary>
public interface ISessions
{
    /// <summary>How long a session is kept after its last update.</summary>
    static readonly TimeSpan Life = TimeSpan.FromHours(1);

    /// <summary>
    /// A participant connected: the session now belongs to this connection and instance. What an earlier connection
    /// left (the last vote) is kept unless the given one is newer. Returns the instance that held the session before,
    /// or null.
    /// </summary>
    Task<string?> OpenAsync(Session session, CancellationToken cancellationToken);

    /// <summary>
    /// Stores the newest votes and renews the expiration of many sessions in one round trip. Never creates a session:
    /// returns the participants that have none because the store was wiped, so that the instance that holds their
    /// connections can open them again. Returns null while the store is away; nothing was stored.
    /// </summary>
    Task<IReadOnlyList<Guid>?> TouchAsync(
        IReadOnlyCollection<SessionTouch> touches, CancellationToken cancellationToken);

    /// <summary>Ends the session if it still belongs to this connection; a newer connection's session stays.</summary>
    Task CloseAsync(Guid participantId, string connectionId, CancellationToken cancellationToken);

    /// <summary>The session, or null when there is none or the store is away.</summary>
    Task<Session?> FindAsync(Guid participantId, CancellationToken cancellationToken);
}

/// <summary>An update of a session: when the participant was last seen, and the newest vote if there is one.</summary>
public sealed record SessionTouch(Guid ParticipantId, DateTimeOffset SeenAt, LastVote? Vote);
