using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Polls.Api.Http;
using Polls.Api.Limits;
using Polls.Api.Tokens;
using Polls.Core;
using Polls.Core.RoomPolls;
using Polls.Core.Rooms;

namespace Polls.Api.RoomPolls;

/// <summary>
/// Hosts' commands on polls over HTTP. Every response is the poll after the command. The commands that could undo what
/// another host did meanwhile accept <c>If-Match</c> with the poll's version.
/// </summary>
public static class PollEndpoints
{
    /// <summary>Maps <c>/api/rooms/{code}/polls</c>.</summary>
    public static IEndpointRouteBuilder MapPolls(this IEndpointRouteBuilder routes)
    {
        var polls = routes.MapGroup("/api/rooms/{code}/polls").WithTags("Polls")
            .OnlyFor(Role.Host).Limited(RateClass.Host);
        polls.MapPost("/", WriteAsync).WithName("writePoll").WithSummary("Adds a draft.");
        polls.MapPut("/order", OrderAsync)
            .WithName("orderPolls").WithSummary("Changes the order of the room's polls.");
        polls.MapGet("/{pollId}", ReadAsync)
            .WithName("readPoll").WithSummary("The poll as it was written, with its settings.");
        polls.MapPut("/{pollId}", EditAsync).WithName("editPoll").WithSummary("Replaces a draft.");
        polls.MapDelete("/{pollId}", DeleteAsync).WithName("deletePoll").WithSummary("Deletes a draft.");
        polls.MapPost("/{pollId}/open", OpenAsync)
            .WithName("openPoll").WithSummary("Opens the poll for its own duration or the given one.");
        polls.MapPost(
            "/{pollId}/close",
            (Guid pollId, Caller caller, PollActions actions, CancellationToken cancellationToken) =>
                actions.DoAsync(
                    caller, polls => polls.CloseAsync(caller.RoomId, pollId, cancellationToken), cancellationToken))
            .WithName("closePoll").WithSummary("Closes the poll. No vote is accepted after the response.");
        polls.MapPost(
            "/{pollId}/show-results",
            (Guid pollId, Caller caller, PollActions actions, CancellationToken cancellationToken) =>
                actions.DoAsync(
                    caller,
                    polls => polls.ShowResultsAsync(caller.RoomId, pollId, true, cancellationToken),
                    cancellationToken))
            .WithName("showResults").WithSummary("Shows the result to participants.");
        polls.MapPost(
            "/{pollId}/hide-results",
            (Guid pollId, Caller caller, PollActions actions, CancellationToken cancellationToken) =>
                actions.DoAsync(
                    caller,
                    polls => polls.ShowResultsAsync(caller.RoomId, pollId, false, cancellationToken),
                    cancellationToken))
            .WithName("hideResults").WithSummary("Hides the result from participants.");
        polls.MapPost(
            "/{pollId}/reset",
            (Guid pollId, [FromHeader(Name = "If-Match")] string? seen, Caller caller, PollActions actions,
                CancellationToken cancellationToken) =>
                actions.DoAsync(
                    caller,
                    polls => polls.ResetAsync(caller.RoomId, pollId, IfMatch.Read(seen), cancellationToken),
                    cancellationToken))
            .WithName("resetPoll").WithSummary("Makes the poll a draft again, without votes.");
        return routes;
    }

    private static async Task<Results<Created<PollView>, ProblemHttpResult>> WriteAsync(
        string code, PollDraft body, Caller caller, PollActions actions, CancellationToken cancellationToken) =>
        (await actions.StoreAsync(
            caller, body, polls => polls.WriteAsync(caller.RoomId, body, cancellationToken), cancellationToken))
            .Result switch
        {
            Ok<PollView> ok => TypedResults.Created($"/api/rooms/{code}/polls/{ok.Value!.Id}", ok.Value),
            var problem => (ProblemHttpResult)problem,
        };

    private static async Task<Results<NoContent, ProblemHttpResult>> OrderAsync(
        PollOrder body, Caller caller, PollCommands polls, HttpContext http, CancellationToken cancellationToken) =>
        (await polls.As(caller.Actor).OrderAsync(caller.RoomId, body.Polls, body.Before, cancellationToken))
            .Refusal is { } refusal
            ? refusal.ToProblem(http)
            : TypedResults.NoContent();

