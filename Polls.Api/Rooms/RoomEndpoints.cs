using System.Net;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Polls.Api.Accounts;
using Polls.Api.Http;
using Polls.Api.Limits;
using Polls.Api.Presence;
using Polls.Api.Tokens;
using Polls.Core.Audit;
using Polls.Core.RoomPolls;
using Polls.Core.Rooms;
using Polls.Core.Seats;
using Polls.Core.Storage;

namespace Polls.Api.Rooms;

/// <summary>Rooms over HTTP: create, read, join, project, close.</summary>
public static class RoomEndpoints
{
    // Nickname, seat code and work have less than 2 KB.
    private const int MaxJoinBytes = 16 * 1024;

    /// <summary>Maps <c>/api/rooms</c>.</summary>
    public static IEndpointRouteBuilder MapRooms(this IEndpointRouteBuilder routes)
    {
        var rooms = routes.MapGroup("/api/rooms").WithTags("Rooms");
        rooms.MapPost("/", CreateAsync)
            .WithName("createRoom").WithSummary("Creates a room. The response contains the host's token.")
            .ForAnyone("hosts need no account, unless Accounts:MayCreateRooms says so")
            .AlsoForAccounts().LimitedByAddress(RateClass.CreateRoom);
        rooms.MapGet("/{code}", FindAsync).WithName("findRoom").WithSummary("Finds the room with this code.")
            .ForAnyone("people check a code before they join").LimitedByAddress(RateClass.FindRoom);
        rooms.MapGet("/{code}/state", StateAsync)
            .WithName("readState").WithSummary("The room as the caller may see it.")
            .OnlyFor(Role.Participant, Role.Screen, Role.Host).Limited(RateClass.Read);
        rooms.MapPost("/{code}/participants", JoinAsync)
            .WithName("joinRoom").WithSummary("Joins the room. The response contains the participant's token.")
            .ForAnyone("the room code is enough, unless the room requires a seat code or an account")
            .AlsoForAccounts(ignoreOthers: true)
            .Unlimited("the handler counts it, because work lets people past the limits")
            .WithMetadata(new RequestSizeLimitAttribute(MaxJoinBytes));
        rooms.MapPost("/{code}/screens", AddScreenAsync)
            .WithName("addScreen").WithSummary("A read-only token for the projector.")
            .OnlyFor(Role.Host).Limited(RateClass.Host);
        rooms.MapPost("/{code}/revoke-host-tokens", RevokeHostTokensAsync)
            .WithName("revokeHostTokens").WithSummary("Revokes all host tokens of the room and issues a new one.")
            .OnlyFor(Role.Host).WithRevokedTokens().Limited(RateClass.Host);
        rooms.MapPost("/{code}/close", CloseAsync).WithName("closeRoom").WithSummary("Ends the room.")
            .OnlyFor(Role.Host).Limited(RateClass.Host);
        rooms.MapDelete("/{code}", DeleteAsync)
            .WithName("purgeRoom").WithSummary("Deletes the room and its data permanently.")
            .OnlyFor(Role.Host).Limited(RateClass.Host);
        rooms.MapGet("/{code}/qr.svg", QrCodeAsync).WithName("readQrCode").WithSummary("QR code of the join link.")
            .Produces(StatusCodes.Status200OK, contentType: "image/svg+xml")
            .ForAnyone("the image contains only the join link").LimitedByAddress(RateClass.FindRoom);
        return routes;
    }

    private static async Task<Results<Created<CreatedRoom>, ProblemHttpResult>> CreateAsync(
        NewRoom body, AccountCaller? account, IOptions<AccountOptions> options, RoomCommands rooms, RoomTokens tokens,
        RoomLinks links, RateLimits limits, HttpContext http, CancellationToken cancellationToken)
    {
        if (account is null && options.Value.OnlyAccountsCreateRooms)
        {
            return AccountAccess.Required.ToProblem(http);
        }

        if (await limits.CheckContentAsync(
            http.Connection.RemoteIpAddress, TextSize.OfDrafts(body.Polls), cancellationToken) is { } tooMuch)
        {
            return tooMuch.ToProblem(http);
        }

        // Checked before the room is stored: without the link its host could not use it.
        if (!links.Home(http).Succeeded(out var home, out var refusal)
            || !(await rooms.As(account is null ? Actor.Host : Actor.Account(account.Id)).CreateAsync(
                body.Title,
                body.Polls,
                new RoomSettings(body.Assurance ?? Assurance.Device, body.Anonymous, account?.Id),
                cancellationToken))
                .Succeeded(out var room, out refusal))
        {
            return refusal.ToProblem(http);
        }

        var token = tokens.Issue(new Caller(
            Role.Host, room.Id, room.Code, Rights: new HostRights(account?.Id, account?.Session, Series: 0)));
        return TypedResults.Created($"/api/rooms/{room.Code}", new CreatedRoom(
            room.Id, room.Code, room.Title, token, RoomLinks.Join(home, room.Code), RoomLinks.Screen(home, room.Code)));
    }

