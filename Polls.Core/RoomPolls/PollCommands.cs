using Microsoft.EntityFrameworkCore;
using Polls.Core.Audit;
using Polls.Core.Kinds;
using Polls.Core.Rooms;
using Polls.Core.Storage;

namespace Polls.Core.RoomPolls;

/// <summary>
/// The host's commands for polls. Each command is idempotent, decides under the poll's row lock, and is acknowledged
/// after its commit. After a close is acknowledged, no vote is accepted (G4).
/// </summary>
public sealed class PollCommands(IDbContextFactory<PollsDb> databases, IRoomListener listener, TimeProvider clock)
{
    private Actor Who { get; init; } = Actor.Host;

    /// <summary>The same commands for another actor than the host.</summary>
    public PollCommands As(Actor who) => new(databases, listener, clock) { Who = who };

    /// <summary>Adds a draft at the end of the room.</summary>
    public async Task<Outcome<Guid>> WriteAsync(Guid roomId, PollDraft draft, CancellationToken cancellationToken)
    {
        if (!PollRules.Check(draft).Succeeded(out var content, out var refusal))
        {
            return refusal;
        }

        var pollId = Guid.CreateVersion7(clock.GetUtcNow());
        var outcome = await databases.InTransactionAsync<Guid>(
            async (db, token) =>
            {
                if (await db.Polls.AnyAsync(poll => poll.Id == pollId, token))
                {
                    return pollId;
                }

                // Lock the room's row first: it serialises positions and the limit. No other transaction can lock the
                // new poll yet.
                if (!await BumpRoomAsync(db, roomId, token))
                {
                    return Refusals.RoomEnded;
                }

                var positions = await db.Polls.Where(poll => poll.RoomId == roomId)
                    .Select(poll => poll.Position).ToListAsync(token);
                if (positions.Count >= RoomRules.MaxPolls)
                {
                    return Refusals.RoomTooManyPolls;
                }

                var now = await db.NowAsync(token);
                db.Polls.Add(PollRow.Create(pollId, roomId, positions.DefaultIfEmpty(-1).Max() + 1, content, now));
                AuditTrail.Note(db, roomId, Who, "writePoll", pollId);
                return pollId;
            },
            cancellationToken);
        return Announced(roomId, outcome);
    }

    /// <summary>Replaces a draft's content, or corrects the words of a poll in any state.</summary>
    public Task<Outcome<Guid>> EditAsync(
        Guid roomId, Guid pollId, PollDraft draft, CancellationToken cancellationToken) =>
        EditAsync(roomId, pollId, draft, PollVersions.Any, cancellationToken);

    /// <summary>
    /// The same for a poll that has one of these versions. Accepted at any version if the poll has this content
    /// already: a retry after a lost answer is not refused for its own change.
    /// </summary>
    public async Task<Outcome<Guid>> EditAsync(
        Guid roomId, Guid pollId, PollDraft draft, PollVersions seen, CancellationToken cancellationToken)
    {
        if (!PollRules.Check(draft).Succeeded(out var content, out var refusal))
        {
            return refusal;
        }

        return await ChangeAsync("editPoll", roomId, pollId, (db, poll, _) =>
        {
            // Words can be corrected at any time; the host answers for what the votes then mean.
            if (poll.State != PollState.Draft
                && (poll.Content.Form != content.Form || HasMoved(poll.Content.Options, content.Options)))
            {
                return Refused(Refusals.PollNotDraft);
            }

            poll.Write(content);
            return seen.Contain(poll.Version) || !db.ChangeTracker.HasChanges()
                ? Accepted
                : Refused(Refusals.PollChanged);
        }, cancellationToken);
    }

    /// <summary>Deletes a draft. Refused with <c>poll.notFound</c> if there is none.</summary>
    public Task<Outcome<Guid>> DeleteAsync(Guid roomId, Guid pollId, CancellationToken cancellationToken) =>
        DeleteAsync(roomId, pollId, PollVersions.Any, cancellationToken);

    /// <summary>Deletes a draft that has one of these versions.</summary>
    public Task<Outcome<Guid>> DeleteAsync(
        Guid roomId, Guid pollId, PollVersions seen, CancellationToken cancellationToken) =>
        ChangeAsync("deletePoll", roomId, pollId, (db, poll, _) =>
        {
            if (poll.State != PollState.Draft)
            {
                return Refused(Refusals.PollNotDraft);
            }

            if (!seen.Contain(poll.Version))
            {
                return Refused(Refusals.PollChanged);
            }

            db.Polls.Remove(poll);
            return Accepted;
        }, cancellationToken);

    /// <summary>
    /// Orders the room's polls, in any state. The list must name every poll of the room once. If a poll was added or
    /// deleted meanwhile, the command is refused with <c>poll.badOrder</c>, so that no host overwrites another's change
    /// unseen.
    /// </summary>
    public Task<Outcome<Done>> OrderAsync(
        Guid roomId, IReadOnlyList<Guid>? pollIds, CancellationToken cancellationToken) =>
        OrderAsync(roomId, pollIds, null, cancellationToken);

