using Microsoft.EntityFrameworkCore;
using Polls.Core.Audit;
using Polls.Core.Kinds;
using Polls.Core.Rooms;
using Polls.Core.Storage;
using Polls.Core.Tallies;

namespace Polls.Core.RoomPolls;

/// <summary>
/// The host's commands for entries, in polls of any state. Votes stay as they are, so each command can be undone
/// exactly. Each is idempotent and raises the tally's version if it changes something.
/// </summary>
public sealed class EntryCommands(IDbContextFactory<PollsDb> databases, IRoomListener listener)
{
    private Actor who = Actor.Host;

    /// <summary>Maximum number of entries in one command.</summary>
    public const int MostAtOnce = 100;

    /// <summary>The same commands for another actor than the host.</summary>
    public EntryCommands As(Actor actor) => new(databases, listener) { who = actor };

    /// <summary>
    /// Shows entries to everyone who may see the result, or hides them: all or, if one does not exist, none.
    /// </summary>
    public async Task<Outcome<EntriesChanged>> ShowAsync(
        Guid roomId, Guid pollId, IReadOnlyList<int>? entries, bool shown, CancellationToken cancellationToken)
    {
        if (entries is not { Count: >= 1 and <= MostAtOnce })
        {
            return Refusals.EntryTooMany;
        }

        int[] numbers = [.. entries.Distinct()];
        var what = (shown ? "show" : "hide") + (entries.Count == 1 ? "Entry" : "Entries");
        return await ChangeAsync(what, roomId, pollId, numbers[0], async (db, token) =>
        {
            var rows = await db.Entries.Where(row => row.PollId == pollId && numbers.Contains(row.N))
                .ToListAsync(token);
            if (rows.Count < numbers.Length)
            {
                return Refusals.EntryNotFound;
            }

            var state = shown ? EntryState.Shown : EntryState.Hidden;
            foreach (var row in rows.Where(row => row.State != state))
            {
                row.State = state;
            }

            return null;
        }, cancellationToken);
    }

    /// <summary>Counts the votes of an entry with another one from now on, each person once.</summary>
    public Task<Outcome<EntriesChanged>> MergeAsync(
        Guid roomId, Guid pollId, int n, int into, CancellationToken cancellationToken) =>
        ChangeAsync("mergeEntry", roomId, pollId, n, async (db, token) =>
        {
            var family = await Family.LoadAsync(db, pollId, [n, into], token);
            if (family.Find(n) is not { } entry || family.Find(into) is not { } target)
            {
                return Refusals.EntryNotFound;
            }

            if (entry.MergedInto == into)
            {
                return null;
            }

            if (n == into || !family.IsShownAlone(entry) || target.State != EntryState.Shown
                || target.MergedInto is not null)
            {
                return Refusals.EntryBadMerge;
            }

            entry.MergedInto = into;
            await family.RecountAsync([entry, target], token);
            return null;
        }, cancellationToken);

    /// <summary>Undoes a merge.</summary>
    public Task<Outcome<EntriesChanged>> SplitAsync(
        Guid roomId, Guid pollId, int n, CancellationToken cancellationToken) =>
        ChangeAsync("splitEntry", roomId, pollId, n, async (db, token) =>
        {
            var family = await Family.LoadAsync(db, pollId, [n], token);
            if (family.Find(n) is not { } entry)
            {
                return Refusals.EntryNotFound;
            }

            if (entry.Root is { } root)
            {
                entry.MergedInto = null;
                await family.RecountAsync([entry, family.Find(root)!], token);
            }

            return null;
        }, cancellationToken);

