using Polls.Core.RoomPolls;
using Polls.Core.Storage;

namespace Polls.Core.Votes;

/// <summary>
/// Entry of the vote path. Checks a vote's shape against this instance's view of the poll, then passes it to the group
/// commit, which checks everything that can change meanwhile.
/// </summary>
public sealed class BallotBox(PollLookup polls, VoteQueue queue, VoteMetrics metrics)
{
    private const int EditionRetries = 3;

    // By then the voter's waiting votes are usually decided.
    private static readonly TimeSpan TooFastFor = TimeSpan.FromSeconds(1);

    /// <summary>Casts or changes a vote and returns its receipt after the commit.</summary>
    /// <param name="voter">The voter and the room.</param>
    /// <param name="pollId">The poll.</param>
    /// <param name="choices">Indexes of options, from 0. Null or an invalid number of them is
    /// <c>vote.badChoice</c>.</param>
    /// <param name="revision">The voter's counter, from 0; a higher one replaces a lower one.</param>
    /// <param name="cancellationToken">Cancels the wait; the vote may still be committed.</param>
    public Task<Outcome<VoteReceipt>> CastAsync(
        Voter voter, Guid pollId, IReadOnlyList<int>? choices, int revision, CancellationToken cancellationToken) =>
        SubmitAsync(voter, pollId, revision, poll => choices is null
            ? null
            : PollKinds.Get(poll.Kind).Mark(choices, poll.Options.Count, poll.MaxChoices), cancellationToken);

    /// <summary>
    /// Withdraws a vote. Its revision stays used, so that a late retry of the vote does not restore it.
    /// </summary>
    public Task<Outcome<VoteReceipt>> WithdrawAsync(
        Voter voter, Guid pollId, int revision, CancellationToken cancellationToken) =>
        SubmitAsync(voter, pollId, revision, _ => [], cancellationToken);

    private async Task<Outcome<VoteReceipt>> SubmitAsync(
        Voter voter, Guid pollId, int revision, Func<PollSnapshot, short[]?> mark, CancellationToken cancellationToken)
    {
        if (revision < 0)
        {
            metrics.Decided(VoteOutcome.BadRevision);
            return Refusals.Invalid("vote.badRevision", "A revision must be a whole number, 0 or higher.");
        }

        for (var attempt = 0; ; attempt++)
        {
            if (await polls.FindAsync(pollId, cancellationToken) is not { } poll || poll.RoomId != voter.RoomId)
            {
                metrics.Decided(VoteOutcome.PollNotFound);
                return Refusals.PollNotFound;
            }

            if (mark(poll) is not { } marks)
            {
                // The view may be out of date: only the current poll decides that a choice is invalid.
                if (attempt == 0)
                {
                    polls.Forget(pollId);
                    continue;
                }

                // Do not reveal anything about a draft.
                var isDraft = poll.State == PollState.Draft;
                metrics.Decided(isDraft ? VoteOutcome.PollNotOpen : VoteOutcome.BadChoice);
                return isDraft
                    ? Refusals.PollNotOpen
                    : Refusals.Invalid(
                        "vote.badChoice",
                        $"A vote in this poll must contain 1 to {poll.MaxChoices} different options, numbered from 0.");
            }

            var result = await queue.CastAsync(
                new PendingVote(pollId, poll.Edition, voter.ParticipantId, revision, marks), cancellationToken);
            if (result.Outcome != VoteOutcome.PollEdited || attempt == EditionRetries)
            {
                return Answer(result);
            }

            polls.Forget(pollId);
        }
    }

    private static Outcome<VoteReceipt> Answer(VoteResult result) => result.Outcome switch
    {
        VoteOutcome.Accepted or VoteOutcome.Repeated or VoteOutcome.Superseded => result.Receipt!,
        VoteOutcome.PollNotFound => Refusals.PollNotFound,
        VoteOutcome.PollNotOpen => Refusals.PollNotOpen,
        VoteOutcome.ChangeNotAllowed => Refusals.VoteChangeNotAllowed,
        VoteOutcome.Rejected => Refusals.VoteRejected,
        VoteOutcome.TooFast => Refusals.RateLimited(TooFastFor),
        VoteOutcome.Busy or VoteOutcome.PollEdited => Refusals.Busy,
        _ => Refusals.Unavailable,
    };
}

/// <summary>A voter: a participant and the participant's room.</summary>
public readonly record struct Voter(Guid RoomId, Guid ParticipantId);
