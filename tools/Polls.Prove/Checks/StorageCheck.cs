using System.Diagnostics;
using Npgsql;
using Polls.Prove.History;

namespace Polls.Prove.Checks;

/// <summary>Compares receipts with the stored votes (G1, G2) and stored tallies with a recount (G3).</summary>
internal sealed class StorageCheck(NpgsqlDataSource database, Guid room, RunHistory history) : IDisposable
{
    private readonly Dictionary<Guid, long> lastVersions = [];
    private readonly SemaphoreSlim gate = new(1, 1);

    /// <summary>Checks once and returns what was read; null if PostgreSQL did not answer.</summary>
    public async Task<StoredVotes?> CheckAsync(CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            return await CheckNowAsync(cancellationToken);
        }
        finally
        {
            gate.Release();
        }
    }

    private async Task<StoredVotes?> CheckNowAsync(CancellationToken cancellationToken)
    {
        // Taken before the query: every vote acknowledged by now must be in its result.
        var until = Stopwatch.GetTimestamp();
        var settled = history.Polls.Where(poll => !poll.IsBeingReset)
            .Select(poll => (Poll: poll, Resets: poll.Resets.Count)).ToList();
        StoredVotes stored;
        try
        {
            stored = await StoredVotes.ReadAsync(database, room, history, cancellationToken);
        }
        catch (Exception failure) when (failure is NpgsqlException or TimeoutException or IOException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return null;
        }

        foreach (var poll in history.Polls)
        {
            if (stored.Tallies.GetValueOrDefault(poll.Id) is { } tally)
            {
                CheckTally(poll, tally, stored.Recount(poll));
            }
        }

        stored.Duplicates.ToList().ForEach(duplicate => history.Verdicts.Break(Guarantee.G2, duplicate));
        foreach (var (poll, _) in settled.Where(item =>
            !item.Poll.IsBeingReset && item.Poll.Resets.Count == item.Resets))
        {
            CheckVotes(poll, stored, until);
        }

        return stored;
    }

    public void Dispose() => gate.Dispose();

    private void CheckTally(PollHistory poll, StoredTally tally, int[] recount)
    {
        history.Verdicts.Checked(Guarantee.G3, "recounts of the stored votes");
        if (!tally.Numbers.AsSpan().SequenceEqual(recount))
        {
            history.Verdicts.Break(
                Guarantee.G3,
                $"{poll.Name}: the stored tally is {tally}; the stored votes add up to "
                    + $"{StoredTally.Describe(recount)}.");
        }

        if (lastVersions.GetValueOrDefault(poll.Id) > tally.Version)
        {
            history.Verdicts.Break(
                Guarantee.G3,
                $"{poll.Name}: the stored tally went from version {lastVersions[poll.Id]} back to {tally.Version}.");
        }

        lastVersions[poll.Id] = tally.Version;
        history.TallyStored(tally, poll);
    }

    private void CheckVotes(PollHistory poll, StoredVotes stored, long until)
    {
        var since = poll.Resets is [.., var last] ? last : 0;
        if (!stored.Tallies.TryGetValue(poll.Id, out var tally))
        {
            history.Verdicts.Break(Guarantee.G3, $"{poll.Name}: there is no stored tally.");
            return;
        }

        var version = tally.Version;
        foreach (var ballot in history.Ballots.Where(ballot => ballot.Poll == poll.Id))
        {
            var row = stored.Votes.GetValueOrDefault((poll.Id, ballot.Participant));
            if (row is not null)
            {
                CheckRow(poll, ballot, row);
            }

            var acknowledged = ballot.Read().Receipts
                .Where(receipt => receipt.Received < until && (receipt.Version is null || receipt.Version > since))
                .MaxBy(receipt => receipt.Revision);
            if (acknowledged is null)
            {
                continue;
            }

            history.Verdicts.Checked(Guarantee.G1, "acknowledged votes looked up in the database");
            if (acknowledged.Version > version)
            {
                history.Verdicts.Break(
                    Guarantee.G1,
                    $"{poll.Name}: participant {ballot.Participant} has a receipt of version {acknowledged.Version}; "
                        + $"the stored tally has only version {version}.");
            }

            if (row is null || row.Revision < acknowledged.Revision)
            {
                history.Verdicts.Break(
                    Guarantee.G1,
                    $"{poll.Name}: participant {ballot.Participant} has a receipt for revision {acknowledged.Revision} "
                        + $"(version {acknowledged.Version}); stored: {Describe(row)}.");
            }
            else if (row.Revision == acknowledged.Revision
                && acknowledged.Version is { } first && row.Version != first)
            {
                history.Verdicts.Break(
                    Guarantee.G1,
                    $"{poll.Name}: the receipt of participant {ballot.Participant} for revision {row.Revision} says "
                        + $"version {acknowledged.Version}; stored: {row.Version}.");
            }
        }
    }

    private void CheckRow(PollHistory poll, Ballot ballot, StoredVote row)
    {
        ballot.Stored(new(row.Revision, row.Version));
        history.Verdicts.Checked(Guarantee.G2, "stored votes compared with what was sent");
        if (ballot.AnswerOf(row.Revision)?.Adds.SequenceEqual(row.Adds) != true)
        {
            history.Verdicts.Break(
                Guarantee.G2,
                $"{poll.Name}: participant {ballot.Participant} never sent the stored vote, {Describe(row)}.");
        }
    }

    private static string Describe(StoredVote? row) =>
        row is null
            ? "nothing"
            : $"revision {row.Revision} with {{{string.Join(' ', row.Adds)}}}, version {row.Version}";
}