    private static async Task<Results<Ok<RoomSummary>, ProblemHttpResult>> FindAsync(
        string code, RoomCodeGuard guard, IPresence presence, HttpContext http, CancellationToken cancellationToken) =>
        (await guard.FindAsync(code, http, cancellationToken)).Succeeded(out var room, out var refusal)
            ? TypedResults.Ok(new RoomSummary(
                room.Code, room.Title, room.State, await presence.CountAsync(room.Id, cancellationToken),
                room.Assurance, room.Anonymous, room.JoiningLocked))
            : refusal.ToProblem(http);

    private static async Task<Results<Ok<RoomState>, StatusCodeHttpResult, ProblemHttpResult>> StateAsync(
        string code, Caller caller, RoomReader rooms, IPresence presence, RateLimits limits, TimeProvider clock,
        HttpContext http, CancellationToken cancellationToken)
    {
        if (await rooms.LoadAsync(caller.RoomId, cancellationToken) is not { } truth)
        {
            return Core.Refusals.RoomNotFound.ToProblem(http);
        }

        var participants = await presence.CountAsync(caller.RoomId, cancellationToken);
        var votes = caller.ParticipantId is { } id
            ? (await rooms.VotesOfAsync(truth.Room, [id], cancellationToken))[id]
            : [];
        var state = truth.Room.StateFor(
            caller.Role, poll => truth.Tallies.GetValueOrDefault(poll), participants, [.. votes], clock.GetUtcNow());
        // Only the time differs: a client that knows the rest keeps the time that came with it.
        if (http.IsKnown(EntityTags.Of(state with { ServerTime = default })))
        {
            return TypedResults.StatusCode(StatusCodes.Status304NotModified);
        }

        await limits.ChargeAsync(RateClass.Read, caller, TextSize.OfState(state), cancellationToken);
        return TypedResults.Ok(state);
    }

    private static async Task<Results<Created<JoinedRoom>, ProblemHttpResult>> JoinAsync(
        string code, NewParticipant? body, AccountCaller? account, RoomCodeGuard guard, RateLimits limits,
        ProofOfWork work, RoomCommands commands, SeatBook seats, RoomTokens tokens, HttpContext http,
        CancellationToken cancellationToken)
    {
        var address = http.Connection.RemoteIpAddress;
        var hasWorked = await work.AcceptsAsync(body?.Work, code, address, cancellationToken);
        if (!hasWorked && await limits.CheckAsync(RateClass.Join, address, cancellationToken) is { } crowded)
        {
            return await AskForWorkAsync(crowded);
        }

        if (!(await guard.FindAsync(code, http, cancellationToken)).Succeeded(out var room, out var refusal))
        {
            return refusal.ToProblem(http);
        }

        if (room.Assurance == Assurance.Account && account is null)
        {
            return AccountAccess.Required.ToProblem(http);
        }

        if (!hasWorked && await MayTryAsync(room, address, limits, cancellationToken) is { } tooMany)
        {
            return await AskForWorkAsync(tooMany);
        }

        // PostgreSQL stores only so many, whoever they are.
        if (room.Assurance != Assurance.SeatCode
            && await limits.CheckAsync(RateClass.JoinRoom, room.Id, cancellationToken) is { } full)
        {
            return full.ToProblem(http);
        }

        var outcome = await (room.Assurance switch
        {
            Assurance.SeatCode =>
                seats.JoinAsync(room.Id, body?.Nickname, body?.Seat, body?.Attempt, cancellationToken),
            Assurance.Account => commands.JoinAsAccountAsync(room.Id, account!.Id, body?.Nickname, cancellationToken),
            _ => commands.JoinAsync(room.Id, body?.Nickname, cancellationToken),
        });
        if (!hasWorked && room.Assurance == Assurance.SeatCode && outcome.Refusal != Core.Refusals.SeatUnknown)
        {
            await limits.GiveBackAsync(RateClass.WrongSeat, address, cancellationToken);
        }

        if (!outcome.Succeeded(out var participant, out refusal))
        {
            return refusal.ToProblem(http);
        }

        var nickname = !room.Anonymous
            && RoomRules.CheckNickname(body?.Nickname).Succeeded(out var clean, out _)
            && clean.Length > 0
                ? clean
                : null;
        var token = tokens.Issue(new Caller(Role.Participant, room.Id, room.Code, participant, nickname));
        return TypedResults.Created($"/api/rooms/{room.Code}/state", new JoinedRoom(participant, token));

        async Task<ProblemHttpResult> AskForWorkAsync(Core.Refusal refusal) => Problems.WorkRequired(
            await work.ChallengeAsync(code, address, cancellationToken), refusal.RetryAfter, http);
    }

