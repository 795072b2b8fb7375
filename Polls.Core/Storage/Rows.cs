using Polls.Core.Kinds;

namespace Polls.Core.Storage;

/// <summary>A stored room.</summary>
public sealed class RoomRow
{
    /// <summary>UUIDv7.</summary>
    public required Guid Id { get; init; }

    /// <summary>Six digits, unique among live rooms. A reopened room can get a new code.</summary>
    public required string Code { get; set; }

    /// <summary>The account that created the room; null if it was created without an account.</summary>
    public Guid? OwnerId { get; init; }

    /// <summary>The title, as the host entered it.</summary>
    public required string Title { get; set; }

    /// <summary>How the room ensures one vote per person; set when the room is created.</summary>
    public Assurance Assurance { get; init; }

    /// <summary>Whether the room stores no names.</summary>
    public bool Anonymous { get; init; }

    /// <summary>
    /// Together with an account, determines the account's participant. Secret: it never leaves the database.
    /// </summary>
    public Guid VoterKey { get; init; } = Guid.NewGuid();

    /// <summary>
    /// Increases when the host tokens are revoked: each carries the number that it was issued with.
    /// </summary>
    public int HostTokenSeries { get; set; }

    /// <summary>The client's secret of the last revocation, so that it can repeat the request; null if none.</summary>
    public Guid? HostTokenAttempt { get; set; }

    /// <summary>Whether nobody else may join.</summary>
    public bool JoiningLocked { get; set; }

    /// <summary>
    /// Increases when votes of participants are discarded or restored, so that those people are told.
    /// </summary>
    public int Discards { get; set; }

    /// <summary>
    /// Increases with every change that clients must receive, except tallies, which have their own version.
    /// </summary>
    public long Version { get; set; } = 1;

    /// <summary>When the room was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When a host was last connected or active. Housekeeping uses it to end abandoned rooms.</summary>
    public required DateTimeOffset HostSeenAt { get; set; }

    /// <summary>When the room ended; null while it is live.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>All polls of the room.</summary>
    public List<PollRow> Polls { get; init; } = [];
}

/// <summary>A stored poll. Lock this row before changing its votes, tally or state.</summary>
public sealed class PollRow
{
    /// <summary>UUIDv7.</summary>
    public required Guid Id { get; init; }

    /// <summary>The room it belongs to.</summary>
    public required Guid RoomId { get; init; }

    /// <summary>The order within the room, from 0. Gaps are normal.</summary>
    public int Position { get; set; }

    /// <summary>What people answer.</summary>
    public PollKind Kind { get; set; }

    /// <summary>The question.</summary>
    public required string Question { get; set; }

    /// <summary>The options, in order.</summary>
    public required string[] Options { get; set; }

    /// <summary>The kind's own settings as JSON, defaults filled in.</summary>
    public required string Settings { get; set; }

    /// <summary>When participants see the result.</summary>
    public ResultsVisibility Visibility { get; set; }

    /// <summary>The host's override of <see cref="Visibility"/>: shown, hidden, or null for none.</summary>
    public bool? ResultsShown { get; set; }

    /// <summary>Whether votes can be changed.</summary>
    public bool AllowChange { get; set; }

    /// <summary>The default duration in seconds; null if only the host closes the poll.</summary>
    public int? DurationSeconds { get; set; }

    /// <summary>The current state.</summary>
    public PollState State { get; set; }

    /// <summary>
    /// From 1. Increases with a reset and when anything but words changes. A vote for an older edition is refused.
    /// </summary>
    public int Edition { get; set; } = 1;

    /// <summary>Increases with every change of the poll other than votes.</summary>
    public long Version { get; set; } = 1;

    /// <summary>When the poll was last opened, by the database's clock.</summary>
    public DateTimeOffset? OpenedAt { get; set; }

    /// <summary>When the poll closes automatically, by the database's clock.</summary>
    public DateTimeOffset? ClosesAt { get; set; }

    /// <summary>When the poll was last closed.</summary>
    public DateTimeOffset? ClosedAt { get; set; }

    /// <summary>Of an opened motion: how many were entitled to vote when it was opened.</summary>
    public int? Entitled { get; set; }

    /// <summary>The stored tally.</summary>
    public TallyRow? Tally { get; set; }

    /// <summary>The poll's content.</summary>
    public PollContent Content => new(
        Kind, Question, Options, PollKinds.Get(Kind).Read(Settings), Visibility, AllowChange, DurationSeconds);

