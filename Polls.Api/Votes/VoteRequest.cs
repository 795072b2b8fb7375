namespace Polls.Api.Votes;

/// <summary>A vote in a request.</summary>
/// <param name="Choices">Indexes of options, from 0.</param>
/// <param name="Revision">The voter's own counter, from 0.</param>
/// <param name="Edition">
/// The edition of the poll that the voter saw. If the poll has another one now, the vote is refused.
/// </param>
public sealed record VoteRequest(IReadOnlyList<int>? Choices, int? Revision, int? Edition = null);
