namespace Polls.Core.Votes;

/// <summary>Outcome of a vote, with the receipt if a vote is committed.</summary>
public readonly record struct VoteResult(VoteOutcome Outcome, VoteReceipt? Receipt = null);
