using Microsoft.AspNetCore.Http.HttpResults;
using Polls.Api.Http;
using Polls.Api.Limits;
using Polls.Api.Tokens;
using Polls.Core.RoomPolls;
using Polls.Core.Rooms;

namespace Polls.Api.Rooms;

/// <summary>How people joined a room, and what its host does about ballot stuffing.</summary>
public static class AttendanceEndpoints
{
    /// <summary>
    /// Maps <c>/api/rooms/{code}/joins</c>, <c>/discards</c>, <c>/lock-joining</c> and <c>/unlock-joining</c>.
    /// </summary>
    public static IEndpointRouteBuilder MapAttendance(this IEndpointRouteBuilder routes)
    {
        var room = routes.MapGroup("/api/rooms/{code}").WithTags("Attendance")
            .OnlyFor(Role.Host).Limited(RateClass.Host);
        room.MapGet("/joins", ReadAsync)
            .WithName("readJoins").WithSummary("How many joined in each minute, and whose votes are discarded.");
        room.MapPost("/lock-joining", LockAsync)
            .WithName("lockJoining").WithSummary("Lets nobody else join.");
        room.MapPost("/unlock-joining", UnlockAsync)
            .WithName("unlockJoining").WithSummary("Lets people join again.");
        room.MapPost("/discards", DiscardAsync)
            .WithName("discardVotes").WithSummary("Takes the votes of some participants out of all tallies.");
        room.MapPost("/discards/{discardId}/restore", RestoreAsync)
            .WithName("restoreVotes").WithSummary("Counts discarded votes again.");
        return routes;
    }

    private static async Task<Results<Ok<Joins>, ProblemHttpResult>> ReadAsync(
        Caller caller, Attendance attendance, HttpContext http, CancellationToken cancellationToken) =>
        await attendance.ReadAsync(caller.RoomId, cancellationToken) is { } joins
            ? TypedResults.Ok(joins)
            : Core.Refusals.RoomNotFound.ToProblem(http);

    private static Task<Results<NoContent, ProblemHttpResult>> LockAsync(
        Caller caller, RoomCommands rooms, HttpContext http, CancellationToken cancellationToken) =>
        SetLockAsync(true, caller, rooms, http, cancellationToken);

    private static Task<Results<NoContent, ProblemHttpResult>> UnlockAsync(
        Caller caller, RoomCommands rooms, HttpContext http, CancellationToken cancellationToken) =>
        SetLockAsync(false, caller, rooms, http, cancellationToken);

    private static async Task<Results<NoContent, ProblemHttpResult>> SetLockAsync(
        bool locked, Caller caller, RoomCommands rooms, HttpContext http, CancellationToken cancellationToken) =>
        (await rooms.As(caller.Actor).LockJoiningAsync(caller.RoomId, locked, cancellationToken))
            .Succeeded(out _, out var refusal)
            ? TypedResults.NoContent()
            : refusal.ToProblem(http);

    private static async Task<Results<Created<Discard>, ProblemHttpResult>> DiscardAsync(
        string code, Cohort body, Caller caller, Discards discards, HttpContext http,
        CancellationToken cancellationToken) =>
        (await discards.As(caller.Actor).DiscardAsync(caller.RoomId, body, cancellationToken))
            .Succeeded(out var done, out var refusal)
            ? TypedResults.Created($"/api/rooms/{code}/joins", done)
            : refusal.ToProblem(http);

    private static async Task<Results<Ok<Discard>, ProblemHttpResult>> RestoreAsync(
        Guid discardId, Caller caller, Discards discards, HttpContext http, CancellationToken cancellationToken) =>
        (await discards.As(caller.Actor).RestoreAsync(caller.RoomId, discardId, cancellationToken))
            .Succeeded(out var done, out var refusal)
            ? TypedResults.Ok(done)
            : refusal.ToProblem(http);
}
