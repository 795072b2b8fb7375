using System.Runtime.InteropServices;

namespace Polls.Core.Votes;

/// <summary>Since when the longest waiting vote of each poll has waited, of those that a batch accepted.</summary>
internal sealed class OldestVotes
{
    private readonly Dictionary<Guid, long> queuedAt = [];

    /// <summary>Forgets the batch before and looks at this one.</summary>
    public void Take(IReadOnlyList<PendingVote> votes, VoteResult[] results)
    {
        queuedAt.Clear();
        for (var i = 0; i < results.Length; i++)
        {
            if (results[i].Outcome != VoteOutcome.Accepted)
            {
                continue;
            }

            ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(queuedAt, votes[i].PollId, out var exists);
            known = exists ? Math.Min(known, votes[i].QueuedAt) : votes[i].QueuedAt;
        }
    }

    /// <summary>When that vote was queued; null when the batch accepted none of this poll.</summary>
    public long? Find(Guid pollId) => queuedAt.TryGetValue(pollId, out var at) ? at : null;
}