    /// <summary>
    /// Changes the tally alone, neither the poll nor the room: who may not see the result must not even notice when a
    /// host looks after its entries.
    /// </summary>
    private async Task<Outcome<EntriesChanged>> ChangeAsync(
        string what, Guid roomId, Guid pollId, int n, Func<PollsDb, CancellationToken, Task<Refusal?>> change,
        CancellationToken cancellationToken)
    {
        // A retry after a commit whose answer was lost finds nothing to change.
        var changedOnce = false;
        TallyMoved? moved = null;
        var outcome = await databases.InTransactionAsync<EntriesChanged>(
            async (db, token) =>
            {
                if (await db.LockPollAsync(roomId, pollId, token) is not { } poll)
                {
                    return Refusals.PollNotFound;
                }

                if (PollKinds.Get(poll.Kind).Entries != EntrySummary.Head)
                {
                    return Refusals.EntryNotFound;
                }

                if (await change(db, token) is { } refusal)
                {
                    return refusal;
                }

                var tally = await db.Tallies.SingleAsync(tally => tally.PollId == pollId, token);
                if (db.ChangeTracker.HasChanges())
                {
                    tally.Version++;
                    AuditTrail.Note(db, roomId, who, what, pollId);
                    await db.SaveChangesAsync(token);
                    var now = await db.NowAsync(token);
                    if (await db.Rooms.Where(room => room.Id == roomId && room.EndedAt == null)
                        .ExecuteUpdateAsync(set => set.SetProperty(room => room.HostSeenAt, now), token) == 0)
                    {
                        return Refusals.RoomEnded;
                    }

                    changedOnce = true;
                }

                var epoch = await db.Polls.Where(row => row.Id == pollId)
                    .Select(_ => PollsDb.StoreEpoch()).SingleAsync(token);
                moved = new TallyMoved(
                    roomId, poll.Version, Tally.Of(tally), epoch);

                var entry = db.Entries.Local.First(row => row.N == n);
                var state = entry.MergedInto is null
                    ? TallyEntry.VisibilityOf(entry.State) ?? EntryVisibility.Shown
                    : EntryVisibility.Merged;
                return new EntriesChanged(pollId, state, tally.Version);
            },
            cancellationToken);
        if (outcome.Refusal is null && changedOnce)
        {
            listener.OnTallyMoved(moved!);
        }

        return outcome;
    }

    /// <summary>
    /// All entries of a poll that are merged or that others were merged into, and those of a command.
    /// </summary>
    private sealed class Family(PollsDb db, Guid pollId, IReadOnlyList<EntryRow> rows)
    {
        public static async Task<Family> LoadAsync(
            PollsDb db, Guid pollId, int[] also, CancellationToken cancellationToken) => new(
            db, pollId, await db.Entries
                .Where(row => row.PollId == pollId && (also.Contains(row.N) || row.MergedInto != null
                    || db.Entries.Any(other => other.PollId == pollId && other.MergedInto == row.N)))
                .ToListAsync(cancellationToken));

        public EntryRow? Find(int n) => rows.FirstOrDefault(row => row.N == n);

        /// <summary>Whether the entry is shown, not merged, and has no others merged into it.</summary>
        public bool IsShownAlone(EntryRow entry) => entry is { State: EntryState.Shown, MergedInto: null }
            && rows.All(row => row.MergedInto != entry.N);

        /// <summary>Counts the votes of these entries after a merge has been made or undone.</summary>
        public async Task RecountAsync(IReadOnlyList<EntryRow> changed, CancellationToken cancellationToken)
        {
            foreach (var row in changed)
            {
                row.Root = row.MergedInto;
            }

            foreach (var row in changed)
            {
                string[] keys = [row.Key, .. rows.Where(other => other.Root == row.N).Select(other => other.Key)];
                row.Count = await db.Votes.CountAsync(
                    vote => vote.PollId == pollId && vote.Keys!.Any(key => keys.Contains(key)), cancellationToken);
            }
        }
    }
}

/// <summary>A command for entries was carried out.</summary>
/// <param name="PollId">The poll.</param>
/// <param name="State">What has become of the entry, or of the first one of several.</param>
/// <param name="TallyVersion">The first version of the tally that contains it.</param>
public sealed record EntriesChanged(Guid PollId, EntryVisibility State, long TallyVersion);
