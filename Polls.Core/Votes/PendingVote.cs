using System.Diagnostics;

namespace Polls.Core.Votes;

/// <summary>A checked vote on its way into the database.</summary>
/// <param name="PollId">The poll.</param>
/// <param name="Edition">The poll's edition that the choices were checked against.</param>
/// <param name="ParticipantId">The voter.</param>
/// <param name="Revision">The voter's own counter, from 0.</param>
/// <param name="Marks">What the vote adds to the tally: one per entry; empty withdraws the vote.</param>
public sealed record PendingVote(Guid PollId, int Edition, Guid ParticipantId, int Revision, short[] Marks)
{
    private readonly TaskCompletionSource<VoteResult> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes with the vote's fate; never faults.</summary>
    public Task<VoteResult> Result => completion.Task;

    /// <summary>When it came, as a timestamp of the queue's clock.</summary>
    public long QueuedAt { get; set; }

    /// <summary>Its span while it waits; null when it is not sampled.</summary>
    public Activity? Trace { get; set; }

    /// <summary>A voter has one vote per poll, so two pending votes with one key cannot share a batch.</summary>
    public (Guid PollId, Guid ParticipantId) Key => (PollId, ParticipantId);

    /// <summary>Tells the waiting caller; the first fate stands.</summary>
    public void Complete(VoteResult result) => completion.TrySetResult(result);
}
