using Microsoft.EntityFrameworkCore;
using Polls.Core.Kinds;
using Polls.Core.RoomPolls;
using Polls.Core.Storage;
using Polls.Core.Tallies;
using Polls.Core.Votes;

namespace Polls.Core.Rooms;

/// <summary>Reads rooms from PostgreSQL.</summary>
public sealed class RoomReader(IDbContextFactory<PollsDb> databases, TallyReader tallyReader)
{
    private const int LoadAttempts = 20;

    // A crowd that joins asks for one code.
    private readonly SharedReads<string, RoomInfo?> finds = new(
        (code, token) => FindAsync(databases, code, token));

    /// <summary>
    /// The live room with this code, otherwise the last ended one, so that a phone opened after the end can say so.
    /// Null if there never was one.
    /// </summary>
    public async Task<RoomInfo?> FindAsync(string code, CancellationToken cancellationToken) =>
        JoinCode.IsWellFormed(code) ? await finds.ReadAsync(code, cancellationToken) : null;

    private static async Task<RoomInfo?> FindAsync(
        IDbContextFactory<PollsDb> databases, string code, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Rooms.AsNoTracking()
            .Where(room => room.Code == code)
            .OrderBy(room => room.EndedAt != null).ThenByDescending(room => room.CreatedAt)
            .Select(room => new RoomInfo(
                room.Id, room.Code, room.Title, room.EndedAt == null ? RoomStatus.Open : RoomStatus.Closed,
                room.Assurance, room.Anonymous, room.JoiningLocked))
            .FirstOrDefaultAsync(cancellationToken);
    }

    /// <summary>
    /// The room, its polls and tallies, each tally at least as new as its poll; null if the room does not exist.
    /// </summary>
    public Task<RoomTruth?> LoadAsync(Guid roomId, CancellationToken cancellationToken) =>
        LoadAsync(roomId, null, cancellationToken);

    /// <summary>
    /// The same. Entries of tallies that the caller knows in their present version are not read again.
    /// </summary>
    /// <exception cref="TimeoutException">Polls with entries changed during each of many attempts.</exception>
    public async Task<RoomTruth?> LoadAsync(
        Guid roomId, (string Epoch, Func<Guid, Tally?> Find)? known, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < LoadAttempts; attempt++)
        {
            if (await LoadWithoutEntriesAsync(roomId, cancellationToken) is not { } truth)
            {
                return null;
            }

            if (await WithEntriesAsync(
                truth, known?.Epoch == truth.Room.Epoch ? known.Value.Find : _ => null, cancellationToken) is { } whole)
            {
                return whole;
            }
        }

