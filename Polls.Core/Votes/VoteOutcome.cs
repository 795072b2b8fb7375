namespace Polls.Core.Votes;

/// <summary>What became of one vote. The numbers 0 to 6 are those that the function <c>cast_votes_v1</c> returns.</summary>
public enum VoteOutcome
{
    /// <summary>Committed with this batch.</summary>
    Accepted = 0,

    /// <summary>The same revision was committed before: the earlier receipt is given again.</summary>
    Repeated = 1,

    /// <summary>A higher revision counts already: its receipt is given, nothing changed.</summary>
    Superseded = 2,

    /// <summary>The poll does not exist.</summary>
    PollNotFound = 3,

    /// <summary>The poll is a draft, closed, or its time is up.</summary>
    PollNotOpen = 4,

    /// <summary>The poll was edited since the vote was checked: check again with the present poll.</summary>
    PollEdited = 5,

    /// <summary>There is a vote already and the poll allows no change.</summary>
    ChangeNotAllowed = 6,

    /// <summary>The queue is full: nothing was stored.</summary>
    Busy = 7,

    /// <summary>The database did not answer in time: the vote may be stored, a repeat is safe.</summary>
    Unavailable = 8,

    /// <summary>The database refused this very vote: a repeat has no chance.</summary>
    Rejected = 9,

    /// <summary>Not queued: the choices are none that the poll takes.</summary>
    BadChoice = 10,

    /// <summary>Not queued: the revision is below 0.</summary>
    BadRevision = 11,

    /// <summary>So many votes of this voter in this poll wait already that one more is refused: nothing was stored.</summary>
    TooFast = 12,
}

/// <summary>The outcome of one vote, with the receipt where there is a committed vote to prove.</summary>
public readonly record struct VoteResult(VoteOutcome Outcome, VoteReceipt? Receipt = null);
