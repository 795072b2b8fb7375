namespace Polls.Core.Votes;

/// <summary>Proof that a vote is committed in PostgreSQL.</summary>
/// <param name="PollId">The poll.</param>
/// <param name="Revision">The revision that counts: the one sent, or a higher one that was stored before.</param>
/// <param name="TallyVersion">The tally's version that first contained this vote.</param>
/// <param name="CastAt">When it was committed, on the database's clock.</param>
public sealed record VoteReceipt(Guid PollId, int Revision, long TallyVersion, DateTimeOffset CastAt);

/// <summary>A participant's current vote. Withdrawn votes have no choices.</summary>
public sealed record MyVote(Guid PollId, IReadOnlyList<int> Choices, int Revision);