    private static async Task<Results<Ok<PollDraft>, ProblemHttpResult>> ReadAsync(
        Guid pollId, Caller caller, RoomReader rooms, HttpContext http, CancellationToken cancellationToken)
    {
        if (await rooms.FindPollAsync(pollId, cancellationToken) is not { } poll || poll.RoomId != caller.RoomId)
        {
            return Refusals.PollNotFound.ToProblem(http);
        }

        http.Response.Headers.ETag = IfMatch.Tag(poll.Version);
        return TypedResults.Ok(poll.ToDraft());
    }

    private static Task<Results<Ok<PollView>, ProblemHttpResult>> EditAsync(
        Guid pollId, PollDraft body, [FromHeader(Name = "If-Match")] string? seen, Caller caller, PollActions actions,
        CancellationToken cancellationToken) =>
        actions.StoreAsync(
            caller,
            body,
            polls => polls.EditAsync(caller.RoomId, pollId, body, IfMatch.Read(seen), cancellationToken),
            cancellationToken);

    private static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(
        Guid pollId, [FromHeader(Name = "If-Match")] string? seen, Caller caller, PollCommands polls, HttpContext http,
        CancellationToken cancellationToken) =>
        (await polls.As(caller.Actor).DeleteAsync(caller.RoomId, pollId, IfMatch.Read(seen), cancellationToken))
            .Refusal is { } refusal
            ? refusal.ToProblem(http)
            : TypedResults.NoContent();

    private static Task<Results<Ok<PollView>, ProblemHttpResult>> OpenAsync(
        Guid pollId, OpenPoll? body, [FromHeader(Name = "If-Match")] string? seen, Caller caller, PollActions actions,
        CancellationToken cancellationToken) =>
        actions.DoAsync(
            caller,
            polls => polls.OpenAsync(
                caller.RoomId, pollId, body?.DurationSeconds, IfMatch.Read(seen), cancellationToken),
            cancellationToken);
}

/// <summary>A new order of the polls.</summary>
/// <param name="Polls">Every poll of the room, once.</param>
/// <param name="Before">The order that the host saw. If given, another host's order is not overwritten.</param>
public sealed record PollOrder(IReadOnlyList<Guid>? Polls, IReadOnlyList<Guid>? Before = null);

/// <summary>How to open a poll.</summary>
/// <param name="DurationSeconds">Overrides the poll's own duration.</param>
public sealed record OpenPoll(int? DurationSeconds);

/// <summary>Runs a command on a poll and answers with the poll as the host sees it afterwards.</summary>
public sealed class PollActions(
    PollCommands polls, RoomReader rooms, RateLimits limits, IHttpContextAccessor http)
{
    /// <summary>The poll, or the refusal of a command that stores a draft.</summary>
    public async Task<Results<Ok<PollView>, ProblemHttpResult>> StoreAsync(
        Caller caller, PollDraft draft, Func<PollCommands, Task<Outcome<Guid>>> command,
        CancellationToken cancellationToken) =>
        await limits.CheckContentAsync(
            http.HttpContext!.Connection.RemoteIpAddress, TextSize.OfDraft(draft), cancellationToken) is { } refusal
            ? refusal.ToProblem(http.HttpContext)
            : await DoAsync(caller, command, cancellationToken);

    /// <summary>The poll, or the refusal of the command.</summary>
    public async Task<Results<Ok<PollView>, ProblemHttpResult>> DoAsync(
        Caller caller, Func<PollCommands, Task<Outcome<Guid>>> command, CancellationToken cancellationToken)
    {
        if (!(await command(polls.As(caller.Actor))).Succeeded(out var pollId, out var refusal))
        {
            return refusal.ToProblem(http.HttpContext!);
        }

        var truth = await rooms.LoadAsync(caller.RoomId, cancellationToken);
        return truth?.Room.Polls.FirstOrDefault(poll => poll.Id == pollId) is { } poll
            ? TypedResults.Ok(PollView.For(Role.Host, poll, truth.Tallies.GetValueOrDefault(pollId))!)
            : Refusals.PollNotFound.ToProblem(http.HttpContext!);
    }
}