    /// <summary>The same, if the polls are in the order <paramref name="seen"/> now. Null means any order.</summary>
    public async Task<Outcome<Done>> OrderAsync(
        Guid roomId, IReadOnlyList<Guid>? pollIds, IReadOnlyList<Guid>? seen, CancellationToken cancellationToken)
    {
        var changedOnce = false;
        var outcome = await databases.InTransactionAsync<Done>(
            async (db, token) =>
            {
                var polls = await db.Polls
                    .FromSql($"SELECT * FROM polls WHERE room_id = {roomId} ORDER BY id FOR NO KEY UPDATE")
                    .ToDictionaryAsync(poll => poll.Id, token);
                if (pollIds?.Count != polls.Count || !polls.Keys.ToHashSet().SetEquals(pollIds))
                {
                    return Refusals.PollBadOrder;
                }

                var before = polls.Values.OrderBy(poll => poll.Position).ThenBy(poll => poll.Id)
                    .Select(poll => poll.Id).ToList();
                if (seen is not null && !before.SequenceEqual(seen) && !before.SequenceEqual(pollIds))
                {
                    return Refusals.PollChanged;
                }

                for (var position = 0; position < pollIds.Count; position++)
                {
                    var poll = polls[pollIds[position]];
                    if (poll.Position != position)
                    {
                        poll.Position = position;
                        poll.Version++;
                    }
                }

                var changed = db.ChangeTracker.HasChanges();
                changedOnce |= changed;
                if (changed)
                {
                    AuditTrail.Note(db, roomId, Who, "orderPolls");
                }

                await db.SaveChangesAsync(token);
                return !changed || await BumpRoomAsync(db, roomId, token) ? default(Done) : Refusals.RoomEnded;
            },
            cancellationToken);
        return changedOnce ? Announced(roomId, outcome) : outcome;
    }

    /// <summary>
    /// Opens a poll for its own duration or the given one. Changes nothing if the poll is open, also not its timer.
    /// </summary>
    public Task<Outcome<Guid>> OpenAsync(
        Guid roomId, Guid pollId, int? durationSeconds, CancellationToken cancellationToken) =>
        OpenAsync(roomId, pollId, durationSeconds, PollVersions.Any, cancellationToken);

    /// <summary>The same for a poll that has one of these versions, so that no host opens a text unseen.</summary>
    public async Task<Outcome<Guid>> OpenAsync(
        Guid roomId, Guid pollId, int? durationSeconds, PollVersions seen, CancellationToken cancellationToken) =>
        !PollRules.IsDuration(durationSeconds)
            ? PollRules.BadDuration
            : await ChangeAsync("openPoll", roomId, pollId, async (db, poll, token) =>
            {
                if (poll.State != PollState.Open)
                {
                    if (!seen.Contain(poll.Version))
                    {
                        return Refusals.PollChanged;
                    }

                    poll.Open(await db.NowAsync(token), durationSeconds ?? poll.DurationSeconds);
                    if (poll.Content.Settings is MotionSettings motion)
                    {
                        poll.Entitled = motion.Entitled ?? await CountEntitledAsync(db, roomId, token);
                    }
                }

                return null;
            }, cancellationToken);

    /// <summary>Closes an open poll. Changes nothing if it is closed; refused for a draft.</summary>
    public Task<Outcome<Guid>> CloseAsync(Guid roomId, Guid pollId, CancellationToken cancellationToken) =>
        ChangeAsync("closePoll", roomId, pollId, async (db, poll, token) =>
        {
            if (poll.State == PollState.Open)
            {
                poll.Close(await db.NowAsync(token));
            }

            return poll.State == PollState.Draft ? Refusals.PollNotOpen : null;
        }, cancellationToken);

    /// <summary>Closes a poll whose time is up on the database's clock. Otherwise changes nothing.</summary>
    public Task<Outcome<Guid>> CloseDueAsync(Guid roomId, Guid pollId, CancellationToken cancellationToken) =>
        As(Actor.Timer).ChangeAsync("closePoll", roomId, pollId, async (db, poll, token) =>
        {
            var now = await db.NowAsync(token);
            if (poll.State == PollState.Open && poll.ClosesAt <= now)
            {
                poll.Close(now);
            }

            return null;
        }, cancellationToken);

    /// <summary>Shows the result to participants, or hides it, regardless of the poll's setting.</summary>
    public Task<Outcome<Guid>> ShowResultsAsync(
        Guid roomId, Guid pollId, bool shown, CancellationToken cancellationToken) =>
        ChangeAsync(shown ? "showResults" : "hideResults", roomId, pollId, (_, poll, _) =>
        {
            poll.ResultsShown = shown;
            return Accepted;
        }, cancellationToken);

    /// <summary>
    /// Makes the poll a draft again and deletes its votes with their revisions, so a receipt after the reset always
    /// means a vote that counts. Votes in flight during the reset are checked again and find a draft.
    /// </summary>
    public Task<Outcome<Guid>> ResetAsync(Guid roomId, Guid pollId, CancellationToken cancellationToken) =>
        ResetAsync(roomId, pollId, PollVersions.Any, cancellationToken);

