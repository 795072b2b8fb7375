namespace Polls.Core.Storage;

/// <summary>A room as stored.</summary>
public sealed class RoomRow
{
    /// <summary>UUIDv7.</summary>
    public required Guid Id { get; init; }

    /// <summary>Six digits, unique among live rooms; a room that is opened again may get other ones.</summary>
    public required string Code { get; set; }

    /// <summary>The account that made the room; null for one that was made without.</summary>
    public Guid? OwnerId { get; init; }

    /// <summary>As the host wrote it.</summary>
    public required string Title { get; set; }

    /// <summary>What stands behind one person, one vote; chosen when the room is made.</summary>
    public Assurance Assurance { get; init; }

    /// <summary>Whether names are kept out of it.</summary>
    public bool Anonymous { get; init; }

    /// <summary>Leads, together with an account, to the account's participant. A secret of the database's.</summary>
    public Guid VoterKey { get; init; } = Guid.NewGuid();

    /// <summary>Grows with every change that screens must hear of, except tallies, which have their own.</summary>
    public long Version { get; set; } = 1;

    /// <summary>When the room was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When a host was last connected or did something; housekeeping ends abandoned rooms by it.</summary>
    public required DateTimeOffset HostSeenAt { get; set; }

    /// <summary>When the room ended; null while it lives.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>All polls of the room.</summary>
    public List<PollRow> Polls { get; init; } = [];
}

/// <summary>A poll as stored. Whoever changes its votes, its tally or its state locks this row first.</summary>
public sealed class PollRow
{
    /// <summary>UUIDv7.</summary>
    public required Guid Id { get; init; }

    /// <summary>The room it belongs to.</summary>
    public required Guid RoomId { get; init; }

    /// <summary>Order within the room, from 0; gaps are normal.</summary>
    public int Position { get; set; }

    /// <summary>How people choose.</summary>
    public PollKind Kind { get; set; }

    /// <summary>The question.</summary>
    public required string Question { get; set; }

    /// <summary>The options, in order.</summary>
    public required string[] Options { get; set; }

    /// <summary>Most options one vote may name.</summary>
    public int MaxChoices { get; set; }

    /// <summary>When participants see the result.</summary>
    public ResultsVisibility Visibility { get; set; }

    /// <summary>The host's hand over <see cref="Visibility"/>: shown, hidden, or null for neither.</summary>
    public bool? ResultsShown { get; set; }

    /// <summary>Whether votes may change.</summary>
    public bool AllowChange { get; set; }

    /// <summary>Default duration in seconds; null: until the host closes it.</summary>
    public int? DurationSeconds { get; set; }

    /// <summary>Where it is in its life.</summary>
    public PollState State { get; set; }

    /// <summary>Grows when the content is edited: a vote checked against an older edition is checked again.</summary>
    public int Edition { get; set; } = 1;

    /// <summary>Grows with every change of the poll that is not a vote.</summary>
    public long Version { get; set; } = 1;

    /// <summary>When it was last opened, by the database's clock.</summary>
    public DateTimeOffset? OpenedAt { get; set; }

    /// <summary>When it closes by itself, by the database's clock.</summary>
    public DateTimeOffset? ClosesAt { get; set; }

    /// <summary>When it was last closed.</summary>
    public DateTimeOffset? ClosedAt { get; set; }

    /// <summary>The stored tally.</summary>
    public TallyRow? Tally { get; set; }

    /// <summary>A new draft with an empty tally.</summary>
    public static PollRow Create(Guid id, Guid roomId, int position, PollContent content, DateTimeOffset now)
    {
        var poll = new PollRow
        {
            Id = id, RoomId = roomId, Position = position, Question = content.Question, Options = content.Options,
            Tally = new TallyRow { PollId = id, Counts = [], MovedAt = now },
        };
        poll.Write(content);
        return poll;
    }

    /// <summary>Takes over what a draft says; the tally, which is empty in a draft, gets one count per option.</summary>
    public void Write(PollContent content)
    {
        (Kind, Question, Options, MaxChoices) = (content.Kind, content.Question, content.Options, content.MaxChoices);
        (Visibility, AllowChange, DurationSeconds) = (content.Visibility, content.AllowChange, content.DurationSeconds);
        Tally!.Counts = new int[content.Options.Length];
    }

    /// <summary>Takes votes from now on, for so long.</summary>
    public void Open(DateTimeOffset now, int? durationSeconds)
    {
        (State, OpenedAt, ClosedAt) = (PollState.Open, now, null);
        ClosesAt = durationSeconds is { } seconds ? now.AddSeconds(seconds) : null;
    }

    /// <summary>Takes no votes any more.</summary>
    public void Close(DateTimeOffset now) => (State, ClosedAt) = (PollState.Closed, now);
}

/// <summary>A poll's tally as stored: always the recount of its votes.</summary>
public sealed class TallyRow
{
    /// <summary>The poll.</summary>
    public required Guid PollId { get; init; }

    /// <summary>Only grows.</summary>
    public long Version { get; set; }

    /// <summary>Marks per option.</summary>
    public required int[] Counts { get; set; }

    /// <summary>Participants with a vote.</summary>
    public int Voters { get; set; }

    /// <summary>When it last moved, by the database's clock.</summary>
    public required DateTimeOffset MovedAt { get; set; }
}

/// <summary>A participant as stored.</summary>
public sealed class ParticipantRow
{
    /// <summary>UUIDv7.</summary>
    public required Guid Id { get; init; }

    /// <summary>The room joined.</summary>
    public required Guid RoomId { get; init; }

    /// <summary>Null when none was given, or the room keeps none.</summary>
    public string? Nickname { get; init; }

    /// <summary>When the participant joined.</summary>
    public required DateTimeOffset JoinedAt { get; init; }
}

/// <summary>The one vote of a participant in a poll. A withdrawn vote stays, without marks, so that its revision still counts.</summary>
public sealed class VoteRow
{
    /// <summary>The poll.</summary>
    public required Guid PollId { get; init; }

    /// <summary>The voter.</summary>
    public required Guid ParticipantId { get; init; }

    /// <summary>The highest revision seen.</summary>
    public required int Revision { get; set; }

    /// <summary>What the vote adds to the tally: one per entry.</summary>
    public required short[] Marks { get; set; }

    /// <summary>The tally version that first contained it.</summary>
    public required long TallyVersion { get; set; }

    /// <summary>When it was committed.</summary>
    public required DateTimeOffset CastAt { get; set; }
}

/// <summary>One key of the data-protection ring that tokens are protected with.</summary>
public sealed class DataProtectionKeyRow
{
    /// <summary>The key's own name.</summary>
    public required string FriendlyName { get; init; }

    /// <summary>The key as ASP.NET Core wrote it.</summary>
    public required string Xml { get; init; }
}
