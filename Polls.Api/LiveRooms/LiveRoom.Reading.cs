using Polls.Core.Kinds;
using Polls.Core.RoomPolls;
using Polls.Core.Rooms;
using Polls.Core.Tallies;

namespace Polls.Api.LiveRooms;

/// <content>
/// Reads from PostgreSQL what messages do not contain: the room after a change, tallies with entries, and votes of which
/// this instance may not have heard. Only the room's reading loop calls the methods that read. So a slow PostgreSQL does
/// not hold up what is known.
/// </content>
internal sealed partial class LiveRoom
{
    private static readonly TimeSpan EpochPause = TimeSpan.FromSeconds(2);
    private readonly ChangeSignal toRead = new();
    private long epochAskedAt;
    private int reloadWanted;
    private int ownVotesMissing;
    // Until the gate is taken with what was read, or for ever if that fails: then the next reload is due.
    private volatile bool isReloading;

    /// <summary>Set when there may be something to read.</summary>
    public ChangeSignal ToRead => toRead;

    /// <summary>
    /// Whether the room changed, or a tally arrived for a newer version of a poll than this instance has loaded.
    /// </summary>
    public bool NeedsReload => Volatile.Read(ref reloadWanted) == 1
        || (!arrived.IsEmpty && board is { } known && arrived.Values.Any(moved => !known.Knows(moved)));

    /// <summary>Whether a tally with entries has to be read.</summary>
    public bool HasUnreadEntries => arrived.Keys.Any(HasEntries);

    /// <summary>Whether voters here may have votes of which their connections were not told.</summary>
    public bool MissesOwnVotes => Volatile.Read(ref ownVotesMissing) == 1;

    /// <summary>Something else in the room changed.</summary>
    public void Changed()
    {
        Volatile.Write(ref reloadWanted, 1);
        toRead.Set();
    }

    /// <summary>
    /// Votes may have been committed of which this instance did not hear. Tallies are compared with PostgreSQL, but that
    /// does not tell whose votes are new.
    /// </summary>
    public void OwnVotesMayBeMissing()
    {
        Volatile.Write(ref ownVotesMissing, 1);
        toRead.Set();
    }

    /// <summary>
    /// Reloads the room and sends each role the changes that it may see. A change during the reload requests another
    /// one.
    /// </summary>
    public async Task ReloadAsync(CancellationToken cancellationToken)
    {
        isReloading = true;
        Interlocked.Exchange(ref reloadWanted, 0);
        if (board is null)
        {
            // A first load may be in progress and may have read the room before this change.
            await gate.WaitAsync(cancellationToken);
            gate.Release();
        }

        if (board is null)
        {
            return;
        }

        var stored = await reader.LoadAsync(Id, (board.Room.Epoch, board.TallyOf), cancellationToken);
        if (stored is null && IsDeleted)
        {
            return;
        }

        await gate.WaitAsync(cancellationToken);
        try
        {
            var truth = stored ?? new RoomTruth(board.Room.Deleted(), new Dictionary<Guid, Tally>());
            // A deleted room comes back when a dump is restored while the instance runs.
            var replaces = truth.Room.Epoch != board.Room.Epoch || IsDeleted;
            var change = RoomChange.Between(board.Room, truth.Room, replaces);
            // Read before changing any state: if this fails, the whole reload is retried.
            var votes = change.LostBy.Contains(Role.Participant)
                ? await reader.VotesOfAsync(truth.Room, VotersHere(), cancellationToken)
                : null;
            var moved = new List<Guid>();
            if (replaces)
            {
                lookup.Clear();
                // Votes of the other epoch.
                ownNews.Clear();
                early.Clear();
            }

            board.Take(truth, replaces, moved);
            foreach (var poll in change.Changed)
            {
                lookup.Learn(poll);
            }

            DropNewsOfOtherEpochs();
            // A tally of a deleted poll would request this reload forever.
            foreach (var (pollId, late) in arrived.Where(item => board.FindPoll(item.Key) is null))
            {
                arrived.TryRemove(new KeyValuePair<Guid, TallyMoved>(pollId, late));
            }

            moved.ForEach(pollId => news.TallyMoved(pollId));
            foreach (var poll in change.Changed)
            {
                news.Forget(poll.Id);
            }

            await fanOut.SendAsync(change, board, participants, votes, clock.GetUtcNow());
            early.ForEach(ownNews.Enqueue);
            early.Clear();
            isReloading = false;
            IsDeleted = stored is null;
        }
        finally
        {
            gate.Release();
            toTell.Set();
        }

        if (!IsDeleted)
        {
            await SendAwayRemovedHostsAsync(cancellationToken);
        }
    }

