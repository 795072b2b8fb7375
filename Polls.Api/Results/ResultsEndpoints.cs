using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http.HttpResults;
using Polls.Api.Http;
using Polls.Api.Limits;
using Polls.Api.Tokens;
using Polls.Core;
using Polls.Core.Kinds;
using Polls.Core.RoomPolls;
using Polls.Core.Rooms;

namespace Polls.Api.Results;

/// <summary>What a host takes home: every poll, tally and vote.</summary>
public static class ResultsEndpoints
{
    /// <summary>
    /// Maps <c>/api/rooms/{code}/results</c>, <c>/results.csv</c>, <c>/summary.csv</c> and <c>/results.xlsx</c>.
    /// </summary>
    public static IEndpointRouteBuilder MapResults(this IEndpointRouteBuilder routes)
    {
        var room = routes.MapGroup("/api/rooms/{code}").WithTags("Results").OnlyFor(Role.Host).Limited(RateClass.Read);
        room.MapGet("/results", JsonAsync).WithName("readResults").WithSummary("All polls, tallies and votes.");
        room.MapGet("/results.csv", CsvAsync)
            .WithName("readResultsCsv").WithSummary("All votes as a table, one row per vote.")
            .Produces(StatusCodes.Status200OK, contentType: "text/csv");
        room.MapGet("/summary.csv", SummaryAsync)
            .WithName("readSummaryCsv").WithSummary("All tallies as a table, one row per option or entry.")
            .Produces(StatusCodes.Status200OK, contentType: "text/csv");
        room.MapGet("/results.xlsx", WorkbookAsync)
            .WithName("readResultsWorkbook").WithSummary("All tallies and votes as a workbook, one sheet per poll.")
            .Produces(StatusCodes.Status200OK, contentType: ResultsWorkbook.ContentType);
        return routes;
    }

    private static async Task<Results<Ok<RoomResults>, ProblemHttpResult>> JsonAsync(
        Caller caller, ResultsReader reader, TimeProvider clock, HttpContext http,
        CancellationToken cancellationToken) =>
        await LoadAsync(caller, reader, clock, cancellationToken) is { } results
            ? TypedResults.Ok(results)
            : Refusals.RoomNotFound.ToProblem(http);

    private static Task<Results<FileContentHttpResult, ProblemHttpResult>> CsvAsync(
        string code, Caller caller, ResultsReader reader, TimeProvider clock, HttpContext http,
        CancellationToken cancellationToken) =>
        FileAsync(LoadAsync(caller, reader, clock, cancellationToken), ResultsCsv.Votes, $"polls-{code}.csv", http);

    private static Task<Results<FileContentHttpResult, ProblemHttpResult>> SummaryAsync(
        string code, Caller caller, ResultsReader reader, TimeProvider clock, HttpContext http,
        CancellationToken cancellationToken) =>
        FileAsync(
            LoadAsync(caller, reader, clock, cancellationToken), ResultsCsv.Summary, $"polls-{code}-summary.csv",
            http);

    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> FileAsync(
        Task<RoomResults?> loading, Func<RoomResults, byte[]> write, string name, HttpContext http) =>
        await loading is { } results
            ? TypedResults.File(write(results), "text/csv; charset=utf-8", name)
            : Refusals.RoomNotFound.ToProblem(http);

    [SuppressMessage("Reliability", "CA2000", Justification = "The response disposes the slot.")]
    private static async Task<Results<PushStreamHttpResult, ProblemHttpResult>> WorkbookAsync(
        string code, Caller caller, ResultsReader reader, WorkbookSlots slots, HttpContext http,
        CancellationToken cancellationToken)
    {
        if (slots.TryTake(cancellationToken) is not { } slot)
        {
            return Refusals.ExportBusy.ToProblem(http);
        }

        // In case that nothing is written.
        http.Response.RegisterForDispose(slot);
        if (await reader.OpenAsync(caller.RoomId, slot.Token) is not { } moment)
        {
            return Refusals.RoomNotFound.ToProblem(http);
        }

        http.Response.RegisterForDisposeAsync(moment);
        return TypedResults.Stream(
            _ => WriteAsync(moment, slot, http), ResultsWorkbook.ContentType, $"polls-{code}.xlsx");
    }

    private static async Task WriteAsync(ResultsMoment moment, WorkbookSlots.Slot slot, HttpContext http)
    {
        var (polls, cancellationToken) = (moment.Truth.Room.Polls.ToDictionary(poll => poll.Id), slot.Token);
        try
        {
            // Free again before the client has the end.
            using var taken = slot;
            await using var opened = moment;
            // The body itself takes nothing synchronously.
            await using var body = http.Response.BodyWriter.AsStream(leaveOpen: true);
            await ResultsWorkbook.WriteAsync(
                body,
                [.. moment.Truth.Room.Polls.Select(poll => PollResults.Of(moment, poll))],
                result => moment.EntriesAsync(polls[result.Poll.Id], cancellationToken),
                result => ExportedVote.AllAsync(moment, polls[result.Poll.Id], cancellationToken),
                cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The client has gone, or is too slow. It must not take the beginning of a workbook for the whole.
            http.Abort();
        }
    }

    private static async Task<RoomResults?> LoadAsync(
        Caller caller, ResultsReader reader, TimeProvider clock, CancellationToken cancellationToken)
    {
        await using var moment = await reader.OpenAsync(caller.RoomId, cancellationToken);
        if (moment is null)
        {
            return null;
        }

        var room = moment.Truth.Room;
        var polls = new List<PollResults>();
        foreach (var poll in room.Polls)
        {
            var votes = new List<ExportedVote>();
            await foreach (var vote in ExportedVote.AllAsync(moment, poll, cancellationToken))
            {
                votes.Add(vote);
            }

            var entries = await moment.EntriesAsync(poll, cancellationToken);
            polls.Add(PollResults.Of(moment, poll) with
            {
                Votes = votes, Counted = entries, Entries = poll.Entries == EntrySummary.Head ? entries : null,
            });
        }

        return new RoomResults(
            room.Code, room.Title, room.State, clock.GetUtcNow(), polls,
            [.. (await moment.AuditAsync(cancellationToken))
                .Select(row => new ExportedAction(row.At, row.Who, row.What, row.PollId))]);
    }
}
