namespace Polls.Core;

/// <summary>All refusals of the domain. Their codes are part of the contract.</summary>
public static class Refusals
{
    /// <summary>No live or ended room has this code, or the token belongs to another room.</summary>
    public static Refusal RoomNotFound { get; } = new(
        "room.notFound", "This room does not exist.", RefusalKind.NotFound);

    /// <summary>The room has ended: it can be read, but not changed.</summary>
    public static Refusal RoomEnded { get; } = new("room.ended", "This room has ended.", RefusalKind.Gone);

    /// <summary>The room has its maximum of participants.</summary>
    public static Refusal RoomFull { get; } = new(
        "room.full", "This room has reached its maximum number of participants.", RefusalKind.Conflict);

    /// <summary>The host lets nobody else join.</summary>
    public static Refusal RoomLocked { get; } = new(
        "room.locked", "The host lets nobody else join at the moment.", RefusalKind.Conflict);

    /// <summary>The room has its maximum of polls.</summary>
    public static Refusal RoomTooManyPolls { get; } = new(
        "room.tooManyPolls", $"A room can have at most {Rooms.RoomRules.MaxPolls} polls.", RefusalKind.Conflict);

    /// <summary>No poll with this id is in this room.</summary>
    public static Refusal PollNotFound { get; } = new(
        "poll.notFound", "This room has no such poll.", RefusalKind.NotFound);

    /// <summary>The vote was made for another edition of the poll.</summary>
    public static Refusal PollEdited { get; } = new(
        "poll.edited", "This poll has changed since it was shown. Answer what it asks now.", RefusalKind.Conflict);

    /// <summary>The poll accepts no votes: it is a draft or closed.</summary>
    public static Refusal PollNotOpen { get; } = new("poll.notOpen", "This poll is not open.", RefusalKind.Conflict);

    /// <summary>Only drafts can be edited or deleted.</summary>
    public static Refusal PollNotDraft { get; } = new(
        "poll.notDraft", "Only a draft can be edited or deleted. Reset the poll first.", RefusalKind.Conflict);

    /// <summary>Another host has changed the poll, or the order of the polls, since the caller read it.</summary>
    public static Refusal PollChanged { get; } = new(
        "poll.changed", "This has changed since it was read. Read it again and decide anew.",
        RefusalKind.ChangedMeanwhile);

    /// <summary>The order omits a poll, contains one twice, or contains one of another room.</summary>
    public static Refusal PollBadOrder { get; } =
        Invalid("poll.badOrder", "An order must contain every poll of the room exactly once.");

    /// <summary>The participant has voted and the poll does not allow a change.</summary>
    public static Refusal VoteChangeNotAllowed { get; } = new(
        "vote.changeNotAllowed", "This poll does not allow changing a vote.", RefusalKind.Conflict);

    /// <summary>A host has discarded the participant's votes.</summary>
    public static Refusal VoteDiscarded { get; } = new(
        "vote.discarded", "The host does not count the votes of this participant.", RefusalKind.Forbidden);

    /// <summary>Nothing tells whose votes are to be discarded.</summary>
    public static Refusal DiscardBadCohort { get; } = Invalid(
        "discard.badCohort",
        "Give joinedFrom, joinedUntil or neverConnected: true; joinedFrom must be before joinedUntil.");

    /// <summary>
    /// The discarded votes would tell who voted what, or the room's level already keeps strangers out.
    /// </summary>
    public static Refusal DiscardNotAllowed { get; } = new(
        "discard.notAllowed",
        "Rooms with seat codes discard no votes, and anonymous rooms only those of people who never connected.",
        RefusalKind.Conflict);

    /// <summary>Nobody joined in that way whose votes are not discarded already.</summary>
    public static Refusal DiscardNobody { get; } = new(
        "discard.nobody", "Nobody joined in this way whose votes are not discarded already.", RefusalKind.Conflict);

    /// <summary>The room has no such discard.</summary>
    public static Refusal DiscardNotFound { get; } = new(
        "discard.notFound", "This room has no such discard.", RefusalKind.NotFound);

    /// <summary>The poll has as many entries as it can have, and the answer would add another one.</summary>
    public static Refusal PollFull { get; } = new(
        "poll.full", "This poll cannot take further new words.", RefusalKind.Conflict);

    /// <summary>Polls of this kind have no entries.</summary>
    public static Refusal PollNoEntries { get; } = new(
        "poll.noEntries", "A poll of this kind has no entries.", RefusalKind.NotFound);

    /// <summary>The poll has no such entry, or the caller may not see it.</summary>
    public static Refusal EntryNotFound { get; } = new(
        "entry.notFound", "This poll has no such entry.", RefusalKind.NotFound);

    /// <summary>Too few or too many entries in one command.</summary>
    public static Refusal EntryTooMany { get; } = Invalid(
        "entry.tooMany", $"A command takes 1 to {RoomPolls.EntryCommands.MostAtOnce} entries.");

