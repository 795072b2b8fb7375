namespace Polls.Core.Votes;

/// <summary>Proof that a vote is committed in PostgreSQL, and which vote that is.</summary>
/// <param name="PollId">The poll.</param>
/// <param name="Revision">The revision that counts: the one sent, or a higher one that was stored before.</param>
/// <param name="Choices">
/// What counts. With the revision sent, it can still be another answer: that of another device of the same participant
/// that used the revision first. Empty if the vote is withdrawn.
/// </param>
/// <param name="TallyVersion">
/// The tally's version that first contained this vote; null while participants may not see the tally, because turnout
/// could be read from it.
/// </param>
/// <param name="CastAt">When it was committed, on the database's clock.</param>
public sealed record VoteReceipt(
    Guid PollId, int Revision, IReadOnlyList<int> Choices, long? TallyVersion, DateTimeOffset CastAt);

/// <summary>A participant's current vote. Withdrawn votes have no choices.</summary>
public sealed record MyVote(Guid PollId, IReadOnlyList<int> Choices, int Revision);