    /// <summary>The same for a poll that has one of these versions, so that no host deletes votes unseen.</summary>
    public Task<Outcome<Guid>> ResetAsync(
        Guid roomId, Guid pollId, PollVersions seen, CancellationToken cancellationToken) =>
        ChangeAsync("resetPoll", roomId, pollId, async (db, poll, token) =>
        {
            if (poll.State == PollState.Draft)
            {
                return null;
            }

            if (!seen.Contain(poll.Version))
            {
                return Refusals.PollChanged;
            }

            (poll.State, poll.OpenedAt, poll.ClosesAt, poll.ClosedAt, poll.ResultsShown, poll.Entitled) =
                (PollState.Draft, null, null, null, null, null);
            var tally = await db.Tallies.SingleAsync(row => row.PollId == pollId, token);
            (tally.Version, tally.Voters, tally.MovedAt) = (tally.Version + 1, 0, await db.NowAsync(token));
            tally.Counts = new int[tally.Counts.Length];
            (tally.Discarded, tally.LastEntry) = (0, 0);
            poll.Edition++;
            await db.DiscardedVotes.Where(vote => vote.PollId == pollId).ExecuteDeleteAsync(token);
            await db.Votes.Where(vote => vote.PollId == pollId).ExecuteDeleteAsync(token);
            await db.Entries.Where(entry => entry.PollId == pollId).ExecuteDeleteAsync(token);
            return null;
        }, cancellationToken);

    private static Task<Refusal?> Accepted { get; } = Task.FromResult<Refusal?>(null);

    private static Task<Refusal?> Refused(Refusal refusal) => Task.FromResult<Refusal?>(refusal);

    /// <summary>Whether an option stands in another place than before, where it would get other votes.</summary>
    private static bool HasMoved(IReadOnlyList<string> before, IReadOnlyList<string> now) =>
        now.Index().Any(option => before.Index().Any(old => old.Item == option.Item && old.Index != option.Index));

    /// <summary>
    /// All seat codes of the room, or all participants of a room without seat codes but the discarded ones.
    /// </summary>
    private static async Task<int> CountEntitledAsync(PollsDb db, Guid roomId, CancellationToken cancellationToken) =>
        await db.Rooms.AnyAsync(
            room => room.Id == roomId && room.Assurance == Assurance.SeatCode, cancellationToken)
            ? await db.Seats.CountAsync(seat => seat.RoomId == roomId, cancellationToken)
            : await db.Participants.CountAsync(
                participant => participant.RoomId == roomId
                    && !db.DiscardedParticipants.Any(discarded => discarded.ParticipantId == participant.Id),
                cancellationToken);

    private async Task<Outcome<Guid>> ChangeAsync(
        string what, Guid roomId, Guid pollId, Func<PollsDb, PollRow, CancellationToken, Task<Refusal?>> change,
        CancellationToken cancellationToken)
    {
        // A retry after a commit whose answer was lost finds nothing to change.
        var changedOnce = false;
        var outcome = await databases.InTransactionAsync<Guid>(
            async (db, token) =>
            {
                if (await db.LockPollAsync(roomId, pollId, token) is not { } poll)
                {
                    return Refusals.PollNotFound;
                }

                await db.Tallies.Where(tally => tally.PollId == pollId).LoadAsync(token);
                if (await change(db, poll, token) is { } refusal)
                {
                    return refusal;
                }

                var changed = db.ChangeTracker.HasChanges();
                changedOnce |= changed;
                if (changed)
                {
                    poll.Version++;
                    AuditTrail.Note(db, roomId, Who, what, pollId);
                    await db.SaveChangesAsync(token);
                }

                return !changed || await BumpRoomAsync(db, roomId, token) ? pollId : Refusals.RoomEnded;
            },
            cancellationToken);
        return changedOnce ? Announced(roomId, outcome) : outcome;
    }

    private Outcome<T> Announced<T>(Guid roomId, Outcome<T> outcome)
    {
        if (outcome.Refusal is null)
        {
            listener.OnRoomChanged(roomId);
        }

        return outcome;
    }

    /// <summary>
    /// Raises a live room's version and records that its host is active. Returns false if the room has ended.
    /// </summary>
    private async Task<bool> BumpRoomAsync(PollsDb db, Guid roomId, CancellationToken cancellationToken)
    {
        var room = db.Rooms.Where(room => room.Id == roomId && room.EndedAt == null);
        if (Who == Actor.Timer)
        {
            return await room.ExecuteUpdateAsync(
                set => set.SetProperty(r => r.Version, r => r.Version + 1), cancellationToken) == 1;
        }

        var now = await db.NowAsync(cancellationToken);
        return await room.ExecuteUpdateAsync(
            set => set.SetProperty(r => r.Version, r => r.Version + 1).SetProperty(r => r.HostSeenAt, now),
            cancellationToken) == 1;
    }
}
