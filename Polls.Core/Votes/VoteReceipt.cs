using System.Diagnostics.CodeAnalysis;
using Polls.Core.Kinds;
using Polls.Core.RoomPolls;

namespace Polls.Core.Votes;

/// <summary>
/// Proof that a vote is committed in PostgreSQL, and which vote that is: its answer is the one that counts. With the
/// revision sent, it can still be another answer: that of another device of the same participant that used the revision
/// first. Without an answer (choice kinds: without choices) if the vote is withdrawn.
/// </summary>
public sealed record VoteReceipt : Answer
{
    /// <summary>Creates an empty receipt.</summary>
    public VoteReceipt()
    {
    }

    [SetsRequiredMembers]
    private VoteReceipt(Answer answer, CommittedVote vote) : base(answer) =>
        (PollId, Revision, TallyVersion, CastAt) = (vote.PollId, vote.Revision, vote.TallyVersion, vote.CastAt);

    /// <summary>The poll.</summary>
    public required Guid PollId { get; init; }

    /// <summary>The revision that counts: the one sent, or a higher one that was stored before.</summary>
    public required int Revision { get; init; }

    /// <summary>
    /// The tally's version that first contained this vote; null while participants may not see the tally, because
    /// turnout could be read from it.
    /// </summary>
    public long? TallyVersion { get; init; }

    /// <summary>When it was committed, on the database's clock.</summary>
    public required DateTimeOffset CastAt { get; init; }

    /// <summary>The receipt of a committed vote.</summary>
    internal static VoteReceipt Of(PollSnapshot poll, CommittedVote vote) => new(poll.AnswerOf(vote.Ballot), vote);
}

/// <summary>A participant's current vote. Withdrawn votes have no answer (choice kinds: no choices).</summary>
public sealed record MyVote : Answer
{
    /// <summary>Creates an empty vote.</summary>
    public MyVote()
    {
    }

    [SetsRequiredMembers]
    private MyVote(Answer answer, Guid pollId, int revision) : base(answer) => (PollId, Revision) = (pollId, revision);

    /// <summary>The poll.</summary>
    public required Guid PollId { get; init; }

    /// <summary>The voter's counter.</summary>
    public required int Revision { get; init; }

    /// <summary>The vote as stored.</summary>
    public static MyVote Of(PollSnapshot poll, int revision, Ballot ballot) =>
        new(poll.AnswerOf(ballot), poll.Id, revision);
}