    /// <summary>The entry cannot be merged into this one.</summary>
    public static Refusal EntryBadMerge { get; } = new(
        "entry.badMerge",
        "A shown entry into which none is merged can be merged into another shown one that is not merged itself.",
        RefusalKind.Conflict);

    /// <summary>The caller may not see the poll's result.</summary>
    public static Refusal ResultsHidden { get; } = new(
        "results.hidden", "The result of this poll is hidden.", RefusalKind.Forbidden);

    /// <summary>The database refused the vote, although the checks accepted it.</summary>
    public static Refusal VoteRejected { get; } = Invalid("vote.rejected", "This vote cannot be stored.");

    /// <summary>The token's role is another, or it lost its rights.</summary>
    public static Refusal TokenForbids { get; } = new(
        "auth.forbidden", "This token does not allow this request.", RefusalKind.Forbidden);

    /// <summary>The vote queue is full.</summary>
    public static Refusal Busy { get; } = new(
        "busy", "Too many votes at once. Send the same vote again shortly.", RefusalKind.Unavailable,
        TimeSpan.FromSeconds(1));

    /// <summary>Too many people wait to be stored.</summary>
    public static Refusal JoinsBusy { get; } = new(
        "busy", "Too many people join at once. Send the same request again shortly.", RefusalKind.Unavailable,
        TimeSpan.FromSeconds(1));

    /// <summary>The instance writes as many workbooks as it can.</summary>
    public static Refusal ExportBusy { get; } = new(
        "busy", "Too many exports at once. Send the same request again shortly.", RefusalKind.Unavailable,
        TimeSpan.FromSeconds(2));

    /// <summary>The database is unavailable. The request may or may not be stored; a retry is safe.</summary>
    public static Refusal Unavailable { get; } = new(
        "unavailable", "The database is unavailable. Send the same request again shortly.",
        RefusalKind.Unavailable, TimeSpan.FromSeconds(1));

    /// <summary>The number of seat codes is out of bounds.</summary>
    public static Refusal SeatBadCount { get; } = Invalid(
        "seat.badCount", $"The number of codes must be between 1 and {Seats.SeatBook.MostAtOnce}.");

    /// <summary>The room has its maximum of seat codes.</summary>
    public static Refusal SeatTooMany { get; } = new(
        "seat.tooMany", $"A room can have at most {Seats.SeatBook.MostInRoom} seat codes.", RefusalKind.Conflict);

    /// <summary>The room does not use seat codes.</summary>
    public static Refusal SeatNotWanted { get; } = new(
        "seat.notWanted", "This room does not use seat codes.", RefusalKind.Conflict);

    /// <summary>Joining this room needs a seat code.</summary>
    public static Refusal SeatRequired { get; } = new(
        "seat.required", "Joining this room requires a seat code from its host.", RefusalKind.Forbidden);

    /// <summary>The seat code does not belong to this room.</summary>
    public static Refusal SeatUnknown { get; } = new(
        "seat.unknown", "This room has no such seat code.", RefusalKind.NotFound);

    /// <summary>The seat code was used.</summary>
    public static Refusal SeatTaken { get; } = new(
        "seat.taken", "This seat code has already been used.", RefusalKind.Conflict);

    /// <summary>The account or room has its maximum of open invitations.</summary>
    public static Refusal TooManyInvitations { get; } = new(
        "invitation.tooMany", "There are too many open invitations. Revoke some, or wait until they expire.",
        RefusalKind.Conflict);

    /// <summary>The invitation does not exist, has expired, was revoked or was used.</summary>
    public static Refusal InvitationNotGood { get; } = new(
        "invitation.notGood", "This invitation is invalid, expired, revoked or already used.", RefusalKind.Gone);

    /// <summary>Only the owner of the room may do this.</summary>
    public static Refusal RoomNotOwned { get; } = new(
        "room.notOwned", "Only the account that created the room can do this.", RefusalKind.Forbidden);

    /// <summary>The room has its maximum of co-hosts.</summary>
    public static Refusal RoomTooManyHosts { get; } = new(
        "room.tooManyHosts", $"A room can have at most {Rooms.RoomRules.MaxCoHosts} co-hosts.", RefusalKind.Conflict);

    /// <summary>The room has no such co-host or invitation.</summary>
    public static Refusal HostNotFound { get; } = new(
        "host.notFound", "This room has no such co-host or invitation.", RefusalKind.NotFound);

    /// <summary>The caller exceeded a limit and may retry after this time.</summary>
    public static Refusal RateLimited(TimeSpan after) => new(
        "rateLimited", "Too many requests. Send the same request again a little later.", RefusalKind.TooMany, after);

    /// <summary>An invalid request, with its own code and sentence.</summary>
    public static Refusal Invalid(string code, string detail) => new(code, detail, RefusalKind.Invalid);
}
