using Microsoft.AspNetCore.Http.HttpResults;
using Polls.Api.Accounts;
using Polls.Api.Http;
using Polls.Api.Limits;
using Polls.Api.Tokens;
using Polls.Core;
using Polls.Core.Audit;
using Polls.Core.RoomPolls;
using Polls.Core.Rooms;

namespace Polls.Api.Rooms;

/// <summary>The rooms of an account and their co-hosts. Rooms of other accounts are answered as not found.</summary>
internal static class HostedRoomEndpoints
{
    private const int MostAtOnce = 100;

    public static IEndpointRouteBuilder MapHostedRooms(this IEndpointRouteBuilder routes)
    {
        var mine = routes.MapGroup("/api/accounts").WithTags("Accounts").OnlyForAccounts().Limited(RateClass.Account);
        mine.MapGet("/rooms", ListAsync)
            .WithName("listRooms").WithSummary("The rooms that the account owns or co-hosts, newest first.");
        mine.MapPost("/rooms/{roomId}/host-token", TokenAsync)
            .WithName("hostRoom").WithSummary("Issues a host's token for a room of the account.");
        mine.MapPost("/rooms/{roomId}/reopen", ReopenAsync)
            .WithName("reopenRoom").WithSummary("Reopens an ended room. Its polls do not change.");
        mine.MapDelete("/rooms/{roomId}", DeleteAsync)
            .WithName("deleteRoom").WithSummary("Deletes the room and its data.");
        mine.MapGet("/rooms/{roomId}/hosts", HostsAsync)
            .WithName("listHosts").WithSummary("The room's co-hosts and open invitations.");
        mine.MapDelete("/rooms/{roomId}/hosts/{accountId}", RemoveHostAsync).WithName("removeHost")
            .WithSummary("Removes a co-host; co-hosts may remove themselves.");
        mine.MapPost("/rooms/{roomId}/host-invitations", InviteAsync)
            .WithName("inviteHost").WithSummary("Creates a link that makes accounts co-hosts.");
        mine.MapDelete("/rooms/{roomId}/host-invitations/{invitationId}", RevokeAsync).WithName("revokeHostInvitation")
            .WithSummary("Revokes an invitation.");
        mine.MapPost("/host-invitations/accept", AcceptAsync)
            .WithName("acceptHostInvitation").WithSummary("Makes the account a co-host.");
        return routes;
    }

    private static async Task<Results<Ok<RoomPage>, ProblemHttpResult>> ListAsync(
        Guid? after, int? limit, AccountCaller caller, OwnedRooms rooms, CancellationToken cancellationToken)
    {
        var count = Math.Clamp(limit ?? 50, 1, MostAtOnce);
        var found = await rooms.ListAsync(caller.Id, after, count + 1, cancellationToken);
        return TypedResults.Ok(found.Count > count
            ? new RoomPage([.. found.Take(count)], found[count - 1].RoomId)
            : new RoomPage(found, null));
    }

    private static async Task<Results<Ok<CreatedRoom>, ProblemHttpResult>> TokenAsync(
        Guid roomId, AccountCaller caller, OwnedRooms rooms, RoomTokens tokens, RoomLinks links, HttpContext http,
        CancellationToken cancellationToken) =>
        Answer(await rooms.FindAsync(caller.Id, roomId, cancellationToken), caller, tokens, links, http);

    private static async Task<Results<Ok<CreatedRoom>, ProblemHttpResult>> ReopenAsync(
        Guid roomId, AccountCaller caller, OwnedRooms rooms, RoomTokens tokens, RoomLinks links, HttpContext http,
        CancellationToken cancellationToken) =>
        Answer(await rooms.ReopenAsync(caller.Id, roomId, cancellationToken), caller, tokens, links, http);

    private static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(
        Guid roomId, AccountCaller caller, OwnedRooms rooms, HttpContext http, CancellationToken cancellationToken) =>
        Answer((await rooms.DeleteAsync(caller.Id, roomId, cancellationToken)).Refusal, http);

