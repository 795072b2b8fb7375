using System.Diagnostics;
using Npgsql;
using Polls.Prove.History;

namespace Polls.Prove.Checks;

/// <summary>Compares the receipts with what is stored: G1 and G2, and the stored tally with its recount: G3.</summary>
internal sealed class StorageCheck(NpgsqlDataSource database, Guid room, Chronicle chronicle) : IDisposable
{
    private readonly Dictionary<Guid, long> lastVersions = [];
    private readonly SemaphoreSlim alone = new(1, 1);

    /// <summary>Looks once; null when PostgreSQL did not answer.</summary>
    public async Task<StoredVotes?> LookAsync(CancellationToken cancellationToken)
    {
        await alone.WaitAsync(cancellationToken);
        try
        {
            return await LookAloneAsync(cancellationToken);
        }
        finally
        {
            alone.Release();
        }
    }

    private async Task<StoredVotes?> LookAloneAsync(CancellationToken cancellationToken)
    {
        // Before the look: what was acknowledged by now has to be there then.
        var until = Stopwatch.GetTimestamp();
        var settled = chronicle.Stories.Where(story => !story.IsUnsettled).Select(story => (Story: story, Resets: story.Resets.Count)).ToList();
        StoredVotes stored;
        try
        {
            stored = await StoredVotes.ReadAsync(database, room, cancellationToken);
        }
        catch (Exception away) when (away is NpgsqlException or TimeoutException or IOException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return null;
        }

        foreach (var (story, tally) in stored.Tallies.Select(item => (chronicle.Story(item.Key), item.Value)))
        {
            if (story is not null)
            {
                CheckTally(story, tally, stored.Recount(tally.Poll));
            }
        }

        stored.Doubles.ToList().ForEach(both => chronicle.Verdicts.Break(Guarantee.G2, both));
        foreach (var (story, _) in settled.Where(item => !item.Story.IsUnsettled && item.Story.Resets.Count == item.Resets))
        {
            CheckVotes(story, stored, until);
        }

        return stored;
    }

    public void Dispose() => alone.Dispose();

    private void CheckTally(PollStory story, SeenTally tally, SeenTally recount)
    {
        chronicle.Verdicts.Checked(Guarantee.G3, "recounts of the stored votes");
        if (!tally.Says(recount))
        {
            chronicle.Verdicts.Break(Guarantee.G3, $"{story.Name}: stored is {tally}; the stored votes add up to {recount}.");
        }

        if (lastVersions.GetValueOrDefault(story.Id) > tally.Version)
        {
            chronicle.Verdicts.Break(Guarantee.G3, $"{story.Name}: the stored tally went from version {lastVersions[story.Id]} back to {tally.Version}.");
        }

        lastVersions[story.Id] = tally.Version;
        chronicle.Saw(tally, "PostgreSQL", byParticipant: false);
    }

    private void CheckVotes(PollStory story, StoredVotes stored, long until)
    {
        var since = story.Resets is [.., var last] ? last : 0;
        if (!stored.Tallies.TryGetValue(story.Id, out var tally))
        {
            chronicle.Verdicts.Break(Guarantee.G3, $"{story.Name}: there is no stored tally.");
            return;
        }

        var version = tally.Version;
        foreach (var ballot in chronicle.Ballots.Where(ballot => ballot.Poll == story.Id))
        {
            var row = stored.Votes.GetValueOrDefault((story.Id, ballot.Participant));
            if (row is not null)
            {
                CheckRow(story, ballot, row);
            }

            var acknowledged = ballot.Read().Receipts.Where(receipt => receipt.Received < until && receipt.Version > since).MaxBy(receipt => receipt.Revision);
            if (acknowledged is null)
            {
                continue;
            }

            chronicle.Verdicts.Checked(Guarantee.G1, "looks for an acknowledged vote in the database");
            if (acknowledged.Version > version)
            {
                chronicle.Verdicts.Break(
                    Guarantee.G1,
                    $"{story.Name}: participant {ballot.Participant} has a receipt of version {acknowledged.Version}; the stored tally has only come to version {version}.");
            }

            if (row is null || row.Revision < acknowledged.Revision)
            {
                chronicle.Verdicts.Break(
                    Guarantee.G1,
                    $"{story.Name}: participant {ballot.Participant} has a receipt for revision {acknowledged.Revision} (version {acknowledged.Version}); stored is {Words(row)}.");
            }
            else if (row.Revision == acknowledged.Revision && row.Version != acknowledged.Version)
            {
                chronicle.Verdicts.Break(
                    Guarantee.G1,
                    $"{story.Name}: the receipt of participant {ballot.Participant} for revision {row.Revision} says version {acknowledged.Version}, stored is {row.Version}.");
            }
        }
    }

    private void CheckRow(PollStory story, Ballot ballot, StoredVote row)
    {
        ballot.Stored(new(row.Revision, row.Version));
        chronicle.Verdicts.Checked(Guarantee.G2, "stored votes compared with what was sent");
        if (ballot.ChoicesOf(row.Revision) is not { } choices || !choices.AsSpan().SequenceEqual(row.Choices))
        {
            chronicle.Verdicts.Break(Guarantee.G2, $"{story.Name}: participant {ballot.Participant} never sent what is stored, {Words(row)}.");
        }
    }

    private static string Words(StoredVote? row) =>
        row is null ? "nothing" : $"revision {row.Revision} with [{string.Join(' ', row.Choices)}] of version {row.Version}";
}