        throw new TimeoutException("The room changed during each attempt to read it.");
    }

    /// <summary>
    /// The tally of a poll with entries, with the versions that decide who may see it; null if the poll does not exist.
    /// </summary>
    public Task<TallyMoved?> ReadTallyAsync(PollSnapshot poll, CancellationToken cancellationToken) =>
        tallyReader.ReadAsync(poll, cancellationToken);

    private async Task<RoomTruth?> LoadWithoutEntriesAsync(Guid roomId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await LoadWithoutEntriesAsync(db, roomId, cancellationToken);
    }

    /// <summary>The room and its tallies without entries; null if the room does not exist.</summary>
    internal static async Task<RoomTruth?> LoadWithoutEntriesAsync(
        PollsDb db, Guid roomId, CancellationToken cancellationToken)
    {
        var found = await db.Rooms.AsNoTracking()
            .Include(r => r.Polls.OrderBy(p => p.Position).ThenBy(p => p.Id)).ThenInclude(p => p.Tally)
            .Where(r => r.Id == roomId).Select(r => new { Room = r, Epoch = PollsDb.StoreEpoch() })
            .SingleOrDefaultAsync(cancellationToken);
        return found?.Room is not { } room ? null : new RoomTruth(
            new RoomSnapshot(
                room.Id, room.Code, room.Title, room.EndedAt is null ? RoomStatus.Open : RoomStatus.Closed,
                room.Assurance, room.Anonymous, found.Epoch, room.Version, [.. room.Polls.Select(Snapshot)])
            {
                JoiningLocked = room.JoiningLocked, Discards = room.Discards,
            },
            room.Polls.Where(poll => poll.Tally is not null)
                .ToDictionary(
                    poll => poll.Id,
                    poll => Tally.Of(poll.Tally!)));
    }

    /// <summary>
    /// Adds the entries to the tallies. Null if a poll has changed meanwhile: who may see its tally is not known.
    /// </summary>
    private async Task<RoomTruth?> WithEntriesAsync(
        RoomTruth truth, Func<Guid, Tally?> known, CancellationToken cancellationToken)
    {
        var polls = truth.Room.Polls.Where(poll => poll.Entries != EntrySummary.None).ToList();
        if (polls.Count == 0)
        {
            return truth;
        }

        var tallies = new Dictionary<Guid, Tally>(truth.Tallies);
        foreach (var poll in polls)
        {
            var tally = tallies[poll.Id];
            if (known(poll.Id) is { } same && same.Version >= tally.Version)
            {
                tallies[poll.Id] = same;
            }
            else if (tally.Voters == 0)
            {
                tallies[poll.Id] = TallyReader.Empty(poll, tally);
            }
            else if (await ReadTallyAsync(poll, cancellationToken) is { } moved
                && moved.PollVersion == poll.Version && moved.Epoch == truth.Room.Epoch)
            {
                tallies[poll.Id] = moved.Tally;
            }
            else
            {
                return null;
            }
        }

        return truth with { Tallies = tallies };
    }

    /// <summary>
    /// The versions of these rooms: the room's own, and the sum of its tallies' versions. Both only grow within an
    /// epoch of the store, so an instance with a lower version or another epoch has missed a change.
    /// </summary>
    public async Task<IReadOnlyList<RoomVersions>> VersionsAsync(Guid[] roomIds, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Rooms.AsNoTracking()
            .Where(room => roomIds.Contains(room.Id))
            .Select(room => new RoomVersions(
                room.Id, PollsDb.StoreEpoch(), room.Version, room.Polls.Sum(poll => poll.Tally!.Version)))
            .ToListAsync(cancellationToken);
    }

    /// <summary>
    /// Which of these rights are lost: the account no longer hosts the room, its session has ended, or the room's host
    /// tokens were revoked. None in a room that does not exist.
    /// </summary>
    public async Task<IReadOnlySet<HostRights>> FindLostAsync(
        Guid roomId, IReadOnlyCollection<HostRights> rights, CancellationToken cancellationToken)
    {
        var distinct = rights.Distinct().ToList();
        var (accounts, sessions) = (distinct.Select(right => right.Account), distinct.Select(right => right.Session));
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var lost = await db.Database.SqlQuery<long>(
            $"""
            SELECT r.n AS "Value"
            FROM rooms, unnest({accounts.ToArray()}, {sessions.ToArray()},
                               {distinct.Select(right => right.Series).ToArray()})
              WITH ORDINALITY AS r (account, session, series, n)
            WHERE rooms.id = {roomId}
              AND (r.series <> rooms.host_token_series
                OR (r.account IS NOT NULL
                  AND r.account IS DISTINCT FROM rooms.owner_id
                  AND NOT EXISTS (SELECT FROM room_hosts h WHERE h.room_id = rooms.id AND h.account_id = r.account))
                OR (r.session IS NOT NULL
                  AND NOT EXISTS (
                    SELECT FROM account_sessions s JOIN accounts a ON a.id = s.account_id AND a.security_stamp = s.stamp
                    WHERE s.id = r.session AND s.account_id = r.account AND s.expires_at > now())))
            """).ToListAsync(cancellationToken);
        return lost.Select(n => distinct[(int)n - 1]).ToHashSet();
    }

    /// <summary>One poll; null if it does not exist.</summary>
    public async Task<PollSnapshot?> FindPollAsync(Guid pollId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Polls.AsNoTracking()
            .SingleOrDefaultAsync(poll => poll.Id == pollId, cancellationToken) is { } row
            ? Snapshot(row)
            : null;
    }

    /// <summary>
    /// The votes of each of these participants in this room, including withdrawn ones, excluding drafts.
    /// </summary>
    public async Task<ILookup<Guid, MyVote>> VotesOfAsync(
        RoomSnapshot room, IReadOnlyCollection<Guid> participants, CancellationToken cancellationToken)
    {
        var polls = room.Polls.Where(poll => poll.State != PollState.Draft).ToDictionary(poll => poll.Id);
        if (polls.Count == 0 || participants.Count == 0)
        {
            return Array.Empty<MyVote>().ToLookup(_ => Guid.Empty);
        }

        Guid[] pollIds = [.. polls.Keys];
        Guid[] voters = [.. participants];
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var votes = await db.Votes.AsNoTracking()
            .Where(vote => pollIds.Contains(vote.PollId) && voters.Contains(vote.ParticipantId))
            .ToListAsync(cancellationToken);
        return votes.ToLookup(
            vote => vote.ParticipantId,
            vote => MyVote.Of(polls[vote.PollId], vote.Revision, vote.Ballot));
    }

    /// <summary>Whether an answer of this participant is stored.</summary>
    public async Task<bool> HasAnsweredAsync(Guid pollId, Guid voter, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var vote = await db.Votes.AsNoTracking().SingleOrDefaultAsync(
            vote => vote.PollId == pollId && vote.ParticipantId == voter, cancellationToken);
        return vote?.Ballot.IsEmpty == false;
    }

    private static PollSnapshot Snapshot(PollRow poll) => new(
        poll.Id, poll.RoomId, poll.Position, Enum.IsDefined(poll.Kind) ? poll.Kind : PollKind.Unknown, poll.Question,
        poll.Options, PollKinds.Get(poll.Kind).Read(poll.Settings), poll.Visibility, poll.ResultsShown,
        poll.AllowChange, poll.DurationSeconds, poll.State, poll.Edition, poll.Version, poll.OpenedAt, poll.ClosesAt,
        poll.Entitled);
}

/// <summary>A room by its code.</summary>
public sealed record RoomInfo(
    Guid Id, string Code, string Title, RoomStatus State, Assurance Assurance, bool Anonymous,
    bool JoiningLocked = false);

/// <summary>Versions of a room.</summary>
public sealed record RoomVersions(Guid RoomId, string Epoch, long Room, long Tallies);