    /// <summary>Creates a draft with an empty tally.</summary>
    public static PollRow Create(Guid id, Guid roomId, int position, PollContent content, DateTimeOffset now) => new()
    {
        Id = id, RoomId = roomId, Position = position, Kind = content.Kind, Question = content.Question,
        Options = content.Options, Settings = content.Settings.ToJson(), Visibility = content.Visibility,
        AllowChange = content.AllowChange, DurationSeconds = content.DurationSeconds,
        Tally = new TallyRow { PollId = id, Counts = new int[content.Cells], MovedAt = now },
    };

    /// <summary>
    /// Sets the content. If more than words change, which is for drafts only, it is another edition with an empty
    /// tally.
    /// </summary>
    public void Write(PollContent content)
    {
        var before = Content;
        (Kind, Question, Options) = (content.Kind, content.Question, content.Options);
        (Visibility, AllowChange, DurationSeconds) = (content.Visibility, content.AllowChange, content.DurationSeconds);
        if (before.Settings != content.Settings)
        {
            Settings = content.Settings.ToJson();
        }

        if (before.Form != content.Form)
        {
            Edition++;
            Tally!.Counts = new int[content.Cells];
        }
    }

    /// <summary>Opens the poll for the given duration.</summary>
    public void Open(DateTimeOffset now, int? durationSeconds)
    {
        (State, OpenedAt, ClosedAt) = (PollState.Open, now, null);
        ClosesAt = durationSeconds is { } seconds ? now.AddSeconds(seconds) : null;
    }

    /// <summary>Closes the poll.</summary>
    public void Close(DateTimeOffset now) => (State, ClosedAt) = (PollState.Closed, now);
}

/// <summary>A stored tally. Always equals the recount of the poll's votes.</summary>
public sealed class TallyRow
{
    /// <summary>The poll.</summary>
    public required Guid PollId { get; init; }

    /// <summary>Never decreases.</summary>
    public long Version { get; set; }

    /// <summary>A count per cell: what the votes' marks add up to.</summary>
    public required int[] Counts { get; set; }

    /// <summary>Participants with a vote.</summary>
    public int Voters { get; set; }

    /// <summary>How many answers were discarded, and are in none of the other numbers.</summary>
    public int Discarded { get; set; }

    /// <summary>
    /// The highest number of an entry since the last reset. For words, how many were said since then.
    /// </summary>
    public int LastEntry { get; set; }

    /// <summary>When the tally last changed, by the database's clock.</summary>
    public required DateTimeOffset MovedAt { get; set; }
}

/// <summary>A stored participant.</summary>
public sealed class ParticipantRow
{
    /// <summary>Random, so that it does not tell when the participant joined.</summary>
    public required Guid Id { get; init; }

    /// <summary>The room that the participant joined.</summary>
    public required Guid RoomId { get; init; }

    /// <summary>Null if none was given or the room stores no names.</summary>
    public string? Nickname { get; init; }

    /// <summary>When the participant joined.</summary>
    public required DateTimeOffset JoinedAt { get; init; }

    /// <summary>Whether the participant was ever connected to the hub, as every page is.</summary>
    public bool Connected { get; init; }
}

/// <summary>
/// The vote of a participant in a poll. A withdrawn vote is kept without marks, so that its revision still counts.
/// </summary>
public sealed class VoteRow : StoredVote;

/// <summary>A vote that a host has discarded, as it was: see <see cref="DiscardRow"/>.</summary>
public sealed class DiscardedVoteRow : StoredVote;

/// <summary>The columns of votes, the same for those that count and those that are discarded.</summary>
public abstract class StoredVote
{
    /// <summary>The poll.</summary>
    public required Guid PollId { get; init; }

    /// <summary>The voter.</summary>
    public required Guid ParticipantId { get; init; }

    /// <summary>The highest revision received.</summary>
    public required int Revision { get; set; }

    /// <summary>The cells of the tally that the vote adds to.</summary>
    public required short[] Marks { get; set; }

    /// <summary>What it adds to each of them; null if 1 to all.</summary>
    public int[]? Weights { get; set; }

    /// <summary>The keys of the entries that the vote adds to; null if none.</summary>
    public string[]? Keys { get; set; }

    /// <summary>The voter's spelling of each key; null if it is the key.</summary>
    public string[]? Texts { get; set; }

    /// <summary>The first tally version that contains the vote.</summary>
    public required long TallyVersion { get; set; }

    /// <summary>When the vote was committed.</summary>
    public required DateTimeOffset CastAt { get; set; }

    /// <summary>The answer.</summary>
    public Ballot Ballot => new(Marks, Weights, Keys, Texts);
}

/// <summary>A key of the data-protection key ring that protects tokens.</summary>
public sealed class DataProtectionKeyRow
{
    /// <summary>The name of the key.</summary>
    public required string FriendlyName { get; init; }

    /// <summary>The key in ASP.NET Core's XML format.</summary>
    public required string Xml { get; init; }
}