    /// <summary>
    /// Takes over the tallies of polls with entries whose votes have moved. What arrived tells only that they have:
    /// many batches share one read.
    /// </summary>
    public async Task ReadEntriesAsync(CancellationToken cancellationToken)
    {
        var read = new List<TallyMoved>();
        foreach (var pollId in arrived.Keys)
        {
            if (board?.FindPoll(pollId) is { Entries: not EntrySummary.None } poll
                && await reader.ReadTallyAsync(poll, cancellationToken) is { } whole)
            {
                read.Add(whole);
            }
        }

        await gate.WaitAsync(cancellationToken);
        try
        {
            DropNewsOfOtherEpochs();
            foreach (var whole in read)
            {
                if (arrived.TryGetValue(whole.Tally.PollId, out var moved) && HasEntries(whole.Tally.PollId))
                {
                    Take(moved, whole);
                }
            }
        }
        finally
        {
            gate.Release();
            toTell.Set();
        }
    }

    /// <summary>Reads the votes of everybody here, and tells each of them what that connection was not told.</summary>
    public async Task RepairOwnVotesAsync(CancellationToken cancellationToken)
    {
        Interlocked.Exchange(ref ownVotesMissing, 0);
        try
        {
            foreach (var voters in VotersHere().Chunk(OwnVotes.Most))
            {
                if (board?.Room is not { } room)
                {
                    return;
                }

                var votes = await reader.VotesOfAsync(room, voters, cancellationToken);
                await gate.WaitAsync(cancellationToken);
                try
                {
                    if ((board.Room.Epoch, board.Room.Version) != (room.Epoch, room.Version))
                    {
                        // A reset may have removed them.
                        OwnVotesMayBeMissing();
                        return;
                    }

                    fanOut.SendMissing(votes, board);
                }
                finally
                {
                    gate.Release();
                }
            }
        }
        catch (Exception)
        {
            OwnVotesMayBeMissing();
            throw;
        }
    }

    /// <summary>Removes tallies that arrived before the state of another epoch did.</summary>
    private void DropNewsOfOtherEpochs()
    {
        foreach (var (pollId, moved) in
            arrived.Where(item => board is { } known && known.Room.Epoch != item.Value.Epoch))
        {
            if (arrived.TryRemove(new KeyValuePair<Guid, TallyMoved>(pollId, moved)))
            {
                AskForEpoch();
            }
        }
    }

    /// <summary>
    /// Reads the room, because a tally of another epoch arrived: PostgreSQL says which one is the present one, and has
    /// that tally or a newer one. Not for each tally, because another instance may still use another server.
    /// </summary>
    private void AskForEpoch()
    {
        var last = Interlocked.Read(ref epochAskedAt);
        if ((last == 0 || clock.GetElapsedTime(last) >= EpochPause)
            && Interlocked.CompareExchange(ref epochAskedAt, clock.GetTimestamp(), last) == last)
        {
            Changed();
        }
    }

    /// <summary>Disconnects account hosts that lost their access. They reconnect and are refused.</summary>
    private async Task SendAwayRemovedHostsAsync(CancellationToken cancellationToken)
    {
        var byAccount = members.Select(item => item.Member)
            .Where(member => member.Caller.AccountId is not null)
            .ToList();
        if (byAccount.Count == 0)
        {
            return;
        }

        var hosts = await reader.HostsAsync(Id, cancellationToken);
        foreach (var member in byAccount.Where(member => !hosts.Contains(member.Caller.AccountId!.Value)))
        {
            member.Outbox.SendAway();
        }
    }

    private Guid[] VotersHere() =>
        [.. members.Select(item => item.Member.Caller.ParticipantId).OfType<Guid>().Distinct()];
}