    private static async Task<Results<Ok<RoomHosts>, ProblemHttpResult>> HostsAsync(
        Guid roomId, AccountCaller caller, OwnedRooms rooms, CoHosts hosts, HttpContext http,
        CancellationToken cancellationToken) =>
        (await rooms.FindOwnedAsync(caller.Id, roomId, cancellationToken)).Refusal is { } refusal
            ? refusal.ToProblem(http)
            : TypedResults.Ok(await hosts.ListAsync(roomId, cancellationToken));

    private static async Task<Results<NoContent, ProblemHttpResult>> RemoveHostAsync(
        Guid roomId, Guid accountId, AccountCaller caller, OwnedRooms rooms, CoHosts hosts, HttpContext http,
        CancellationToken cancellationToken)
    {
        var room = accountId == caller.Id
            ? await rooms.FindAsync(caller.Id, roomId, cancellationToken)
            : await rooms.FindOwnedAsync(caller.Id, roomId, cancellationToken);
        return Answer(
            room.Refusal
                ?? (await hosts.RemoveAsync(roomId, accountId, Actor.Account(caller.Id), cancellationToken)).Refusal,
            http);
    }

    private static async Task<Results<Ok<InvitationLink>, ProblemHttpResult>> InviteAsync(
        Guid roomId, AccountCaller caller, OwnedRooms rooms, CoHosts hosts, RoomLinks links, HttpContext http,
        CancellationToken cancellationToken) =>
        links.Home(http).Succeeded(out var home, out var refusal)
        && (await rooms.FindOwnedAsync(caller.Id, roomId, cancellationToken)).Succeeded(out _, out refusal)
        && (await hosts.InviteAsync(roomId, Actor.Account(caller.Id), cancellationToken))
            .Succeeded(out var made, out refusal)
            ? TypedResults.Ok(InvitationLink.ToHost(home, made))
            : refusal.ToProblem(http);

    private static async Task<Results<NoContent, ProblemHttpResult>> RevokeAsync(
        Guid roomId, Guid invitationId, AccountCaller caller, OwnedRooms rooms, CoHosts hosts, HttpContext http,
        CancellationToken cancellationToken) =>
        Answer(
            (await rooms.FindOwnedAsync(caller.Id, roomId, cancellationToken)).Refusal
                ?? (await hosts.RevokeAsync(roomId, invitationId, Actor.Account(caller.Id), cancellationToken)).Refusal,
            http);

    private static async Task<Results<Ok<HostedRoom>, ProblemHttpResult>> AcceptAsync(
        AcceptedInvitation body, AccountCaller caller, OwnedRooms rooms, CoHosts hosts, HttpContext http,
        CancellationToken cancellationToken) =>
        (await hosts.AcceptAsync(caller.Id, body.Invitation, cancellationToken))
            .Succeeded(out var roomId, out var refusal)
        && (await rooms.FindAsync(caller.Id, roomId, cancellationToken)).Succeeded(out var room, out refusal)
            ? TypedResults.Ok(room)
            : refusal.ToProblem(http);

    private static Results<NoContent, ProblemHttpResult> Answer(Refusal? refusal, HttpContext http) =>
        refusal is null ? TypedResults.NoContent() : refusal.ToProblem(http);

    private static Results<Ok<CreatedRoom>, ProblemHttpResult> Answer(
        Outcome<HostedRoom> outcome, AccountCaller caller, RoomTokens tokens, RoomLinks links, HttpContext http) =>
        outcome.Succeeded(out var room, out var refusal) && links.Home(http).Succeeded(out var home, out refusal)
            ? TypedResults.Ok(new CreatedRoom(
                room.RoomId, room.Code, room.Title,
                tokens.Issue(new Caller(
                    Role.Host, room.RoomId, room.Code,
                    Rights: new HostRights(caller.Id, caller.Session, room.HostTokenSeries))),
                RoomLinks.Join(home, room.Code), RoomLinks.Screen(home, room.Code)))
            : refusal.ToProblem(http);
}

/// <summary>A page of an account's rooms.</summary>
/// <param name="Rooms">Newest first.</param>
/// <param name="Next">The value of <c>after</c> for the next page; absent on the last page.</param>
public sealed record RoomPage(IReadOnlyList<HostedRoom> Rooms, Guid? Next);

/// <summary>An accepted invitation.</summary>
public sealed record AcceptedInvitation(string? Invitation);
