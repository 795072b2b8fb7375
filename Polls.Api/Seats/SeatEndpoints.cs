using Microsoft.AspNetCore.Http.HttpResults;
using Polls.Api.Http;
using Polls.Api.Limits;
using Polls.Api.Tokens;
using Polls.Core.RoomPolls;
using Polls.Core.Rooms;
using Polls.Core.Seats;
using Polls.Core.Storage;

namespace Polls.Api.Seats;

/// <summary>Seat codes over HTTP, for the host of a room that requires them.</summary>
public static class SeatEndpoints
{
    /// <summary>Maps <c>/api/rooms/{code}/seats</c>.</summary>
    public static IEndpointRouteBuilder MapSeats(this IEndpointRouteBuilder routes)
    {
        var seats = routes.MapGroup("/api/rooms/{code}/seats").WithTags("Seats")
            .OnlyFor(Role.Host).Limited(RateClass.Host);
        seats.MapPost("/", AddAsync)
            .WithName("addSeats").WithSummary("Creates seat codes. Each admits one person once.");
        seats.MapGet("/", ListAsync).WithName("readSeats").WithSummary("All seat codes, and which are taken.");
        seats.MapGet("/sheets/{page}.svg", SheetAsync)
            .WithName("readSeatSheet").WithSummary("A page of free seat codes to print and cut up, with QR codes.")
            .Produces(StatusCodes.Status200OK, contentType: "image/svg+xml");
        return routes;
    }

    private static async Task<Results<Created<SeatList>, ProblemHttpResult>> AddAsync(
        string code, NewSeats body, Caller caller, SeatBook seats, RoomLinks links, RateLimits limits, HttpContext http,
        CancellationToken cancellationToken)
    {
        if (await limits.CheckContentAsync(
            http.Connection.RemoteIpAddress, TextSize.OfSeats(body.Count), cancellationToken) is { } tooMuch)
        {
            return tooMuch.ToProblem(http);
        }

        if (!links.Home(http).Succeeded(out var home, out var refusal)
            || !(await seats.AddAsync(caller.RoomId, body.Count, caller.Actor, cancellationToken))
                .Succeeded(out var added, out refusal))
        {
            return refusal.ToProblem(http);
        }

        return TypedResults.Created($"/api/rooms/{code}/seats", Shown(added, home, code));
    }

    private static async Task<Results<Ok<SeatList>, ProblemHttpResult>> ListAsync(
        string code, Caller caller, SeatBook seats, RoomLinks links, HttpContext http,
        CancellationToken cancellationToken) =>
        links.Home(http).Succeeded(out var home, out var refusal)
            ? TypedResults.Ok(Shown(await seats.ListAsync(caller.RoomId, cancellationToken), home, code))
            : refusal.ToProblem(http);

    private static async Task<Results<ContentHttpResult, ProblemHttpResult>> SheetAsync(
        string code, int page, Caller caller, SeatBook seats, RoomReader rooms, RoomLinks links, HttpContext http,
        CancellationToken cancellationToken)
    {
        if (!links.Home(http).Succeeded(out var home, out var refusal))
        {
            return refusal.ToProblem(http);
        }

        // Also of numbers for which the first code's number would overflow.
        if (page is < 1 or > SeatBook.MostInRoom)
        {
            return Problems.NoSuchAddress();
        }

        var free = (await seats.ListAsync(caller.RoomId, cancellationToken)).Where(seat => !seat.Told)
            .Skip((page - 1) * SeatSheet.PerPage).Take(SeatSheet.PerPage).ToList();
        if (free.Count == 0 || await rooms.FindAsync(code, cancellationToken) is not { } room)
        {
            return Problems.NoSuchAddress();
        }

        return TypedResults.Content(
            SeatSheet.Svg(room.Title, home, code, [.. free.Select(seat => (seat.Number, seat.Code))]), "image/svg+xml");
    }

    private static SeatList Shown(IReadOnlyList<SeatRow> seats, Uri home, string code) => new(
        [.. seats.Select(seat => new Seat(
            seat.Number, SeatCode.Show(seat.Code), RoomLinks.Seat(home, code, seat.Code), seat.Told))],
        seats.Count(seat => seat.TakenAt is not null));
}

/// <summary>A request for more codes.</summary>
/// <param name="Count">From 1 to 2,000.</param>
public sealed record NewSeats(int Count);

/// <summary>Seat codes of a room.</summary>
/// <param name="Seats">The codes, by number.</param>
/// <param name="Taken">How many of them are used, including those whose seat does not say so yet.</param>
public sealed record SeatList(IReadOnlyList<Seat> Seats, int Taken);

/// <summary>One seat code. It is not stored which participant used it.</summary>
/// <param name="Number">The number on the slip.</param>
/// <param name="Code">The code as people type it.</param>
/// <param name="Url">The link to join with the code, which is in the fragment and so is not sent to a server.</param>
/// <param name="Taken">Whether the code is used; told for at least five codes at once.</param>
public sealed record Seat(int Number, string Code, Uri Url, bool Taken);
