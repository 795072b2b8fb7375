using System.Diagnostics;
using Polls.Core.Kinds;
using Polls.Core.RoomPolls;
using Polls.Core.Rooms;
using Polls.Core.Tallies;
using Polls.Core.Telemetry;

namespace Polls.Api.LiveRooms;

/// <content>
/// Takes over what is new: from PostgreSQL what messages do not contain (the room after a change, tallies with entries,
/// votes of which this instance may not have heard), and tallies that arrived. Only the room's loop calls these
/// methods.
/// </content>
internal sealed partial class LiveRoom
{
    /// <summary>
    /// Reloads the room and sends each role the changes that it may see. A change during the reload requests another
    /// one.
    /// </summary>
    public async Task ReloadAsync(CancellationToken cancellationToken)
    {
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

            isAnyoneBehind = news.IsAnyoneBehind();
            await fanOut.SendAsync(change, board, participants, votes, clock.GetUtcNow());
            early.ForEach(ownNews.Enqueue);
            early.Clear();
            IsDeleted = stored is null;
        }
        finally
        {
            gate.Release();
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

            isAnyoneBehind = news.IsAnyoneBehind();
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Reads the votes of everybody here, and tells each of them what that connection was not told.</summary>
    public async Task RepairOwnVotesAsync(CancellationToken cancellationToken)
    {
        Interlocked.Exchange(ref ownVotesMissing, 0);
        // Who connects meanwhile must not keep votes that were read before the missed ones.
        ownVoteReads.OutdateAll();
        try
        {
            foreach (var voters in VotersHere().Chunk(RepairedAtOnce))
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

    /// <summary>Takes a tally over into the state, if it is known who may see it.</summary>
    /// <param name="moved">What arrived.</param>
    /// <param name="whole">The same tally or another version of it, with its entries.</param>
    private void Take(TallyMoved moved, TallyMoved whole)
    {
        if (whole.Epoch != board!.Room.Epoch || !board.Knows(whole))
        {
            // Of a poll's state that is not loaded yet (G6). What arrived may be older and not ask for it.
            Changed();
            return;
        }

        var pollId = moved.Tally.PollId;
        if (whole.Tally.Version >= moved.Tally.Version)
        {
            // Keep a newer tally that replaced it in the meantime.
            arrived.TryRemove(new KeyValuePair<Guid, TallyMoved>(pollId, moved));
        }

        var before = board.TallyOf(pollId)?.Version ?? whole.Tally.Version;
        if (board.Take(whole.Tally))
        {
            news.TallyMoved(pollId, moved.Since, PollsTraces.StartSend(moved.Trace, whole.Tally));
            // The span ends when everyone was told.
            Activity.Current = null;
            metrics.Skipped(Math.Max(0, whole.Tally.Version - before - 1));
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

    /// <summary>
    /// Sends nothing more to hosts and screens that lost their rights, and asks them to reconnect, which is refused.
    /// </summary>
    private async Task SendAwayRemovedHostsAsync(CancellationToken cancellationToken)
    {
        var hosts = members.Where(item => item.Member.Caller.Rights != default).ToList();
        if (hosts.Count == 0)
        {
            return;
        }

        var lost = await reader.FindLostAsync(
            Id, [.. hosts.Select(item => item.Member.Caller.Rights)], cancellationToken);
        foreach (var (connectionId, member) in hosts.Where(item => lost.Contains(item.Member.Caller.Rights)))
        {
            // A client need not obey.
            Leave(connectionId);
            member.Outbox.SendAway();
        }
    }

    private bool HasEntries(Guid pollId) => board?.FindPoll(pollId) is { Entries: not EntrySummary.None };

    private Guid[] VotersHere() =>
        [.. members.Select(item => item.Member.Caller.ParticipantId).OfType<Guid>().Distinct()];
}