    /// <summary>The refusal of a join that exceeds a limit of its address, or null.</summary>
    private static async ValueTask<Core.Refusal?> MayTryAsync(
        RoomInfo room, IPAddress? address, RateLimits limits, CancellationToken cancellationToken) =>
        room.Assurance switch
        {
            // Seat codes are few and each is used once, so only unknown codes are limited.
            Assurance.SeatCode => await limits.CheckAsync(RateClass.WrongSeat, address, cancellationToken),
            Assurance.Account => null,
            _ => await limits.CheckAsync(RateClass.NewDevice, address, room.Id, cancellationToken),
        };

    private static async Task<Created<ScreenToken>> AddScreenAsync(
        string code, Caller caller, RoomTokens tokens, AuditTrail audit, CancellationToken cancellationToken)
    {
        await audit.WriteAsync(caller.RoomId, caller.Actor, "addScreen", cancellationToken);
        // Valid as long as its creator hosts the room, also after a password change, because screens run unattended.
        var screen = new Caller(Role.Screen, caller.RoomId, caller.Code, Rights: new HostRights(caller.Rights.Account));
        return TypedResults.Created($"/api/rooms/{code}/state", new ScreenToken(tokens.Issue(screen)));
    }

    private static async Task<Results<Ok<HostToken>, ProblemHttpResult>> RevokeHostTokensAsync(
        string code, Revocation? body, Caller caller, CoHosts hosts, RoomTokens tokens, HttpContext http,
        CancellationToken cancellationToken) =>
        (await hosts.RevokeTokensAsync(
            caller.RoomId, caller.Rights.Series, body?.Attempt, caller.Actor, cancellationToken))
            .Succeeded(out var series, out var refusal)
            ? TypedResults.Ok(new HostToken(
                tokens.Issue(caller with { Rights = caller.Rights with { Series = series } })))
            : refusal.ToProblem(http);

    private static async Task<Results<NoContent, ProblemHttpResult>> CloseAsync(
        string code, Caller caller, RoomCommands rooms, HttpContext http, CancellationToken cancellationToken) =>
        (await rooms.As(caller.Actor).EndAsync(caller.RoomId, cancellationToken)).Succeeded(out _, out var refusal)
            ? TypedResults.NoContent()
            : refusal.ToProblem(http);

    private static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(
        string code, Caller caller, OwnedRooms rooms, HttpContext http, CancellationToken cancellationToken) =>
        (await rooms.DeleteAsHostAsync(caller.Rights.Account, caller.RoomId, caller.Actor, cancellationToken))
            .Succeeded(out _, out var refusal)
            ? TypedResults.NoContent()
            : refusal.ToProblem(http);

    private static async Task<Results<ContentHttpResult, ProblemHttpResult>> QrCodeAsync(
        string code, RoomCodeGuard guard, RoomLinks links, HttpContext http, CancellationToken cancellationToken)
    {
        if (!links.Home(http).Succeeded(out var home, out var refusal))
        {
            return refusal.ToProblem(http);
        }

        return (await guard.FindAsync(code, http, cancellationToken)).Succeeded(out var room, out refusal)
            ? TypedResults.Content(QrCode.Svg(RoomLinks.Join(home, room.Code)), "image/svg+xml")
            : refusal.ToProblem(http);
    }
}

/// <summary>A room to create.</summary>
/// <param name="Title">Its title.</param>
/// <param name="Polls">Its first polls.</param>
/// <param name="Assurance">How the room ensures one vote per person; default: <c>device</c>.</param>
/// <param name="Anonymous">Whether the room stores no nicknames; default: it stores them.</param>
public sealed record NewRoom(
    string? Title, IReadOnlyList<PollDraft?>? Polls, Assurance? Assurance = null, bool Anonymous = false);

/// <summary>A created room.</summary>
public sealed record CreatedRoom(Guid RoomId, string Code, string Title, string HostToken, Uri JoinUrl, Uri ScreenUrl);

/// <summary>The public data of a room.</summary>
public sealed record RoomSummary(
    string Code, string Title, RoomStatus State, int Participants, Assurance Assurance, bool Anonymous,
    bool JoiningLocked);

/// <summary>A request to join.</summary>
/// <param name="Nickname">Shown to the host, if given.</param>
/// <param name="Seat">The seat code from the host, if the room requires one.</param>
/// <param name="Attempt">
/// A random id from the client. A retry with the same id and seat code gets the same participant, in case the first
/// response was lost. </param>
/// <param name="Work">Proof of work, if the answer before required it.</param>
public sealed record NewParticipant(
    string? Nickname, string? Seat = null, Guid? Attempt = null, Work? Work = null);

/// <summary>A participant that joined.</summary>
public sealed record JoinedRoom(Guid ParticipantId, string Token);

/// <summary>The wish to revoke the host tokens of a room.</summary>
/// <param name="Attempt">
/// A random secret of the client. If the answer is lost, the same request, with the revoked token, gets it again.
/// </param>
public sealed record Revocation(Guid? Attempt);

/// <summary>A new host token of a room whose others were revoked.</summary>
public sealed record HostToken(string Token);

/// <summary>A projector's token.</summary>
public sealed record ScreenToken(string Token);
