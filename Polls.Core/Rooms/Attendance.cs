using Microsoft.EntityFrameworkCore;
using Polls.Core.Storage;

namespace Polls.Core.Rooms;

/// <summary>
/// Who joined a room and how, so that its host notices votes of people who are not there: a script that stuffs a ballot
/// joins and votes, and does not look at the result.
/// </summary>
public sealed class Attendance(IDbContextFactory<PollsDb> databases)
{
    /// <summary>
    /// By then, whoever joined with a page is recorded as connected. A page connects within seconds.
    /// </summary>
    public static readonly TimeSpan Settled = TimeSpan.FromSeconds(30);

    /// <summary>The least number of voters who never connected that is a reason for a warning.</summary>
    public const int LeastSuspicious = 20;

    /// <summary>The least share of them among all who joined that is a reason for a warning.</summary>
    public const double SuspiciousShare = 0.05;

    private const int MostMinutes = 60;
    private const int MostDiscards = 100;

    /// <summary>Records that these participants have connected.</summary>
    public async Task ConnectedAsync(Guid[] participants, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await db.Participants
            .Where(person => participants.Contains(person.Id) && !person.Connected)
            .ExecuteUpdateAsync(set => set.SetProperty(person => person.Connected, true), cancellationToken);
    }

    /// <summary>How people joined the room, and whose votes are discarded; null if the room does not exist.</summary>
    public async Task<Joins?> ReadAsync(Guid roomId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (await db.Rooms.AsNoTracking().SingleOrDefaultAsync(row => row.Id == roomId, cancellationToken)
            is not { } room)
        {
            return null;
        }

        // Only those who never connected are asked for their votes, and usually nobody is among them.
        var minutes = await db.Database.SqlQuery<JoinMinute>(
            $"""
            SELECT p.minute AS "At", count(*)::integer AS "Joined",
                   (count(*) FILTER (WHERE p.absent))::integer AS "NeverConnected",
                   (count(*) FILTER (WHERE p.absent AND EXISTS (
                     SELECT FROM polls l JOIN votes v ON v.poll_id = l.id AND v.participant_id = p.id
                     WHERE l.room_id = {roomId} AND (cardinality(v.marks) > 0 OR v.keys IS NOT NULL)
                   )))::integer AS "VotersNeverConnected"
            FROM (
              SELECT id, date_trunc('minute', joined_at, 'UTC') AS minute,
                     NOT connected AND joined_at < clock_timestamp() - {Settled} AS absent
              FROM participants WHERE room_id = {roomId}
            ) p
            WHERE NOT EXISTS (SELECT FROM discarded_participants d WHERE d.participant_id = p.id)
            GROUP BY p.minute
            ORDER BY p.minute DESC
            """).ToListAsync(cancellationToken);
        var discards = await db.Discards.AsNoTracking().Where(row => row.RoomId == roomId)
            .OrderByDescending(row => row.Id).Take(MostDiscards).ToListAsync(cancellationToken);
        var joined = minutes.Sum(minute => minute.Joined);
        var suspicious = minutes.Sum(minute => minute.VotersNeverConnected);
        return new Joins(
            room.JoiningLocked, joined, minutes.Sum(minute => minute.NeverConnected), suspicious,
            suspicious >= LeastSuspicious && suspicious >= SuspiciousShare * joined,
            [.. minutes.Take(MostMinutes)], [.. discards.Select(Discard.Of)]);
    }
}

/// <summary>How people joined a room. Those whose votes are discarded are not counted.</summary>
/// <param name="JoiningLocked">Whether nobody else may join.</param>
/// <param name="Joined">How many have joined.</param>
/// <param name="NeverConnected">
/// How many of them never connected to the hub, as every page does, although they joined more than half a minute ago.
/// </param>
/// <param name="VotersNeverConnected">How many of those have voted.</param>
/// <param name="Warning">
/// Whether those are 20 or more, and 5 % or more of all: somebody may be stuffing the ballot.
/// </param>
/// <param name="Minutes">The last 60 minutes in which somebody joined, newest first.</param>
/// <param name="Discards">The last 100 discards, newest first.</param>
public sealed record Joins(
    bool JoiningLocked, int Joined, int NeverConnected, int VotersNeverConnected, bool Warning,
    IReadOnlyList<JoinMinute> Minutes, IReadOnlyList<Discard> Discards);

/// <summary>Who joined within a minute.</summary>
/// <param name="At">When the minute began.</param>
/// <param name="Joined">How many joined in it.</param>
/// <param name="NeverConnected">How many of them never connected.</param>
/// <param name="VotersNeverConnected">How many of those have voted.</param>
public sealed record JoinMinute(DateTimeOffset At, int Joined, int NeverConnected, int VotersNeverConnected);
