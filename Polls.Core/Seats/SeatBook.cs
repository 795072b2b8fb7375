using Microsoft.EntityFrameworkCore;
using Polls.Core.Audit;
using Polls.Core.Rooms;
using Polls.Core.Storage;

namespace Polls.Core.Seats;

/// <summary>Creates and lists seat codes, and admits participants by them.</summary>
public sealed class SeatBook(IDbContextFactory<PollsDb> databases)
{
    /// <summary>Maximum number of codes per call.</summary>
    public const int MostAtOnce = 2_000;

    /// <summary>Maximum number of codes per room.</summary>
    public const int MostInRoom = 10_000;

    /// <summary>The least number of codes that become known as used at the same time.</summary>
    public const int ToldTogether = 5;

    /// <summary>Creates this many more codes for a live room of the level <c>seatCode</c>.</summary>
    public Task<Outcome<IReadOnlyList<SeatRow>>> AddAsync(
        Guid roomId, int count, Actor who, CancellationToken cancellationToken)
    {
        if (count is < 1 or > MostAtOnce)
        {
            return Task.FromResult<Outcome<IReadOnlyList<SeatRow>>>(Refusals.SeatBadCount);
        }

        // Generated once: after a commit whose answer was lost, the retry finds them stored.
        var codes = new HashSet<string>();
        while (codes.Count < count)
        {
            codes.Add(SeatCode.Draw());
        }

        return databases.InTransactionAsync<IReadOnlyList<SeatRow>>(
            async (db, token) =>
            {
                // The lock gives codes of concurrent calls distinct numbers.
                var room = await db.Rooms.FromSql(
                    $"SELECT * FROM rooms WHERE id = {roomId} AND ended_at IS NULL FOR NO KEY UPDATE")
                    .AsNoTracking().SingleOrDefaultAsync(token);
                if (room is null)
                {
                    return Refusals.RoomEnded;
                }

                if (room.Assurance != Assurance.SeatCode)
                {
                    return Refusals.SeatNotWanted;
                }

                var there = await db.Seats.Where(seat => seat.RoomId == roomId).CountAsync(token);
                if (await db.Seats.AnyAsync(seat => seat.RoomId == roomId && seat.Code == codes.First(), token))
                {
                    return await db.Seats.AsNoTracking()
                        .Where(seat => seat.RoomId == roomId && codes.Contains(seat.Code))
                        .OrderBy(seat => seat.Number).ToListAsync(token);
                }

                if (there + count > MostInRoom)
                {
                    return Refusals.SeatTooMany;
                }

                // With ten thousand codes out of 2^40, one in twenty thousand rooms gets a duplicate. The key refuses
                // it, and the host tries again.
                var rows = codes
                    .Select((code, i) => new SeatRow { RoomId = roomId, Code = code, Number = there + i + 1 }).ToList();
                db.Seats.AddRange(rows);
                AuditTrail.Note(db, roomId, who, "addSeats");
                return rows;
            },
            cancellationToken);
    }

    /// <summary>
    /// All codes of a room, by number. Marks used codes as told if there are enough of them: a host who watches the
    /// list while people join must not see which of them has which code.
    /// </summary>
    public async Task<IReadOnlyList<SeatRow>> ListAsync(Guid roomId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await db.Database.ExecuteSqlAsync(
            $"""
            WITH due AS MATERIALIZED (
              SELECT code FROM seats WHERE room_id = {roomId} AND taken_at IS NOT NULL AND NOT told
              ORDER BY code FOR NO KEY UPDATE)
            UPDATE seats SET told = true FROM due
            WHERE seats.room_id = {roomId} AND seats.code = due.code
              AND (SELECT count(*) FROM due) >= {ToldTogether}
            """,
            cancellationToken);
        return await db.Seats.AsNoTracking()
            .Where(seat => seat.RoomId == roomId)
            .OrderBy(seat => seat.Number)
            .ToListAsync(cancellationToken);
    }

    /// <summary>Admits a new participant with an unused code and marks the code as used, in one transaction.</summary>
    /// <param name="roomId">The room.</param>
    /// <param name="nickname">Shown to the host, if given.</param>
    /// <param name="typed">The code.</param>
    /// <param name="attempt">
    /// A secret of the client. The same code and secret give the same participant, so a client without an answer can
    /// retry.
    /// </param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<Outcome<Guid>> JoinAsync(
        Guid roomId, string? nickname, string? typed, Guid? attempt, CancellationToken cancellationToken)
    {
        if (!RoomRules.CheckNickname(nickname).Succeeded(out var cleanNickname, out var refusal))
        {
            return refusal;
        }

        if (string.IsNullOrWhiteSpace(typed))
        {
            return Refusals.SeatRequired;
        }

        if (SeatCode.Read(typed) is not { } code)
        {
            return Refusals.SeatUnknown;
        }

        // Both are derived from the secret, which is not stored. Without it, neither leads to the other.
        var (participant, mark) = attempt is { } secret && secret != Guid.Empty
            ? (DerivedId.Of($"participant {roomId} {code} {secret}"), DerivedId.Of($"mark {roomId} {code} {secret}"))
            : (Guid.NewGuid(), Guid.NewGuid());
        var stored = cleanNickname.Length == 0 ? null : cleanNickname;
        return await databases.InTransactionAsync<Guid>(
            async (db, token) =>
            {
                // A second phone with the same code waits here and then finds the code used.
                var seat = await db.Seats.FromSql(
                    $"SELECT * FROM seats WHERE room_id = {roomId} AND code = {code} FOR NO KEY UPDATE")
                    .SingleOrDefaultAsync(token);
                if (seat is null)
                {
                    return Refusals.SeatUnknown;
                }

                if (seat.TakenBy == mark)
                {
                    return participant;
                }

                if (seat.TakenAt is not null)
                {
                    return Refusals.SeatTaken;
                }

                if (await db.AddParticipantsAsync(roomId, [participant], [stored], token) is [])
                {
                    return await db.WhyNobodyJoinsAsync(roomId, token);
                }

                // Only the day: the exact time would show which participant used this code.
                var now = await db.NowAsync(token);
                (seat.TakenAt, seat.TakenBy) = (new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero), mark);
                return participant;
            },
            cancellationToken);
    }
}
