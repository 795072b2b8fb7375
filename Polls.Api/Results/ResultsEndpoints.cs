using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Polls.Api.Http;
using Polls.Api.Limits;
using Polls.Api.Tokens;
using Polls.Core;
using Polls.Core.Audit;
using Polls.Core.Kinds;
using Polls.Core.RoomPolls;
using Polls.Core.Rooms;
using Polls.Core.Storage;

namespace Polls.Api.Results;

/// <summary>What a host takes home: every poll, tally and vote.</summary>
public static class ResultsEndpoints
{
    /// <summary>
    /// Maps <c>/api/rooms/{code}/results</c>, <c>/results.csv</c> and <c>/summary.csv</c>.
    /// </summary>
    public static IEndpointRouteBuilder MapResults(this IEndpointRouteBuilder routes)
    {
        var room = routes.MapGroup("/api/rooms/{code}").WithTags("Results").OnlyFor(Role.Host).Limited(RateClass.Read);
        room.MapGet("/results", JsonAsync).WithName("readResults").WithSummary("All polls, tallies and votes.");
        room.MapGet("/results.csv", CsvAsync)
            .WithName("readResultsCsv").WithSummary("All votes as a table, one row per vote.")
            .Produces(StatusCodes.Status200OK, contentType: "text/csv");
        room.MapGet("/summary.csv", SummaryAsync)
            .WithName("readSummaryCsv").WithSummary("All tallies as a table, one row per option.")
            .Produces(StatusCodes.Status200OK, contentType: "text/csv");
        return routes;
    }

    private static async Task<Results<Ok<RoomResults>, ProblemHttpResult>> JsonAsync(
        Caller caller, RoomReader rooms, AuditTrail trail, TimeProvider clock, HttpContext http,
        CancellationToken cancellationToken) =>
        await LoadAsync(caller, rooms, trail, clock, cancellationToken) is { } results
            ? TypedResults.Ok(results)
            : Refusals.RoomNotFound.ToProblem(http);

    private static Task<Results<FileContentHttpResult, ProblemHttpResult>> CsvAsync(
        string code, Caller caller, RoomReader rooms, AuditTrail trail, TimeProvider clock, HttpContext http,
        CancellationToken cancellationToken) =>
        FileAsync(
            LoadAsync(caller, rooms, trail, clock, cancellationToken), ResultsCsv.Votes, $"polls-{code}.csv", http);

    private static Task<Results<FileContentHttpResult, ProblemHttpResult>> SummaryAsync(
        string code, Caller caller, RoomReader rooms, AuditTrail trail, TimeProvider clock, HttpContext http,
        CancellationToken cancellationToken) =>
        FileAsync(
            LoadAsync(caller, rooms, trail, clock, cancellationToken), ResultsCsv.Summary, $"polls-{code}-summary.csv",
            http);

    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> FileAsync(
        Task<RoomResults?> loading, Func<RoomResults, byte[]> write, string name, HttpContext http) =>
        await loading is { } results
            ? TypedResults.File(write(results), "text/csv; charset=utf-8", name)
            : Refusals.RoomNotFound.ToProblem(http);

    private static DateTimeOffset Day(DateTimeOffset time) => new(time.UtcDateTime.Date, TimeSpan.Zero);

    private static async Task<RoomResults?> LoadAsync(
        Caller caller, RoomReader rooms, AuditTrail trail, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (await rooms.LoadAsync(caller.RoomId, cancellationToken) is not { } truth)
        {
            return null;
        }

        var nicknames = await rooms.NicknamesAsync(caller.RoomId, cancellationToken);
        var isSecret = truth.Room.Anonymous || truth.Room.Assurance == Assurance.SeatCode;
        var votes = (await rooms.AllVotesAsync(truth.Room, cancellationToken))
            .Where(vote => !vote.Ballot.IsEmpty)
            // Times, and an order by time, would tell who voted when, and so which slip or person a vote belongs to.
            .OrderBy(vote => isSecret ? default : vote.CastAt).ThenBy(vote => vote.ParticipantId)
            .ToLookup(vote => vote.PollId);
        return new RoomResults(
            truth.Room.Code, truth.Room.Title, truth.Room.State, clock.GetUtcNow(),
            [.. truth.Room.Polls.Select(poll => new PollResults(
                PollView.For(Role.Host, poll, truth.Tallies.GetValueOrDefault(poll.Id))!,
                [.. votes[poll.Id].Select(vote => new ExportedVote(poll.AnswerOf(vote.Ballot))
                {
                    ParticipantId = vote.ParticipantId, Nickname = nicknames.GetValueOrDefault(vote.ParticipantId),
                    Revision = vote.Revision, CastAt = isSecret ? Day(vote.CastAt) : vote.CastAt,
                })])
                {
                    Texts = new PollTexts(poll.Options, poll.KindSettings),
                })],
            [.. (await trail.ReadAsync(caller.RoomId, cancellationToken))
                .Select(row => new ExportedAction(row.At, row.Who, row.What, row.PollId))]);
    }
}

/// <summary>Everything of a room.</summary>
public sealed record RoomResults(
    string Code, string Title, RoomStatus State, DateTimeOffset ExportedAt, IReadOnlyList<PollResults> Polls,
    IReadOnlyList<ExportedAction> Audit);

/// <summary>A poll with its tally and its votes; withdrawn votes are left out.</summary>
public sealed record PollResults(PollView Poll, IReadOnlyList<ExportedVote> Votes)
{
    /// <summary>What the tables are written with.</summary>
    [JsonIgnore]
    public PollTexts Texts { get; init; }
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
}
