using System.Diagnostics;
using Polls.Core.Kinds;

namespace Polls.Core.Votes;

/// <summary>A checked vote that waits for its commit.</summary>
/// <param name="PollId">The poll.</param>
/// <param name="Edition">The poll's edition that the choices were checked against.</param>
/// <param name="ParticipantId">The voter.</param>
/// <param name="Revision">The voter's own counter, from 0.</param>
/// <param name="Ballot">The answer; an empty one withdraws the vote.</param>
public sealed record PendingVote(Guid PollId, int Edition, Guid ParticipantId, int Revision, Ballot Ballot)
{
    private readonly TaskCompletionSource<VoteResult> completion = new(
        TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The connection that it came from; null if it came over HTTP.</summary>
    public string? ConnectionId { get; init; }

    /// <summary>Completes with the result; never faults.</summary>
    public Task<VoteResult> Result => completion.Task;

    /// <summary>When it arrived, as a timestamp of the queue's clock.</summary>
    public long QueuedAt { get; set; }

    /// <summary>Its span while it waits; null if not sampled.</summary>
    public Activity? Trace { get; set; }

    /// <summary>Voter and poll. Two pending votes with the same key cannot share a batch.</summary>
    public (Guid PollId, Guid ParticipantId) Key => (PollId, ParticipantId);

    /// <summary>Completes the vote. The first result stands.</summary>
    public void Complete(VoteResult result) => completion.TrySetResult(result);
}
