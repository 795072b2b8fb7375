using System.Runtime.InteropServices;

namespace Polls.Core.Votes;

/// <summary>Time of the oldest accepted vote of each poll in a batch.</summary>
internal sealed class OldestVotes
{
    private readonly Dictionary<Guid, long> queuedAt = [];

    /// <summary>Replaces the previous batch by this one.</summary>
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

    /// <summary>When that vote was queued; null if the batch accepted none of this poll.</summary>
    public long? Find(Guid pollId) => queuedAt.TryGetValue(pollId, out var at) ? at : null;
}
