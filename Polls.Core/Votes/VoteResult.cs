using Polls.Core.Kinds;

namespace Polls.Core.Votes;

/// <summary>Outcome of a vote, with the vote that counts if one is committed.</summary>
public readonly record struct VoteResult(VoteOutcome Outcome, CommittedVote? Vote = null);

/// <summary>A committed vote. See <see cref="VoteReceipt"/>.</summary>
public sealed record CommittedVote(
    Guid PollId, int Revision, Ballot Ballot, long? TallyVersion, DateTimeOffset CastAt);
