namespace Polls.Core;

/// <summary>Outcome of a vote. The function <c>cast_votes_v1</c> returns the values 0 to 6, 13 and 14.</summary>
public enum VoteOutcome
{
    /// <summary>Committed with this batch.</summary>
    Accepted = 0,

    /// <summary>The same revision was committed before: the earlier receipt is returned.</summary>
    Repeated = 1,

    /// <summary>A higher revision was committed before: its receipt is returned, and nothing changed.</summary>
    Superseded = 2,

    /// <summary>The poll does not exist.</summary>
    PollNotFound = 3,

    /// <summary>The poll is a draft, is closed, or its time is up.</summary>
    PollNotOpen = 4,

    /// <summary>The vote was made for another edition of the poll, or checked against one.</summary>
    PollEdited = 5,

    /// <summary>A vote exists and the poll does not allow changes.</summary>
    ChangeNotAllowed = 6,

    /// <summary>The queue is full: nothing was stored.</summary>
    Busy = 7,

    /// <summary>The database did not answer in time. The vote may be stored; a retry is safe.</summary>
    Unavailable = 8,

    /// <summary>The database refused this vote: a retry cannot succeed.</summary>
    Rejected = 9,

    /// <summary>The choices are invalid. Checked after revision, state and edition.</summary>
    BadChoice = 10,

    /// <summary>Not queued: the revision is below 0.</summary>
    BadRevision = 11,

    /// <summary>Too many votes of this voter in this poll are waiting: nothing was stored.</summary>
    TooFast = 12,

    /// <summary>The poll has no space for the vote's new entries.</summary>
    PollFull = 13,

    /// <summary>A host has discarded the votes of this participant.</summary>
    Discarded = 14,
}
