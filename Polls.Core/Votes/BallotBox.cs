using Polls.Core.Kinds;
using Polls.Core.RoomPolls;

namespace Polls.Core.Votes;

/// <summary>
/// Entry of the vote path. Checks a vote's shape against this instance's view of the poll, then passes it to the group
/// commit, which checks everything that can change meanwhile.
/// </summary>
public sealed class BallotBox(PollLookup polls, VoteQueue queue, VoteMetrics metrics)
{
    private const int EditionRetries = 3;

    // No poll has this edition: the queue decides on the voter's earlier vote and the poll's state, and stores nothing.
    private const int NoEdition = 0;

    // By then the voter's waiting votes are usually decided.
    private static readonly TimeSpan TooFastFor = TimeSpan.FromSeconds(1);

    /// <summary>Casts or changes a vote and returns its receipt after the commit.</summary>
    /// <param name="voter">The voter and the room.</param>
    /// <param name="pollId">The poll.</param>
    /// <param name="answer">
    /// The answer. One that does not fit the poll is <c>vote.badAnswer</c>, of choices <c>vote.badChoice</c>.
    /// </param>
    /// <param name="revision">The voter's counter, from 0; a higher one replaces a lower one.</param>
    /// <param name="edition">The poll's edition that the voter saw; null if unknown. If the poll has another one now,
    /// the vote is refused with <c>poll.edited</c>.</param>
    /// <param name="cancellationToken">Cancels the wait; the vote may still be committed.</param>
    public Task<Outcome<VoteReceipt>> CastAsync(
        Voter voter, Guid pollId, Answer answer, int revision, int? edition, CancellationToken cancellationToken) =>
        edition == LenientNumber.Malformed
            ? SubmitAsync(voter, pollId, revision, edition: null, _ => null, cancellationToken)
            : SubmitAsync(
                voter, pollId, revision, edition, poll => PollKinds.Get(poll.Kind).Read(poll.Shape, answer),
                cancellationToken);

    /// <summary>
    /// Withdraws a vote. Its revision stays used, so that a late retry of the vote does not restore it.
    /// </summary>
    public Task<Outcome<VoteReceipt>> WithdrawAsync(
        Voter voter, Guid pollId, int revision, CancellationToken cancellationToken) =>
        SubmitAsync(voter, pollId, revision, edition: null, _ => Ballot.Empty, cancellationToken);

    private async Task<Outcome<VoteReceipt>> SubmitAsync(
        Voter voter, Guid pollId, int revision, int? edition, Func<PollSnapshot, Ballot?> read,
        CancellationToken cancellationToken)
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

            var isSameEdition = edition is null || edition == poll.Edition;
            var ballot = isSameEdition ? read(poll) : null;
            if (ballot is null && attempt == 0)
            {
                // The view may be out of date: only the current poll decides.
                polls.Forget(pollId);
                continue;
            }

            var result = await queue.CastAsync(
                new PendingVote(
                    pollId, ballot is null ? NoEdition : poll.Edition, voter.ParticipantId, revision,
                    ballot ?? Ballot.Empty)
                {
                    ConnectionId = voter.ConnectionId,
                },
                cancellationToken);
            if (result.Outcome != VoteOutcome.PollEdited)
            {
                return Answer(result, poll);
            }

            if (ballot is null && isSameEdition)
            {
                metrics.Decided(VoteOutcome.BadChoice);
                var kind = PollKinds.Get(poll.Kind);
                return Refusals.Invalid(kind.BadAnswer, kind.Describe(poll.Shape));
            }

            if (edition is not null)
            {
                metrics.Decided(VoteOutcome.PollEdited);
                return Refusals.PollEdited;
            }

            if (attempt == EditionRetries)
            {
                metrics.Decided(VoteOutcome.Busy);
                return Refusals.Busy;
            }

            polls.Forget(pollId);
        }
    }

    private static Outcome<VoteReceipt> Answer(VoteResult result, PollSnapshot poll) => result.Outcome switch
    {
        VoteOutcome.Accepted or VoteOutcome.Repeated or VoteOutcome.Superseded => VoteReceipt.Of(poll, result.Vote!),
        VoteOutcome.PollNotFound => Refusals.PollNotFound,
        VoteOutcome.PollNotOpen => Refusals.PollNotOpen,
        VoteOutcome.ChangeNotAllowed => Refusals.VoteChangeNotAllowed,
        VoteOutcome.PollFull => Refusals.PollFull,
        VoteOutcome.Discarded => Refusals.VoteDiscarded,
        VoteOutcome.Rejected => Refusals.VoteRejected,
        VoteOutcome.TooFast => Refusals.RateLimited(TooFastFor),
        VoteOutcome.Busy => Refusals.Busy,
        _ => Refusals.Unavailable,
    };
}

/// <summary>A voter: a participant, the participant's room, and the connection the vote came from, if any.</summary>
public readonly record struct Voter(Guid RoomId, Guid ParticipantId, string? ConnectionId = null);
