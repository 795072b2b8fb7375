using System.Threading.Channels;
using Polls.Core.Kinds;

namespace Polls.Core.Votes;

/// <summary>
/// Collects the next batch in order of arrival, but never two votes of one voter in one poll. The later vote waits for
/// the next batch, so that it sees the result of the earlier one. Waiting votes take no places of others: a voter who
/// sends a thousand votes delays only their own.
/// </summary>
internal sealed class VoteBatch
{
    /// <summary>Maximum number of votes in a batch, which is one transaction.</summary>
    public const int Limit = 1_000;

    /// <summary>Maximum number of marks of all votes in a batch.</summary>
    public const int MarkLimit = 50_000;

    /// <summary>Maximum length of the keys and texts of all votes in a batch, in UTF-16 units.</summary>
    public const int TextLimit = 1_000_000;

    /// <summary>Maximum number of waiting votes of one voter in one poll.</summary>
    public const int MostOfOneVoter = 8;

    private readonly Dictionary<(Guid, Guid), int> seen = [];
    private List<PendingVote> leftovers = [];
    private int marks;
    private int text;

    public bool HasLeftovers => leftovers.Count > 0;

    /// <summary>The next batch, leftovers first, up to the limit. May be empty.</summary>
    public IReadOnlyList<PendingVote> Take(ChannelReader<PendingVote> queue)
    {
        var batch = new List<PendingVote>(Math.Min(Limit, leftovers.Count + queue.Count));
        var later = new List<PendingVote>();
        seen.Clear();
        (marks, text) = (0, 0);
        foreach (var vote in leftovers)
        {
            Place(vote, batch, later);
        }

        while (batch.Count < Limit && marks < MarkLimit && text < TextLimit && queue.TryRead(out var vote))
        {
            Place(vote, batch, later);
        }

        leftovers = later;
        return batch;
    }

    /// <summary>Returns the votes that were put back.</summary>
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
        var (itsMarks, itsText) = (vote.Ballot.Marks.Length, TextOf(vote.Ballot));
        if (before > 0 || batch.Count == Limit || marks + itsMarks > MarkLimit || text + itsText > TextLimit)
        {
            later.Add(vote);
            return;
        }

        (marks, text) = (marks + itsMarks, text + itsText);
        batch.Add(vote);
    }

    private static int TextOf(Ballot ballot) =>
        ballot.Keys is null ? 0 : ballot.Keys.Sum(key => key.Length) + (ballot.Texts?.Sum(text => text.Length) ?? 0);
}
