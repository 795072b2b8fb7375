namespace Polls.Core.Votes;

/// <summary>Outcome of a vote, with the vote that counts if one is committed.</summary>
public readonly record struct VoteResult(VoteOutcome Outcome, CommittedVote? Vote = null);

/// <summary>A committed vote. See <see cref="VoteReceipt"/>.</summary>
public sealed record CommittedVote(
    Guid PollId, int Revision, IReadOnlyList<short> Marks, long? TallyVersion, DateTimeOffset CastAt)
{
    /// <summary>Compares marks by value.</summary>
    public bool Equals(CommittedVote? other) => other is not null
        && (PollId, Revision, TallyVersion, CastAt) == (other.PollId, other.Revision, other.TallyVersion, other.CastAt)
        && Marks.SequenceEqual(other.Marks);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(PollId, Revision, CastAt);
}
