using System.Globalization;
using Polls.Api.Sessions;
using StackExchange.Redis;

namespace Polls.Api.Redis;

/// <summary>Sessions in Redis. Each change is one script, so concurrent takeovers cannot interleave.</summary>
public sealed class RedisSessions(RedisConnection connection) : ISessions
{
    private static readonly RedisValue Life = (long)ISessions.Life.TotalMilliseconds;

    /// <inheritdoc />
    public async Task<string?> OpenAsync(Session session, CancellationToken cancellationToken)
    {
        var vote = Fields(session.LastVote);
        var reply = await connection.CallAsync(
            async database => (string?)await RedisScripts.OpenSession.RunAsync(
                database, RedisKeys.Session(session.ParticipantId), Life, Text(session.RoomId), session.ConnectionId,
                session.InstanceId, session.Nickname ?? "", Micros(session.LastSeen), vote.Poll, vote.Revision,
                vote.Cast)
                .ConfigureAwait(false),
            cancellationToken);
        return reply.Value;
    }

    /// <inheritdoc />
    public async Task<IReadOnlyList<Guid>?> TouchAsync(
        IReadOnlyCollection<SessionTouch> touches, CancellationToken cancellationToken)
    {
        if (touches.Count == 0) return [];
        var reply = await connection.CallAsync(
            database => Task.WhenAll([.. touches.Select(touch => TouchAsync(database, touch))]), cancellationToken);
        return reply.Value is { } unknown ? [.. unknown.OfType<Guid>()] : null;
    }

    /// <inheritdoc />
    public async Task CloseAsync(Guid participantId, string connectionId, CancellationToken cancellationToken) =>
        await connection.CallAsync(
            database => RedisScripts.CloseSession.RunAsync(database, RedisKeys.Session(participantId), connectionId),
            cancellationToken);

    /// <inheritdoc />
    public async Task<Session?> FindAsync(Guid participantId, CancellationToken cancellationToken)
    {
        var reply = await connection.CallAsync(
            database => database.HashGetAllAsync(RedisKeys.Session(participantId)), cancellationToken);
        if (reply.Value is not { Length: > 0 } entries) return null;

        var fields = entries.ToDictionary(entry => (string)entry.Name!, entry => entry.Value, StringComparer.Ordinal);
        return new Session(
            participantId, Id(fields["room"]), fields["conn"]!, fields["inst"]!,
            fields.TryGetValue("nick", out var nickname) ? (string?)nickname : null,
            fields.TryGetValue("poll", out var poll)
                ? new LastVote(Id(poll), (int)fields["rev"], Time(fields["cast"])) : null,
            Time(fields["seen"]));
    }

    // The participant if the session does not exist, otherwise null.
    private static async Task<Guid?> TouchAsync(IDatabase database, SessionTouch touch)
    {
        var vote = Fields(touch.Vote);
        var found = await RedisScripts.TouchSession.RunAsync(
            database, RedisKeys.Session(touch.ParticipantId), Life, Micros(touch.SeenAt), vote.Poll, vote.Revision,
            vote.Cast)
            .ConfigureAwait(false);
        return (int)found == 1 ? null : touch.ParticipantId;
    }

    private static (RedisValue Poll, RedisValue Revision, RedisValue Cast) Fields(LastVote? vote) =>
        vote is null ? ("", 0, 0) : (Text(vote.PollId), vote.Revision, Micros(vote.CastAt));

    private static RedisValue Text(Guid id) => id.ToString("D", CultureInfo.InvariantCulture);

    private static Guid Id(RedisValue text) => Guid.Parse((string)text!, CultureInfo.InvariantCulture);

    private static RedisValue Micros(DateTimeOffset at) =>
        (at - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    private static DateTimeOffset Time(RedisValue micros) =>
        DateTimeOffset.UnixEpoch.AddTicks((long)micros * TimeSpan.TicksPerMicrosecond);
}
