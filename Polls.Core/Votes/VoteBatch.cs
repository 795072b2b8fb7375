using System.Threading.Channels;

namespace Polls.Core.Votes;

/// <summary>
/// Picks the votes of the next batch: first come, first served, but never two of one voter in one poll. The later
/// one waits for the next batch, so that what it meets in the database is what the earlier one left. Those that wait
/// take no place of others: whoever sends a thousand votes at once delays only the own ones.
/// </summary>
internal sealed class VoteBatch(int limit)
{
    /// <summary>How many votes of one voter in one poll may wait behind another one.</summary>
    public const int MostOfOneVoter = 8;

    private readonly Dictionary<(Guid, Guid), int> seen = [];
    private List<PendingVote> leftovers = [];

    public bool HasLeftovers => leftovers.Count > 0;

    /// <summary>The next batch, at most the limit; leftovers first. May be empty when the queue is.</summary>
    public IReadOnlyList<PendingVote> Take(ChannelReader<PendingVote> queue)
    {
        var batch = new List<PendingVote>(Math.Min(limit, leftovers.Count + queue.Count));
        var later = new List<PendingVote>();
        seen.Clear();
        foreach (var vote in leftovers)
        {
            Place(vote, batch, later);
        }

        while (batch.Count < limit && queue.TryRead(out var vote))
        {
            Place(vote, batch, later);
        }

        leftovers = later;
        return batch;
    }

    /// <summary>Hands over what was put back.</summary>
    public IReadOnlyList<PendingVote> TakeLeftovers()
    {
        var taken = leftovers;
        leftovers = [];
        return taken;
    }

    private void Place(PendingVote vote, List<PendingVote> batch, List<PendingVote> later)
    {
        var before = seen.GetValueOrDefault(vote.Key);
        if (before > MostOfOneVoter)
        {
            vote.Complete(new VoteResult(VoteOutcome.TooFast));
            return;
        }

        seen[vote.Key] = before + 1;
        (before == 0 && batch.Count < limit ? batch : later).Add(vote);
    }
}
