using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using Polls.Core.Kinds;
using Polls.Core.RoomPolls;
using Polls.Core.Rooms;
using Polls.Core.Tallies;

namespace Polls.Api.Results;

/// <summary>Everything of a room.</summary>
public sealed record RoomResults(
    string Code, string Title, RoomStatus State, DateTimeOffset ExportedAt, IReadOnlyList<PollResults> Polls,
    IReadOnlyList<ExportedAction> Audit, IReadOnlyList<Discard> Discards);

/// <summary>A poll with its tally and its votes; withdrawn votes are left out.</summary>
public sealed record PollResults(PollView Poll, IReadOnlyList<ExportedVote> Votes)
{
    /// <summary>
    /// All entries, also hidden and merged ones, of kinds that show them. The numbers of others' entries are not told
    /// anywhere: they would tell in which order people have voted.
    /// </summary>
    public IReadOnlyList<ListedEntry>? Entries { get; init; }

    /// <summary>The entries that the summary counts.</summary>
    [JsonIgnore]
    public IReadOnlyList<ListedEntry> Counted { get; init; } = [];

    /// <summary>What the tables are written with.</summary>
    [JsonIgnore]
    public PollTexts Texts { get; init; }

    /// <summary>Whether the poll is of a kind that shows its entries.</summary>
    internal bool ListsEntries { get; init; }

    /// <summary>The poll at this moment, without votes and entries.</summary>
    internal static PollResults Of(ResultsMoment moment, PollSnapshot poll) =>
        new(PollView.For(Role.Host, poll, moment.Truth.Tallies.GetValueOrDefault(poll.Id))!, [])
        {
            Texts = new PollTexts(poll.Options, poll.KindSettings),
            ListsEntries = poll.Entries == EntrySummary.Head,
        };
}

/// <summary>One thing that was done in the room.</summary>
/// <param name="At">When.</param>
/// <param name="Who"><c>host</c>, <c>timer</c>, <c>housekeeping</c>, or <c>account:</c> and its id.</param>
/// <param name="What">As the API calls it, such as <c>openPoll</c>.</param>
/// <param name="PollId">The poll, where it is about one.</param>
public sealed record ExportedAction(DateTimeOffset At, string Who, string What, Guid? PollId);

/// <summary>One vote, with its answer.</summary>
public sealed record ExportedVote : Answer
{
    /// <summary>Creates an empty vote.</summary>
    public ExportedVote()
    {
    }

    /// <summary>A vote with this answer.</summary>
    public ExportedVote(Answer answer) : base(answer)
    {
    }

    /// <summary>The voter: a random id.</summary>
    public Guid ParticipantId { get; init; }

    /// <summary>The voter's nickname, if one was given.</summary>
    public string? Nickname { get; init; }

    /// <summary>The voter's counter.</summary>
    public int Revision { get; init; }

    /// <summary>
    /// When it was committed; only the UTC day in rooms that are anonymous or use seat codes.
    /// </summary>
    public DateTimeOffset CastAt { get; init; }

    /// <summary>The answer for readers of tables: a number where it is one, otherwise a text.</summary>
    internal object Readable(IPollKind kind, PollTexts texts) => this switch
    {
        { Value: { } value } => value,
        { Number: { } number } => number,
        _ => kind.Readable(texts, this),
    };

    /// <summary>The votes of a poll at this moment, one by one.</summary>
    internal static async IAsyncEnumerable<ExportedVote> AllAsync(
        ResultsMoment moment, PollSnapshot poll, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var (vote, nickname) in moment.VotesAsync(poll, cancellationToken))
        {
            yield return new ExportedVote(poll.AnswerOf(vote.Ballot))
            {
                ParticipantId = vote.ParticipantId, Nickname = nickname, Revision = vote.Revision,
                CastAt = moment.IsSecret ? new(vote.CastAt.UtcDateTime.Date, TimeSpan.Zero) : vote.CastAt,
            };
        }
    }
}
