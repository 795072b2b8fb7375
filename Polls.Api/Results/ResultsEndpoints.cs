using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http.HttpResults;
using Polls.Api.Http;
using Polls.Api.Limits;
using Polls.Api.Tokens;
using Polls.Core;
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
        var room = routes.MapGroup("/api/rooms/{code}").WithTags("Results")
            .OnlyFor(Role.Host).Limited(RateClass.Export);
        room.MapGet("/results", JsonAsync).WithName("readResults").WithSummary("All polls, tallies and votes.")
            .Produces<RoomResults>();
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

    private static Task<Results<PushStreamHttpResult, ProblemHttpResult>> JsonAsync(
        Caller caller, ResultsReader reader, ExportSlots slots, TimeProvider clock, HttpContext http,
        CancellationToken cancellationToken) =>
        ExportAsync(
            caller, reader, slots, http, "application/json; charset=utf-8", null,
            async (to, moment, token) => await ResultsJson.WriteAsync(
                to, await ExportedRoom.OfAsync(moment, clock.GetUtcNow(), token), ExportSource.Of(moment, token),
                token),
            cancellationToken);

    private static Task<Results<PushStreamHttpResult, ProblemHttpResult>> CsvAsync(
        string code, Caller caller, ResultsReader reader, ExportSlots slots, HttpContext http,
        CancellationToken cancellationToken) =>
        ExportAsync(
            caller, reader, slots, http, "text/csv; charset=utf-8", $"polls-{code}.csv",
            (to, moment, token) => ResultsCsv.WriteVotesAsync(to, ExportSource.Of(moment, token), token),
            cancellationToken);

    private static Task<Results<PushStreamHttpResult, ProblemHttpResult>> SummaryAsync(
        string code, Caller caller, ResultsReader reader, ExportSlots slots, HttpContext http,
        CancellationToken cancellationToken) =>
        ExportAsync(
            caller, reader, slots, http, "text/csv; charset=utf-8", $"polls-{code}-summary.csv",
            (to, moment, token) => ResultsCsv.WriteSummaryAsync(to, ExportSource.Of(moment, token), token),
            cancellationToken);

    private static Task<Results<PushStreamHttpResult, ProblemHttpResult>> WorkbookAsync(
        string code, Caller caller, ResultsReader reader, ExportSlots slots, HttpContext http,
        CancellationToken cancellationToken) =>
        ExportAsync(
            caller, reader, slots, http, ResultsWorkbook.ContentType, $"polls-{code}.xlsx",
            (to, moment, token) => ResultsWorkbook.WriteAsync(to, ExportSource.Of(moment, token), token),
            cancellationToken);

    [SuppressMessage("Reliability", "CA2000", Justification = "The response disposes the slot.")]
    private static async Task<Results<PushStreamHttpResult, ProblemHttpResult>> ExportAsync(
        Caller caller, ResultsReader reader, ExportSlots slots, HttpContext http, string contentType, string? fileName,
        Func<Stream, ResultsMoment, CancellationToken, Task> writeAsync, CancellationToken cancellationToken)
    {
        if (slots.TryTake(caller.RoomId, cancellationToken) is not { } slot)
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
        return TypedResults.Stream(_ => WriteAsync(), contentType, fileName);

        async Task WriteAsync()
        {
            try
            {
                // Free again before the client has the end.
                using var taken = slot;
                await using var opened = moment;
                // Workbooks are written synchronously in part, which waits for a slow client and cannot be cancelled.
                await using var end = taken.Token.Register(http.Abort);
                await using var body = http.Response.BodyWriter.AsStream(leaveOpen: true);
                await writeAsync(body, opened, taken.Token);
            }
            catch (OperationCanceledException)
            {
                // The client has gone, or is too slow. It must not take the beginning of an export for the whole.
                http.Abort();
            }
        }
    }
}
