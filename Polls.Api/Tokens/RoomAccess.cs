using Microsoft.AspNetCore.Authorization;
using Polls.Api.Http;
using Polls.Core;
using Polls.Core.Polls;
using Polls.Core.Rooms;

namespace Polls.Api.Tokens;

/// <summary>The rule of every endpoint that needs a token: the right role, in the room of the address.</summary>
public static class RoomAccess
{
    private static readonly Refusal OtherRoom = new("auth.wrongRoom", "This token belongs to another room.", RefusalKind.Forbidden);
    private static readonly Refusal OtherRole = new("auth.forbidden", "This token does not allow that.", RefusalKind.Forbidden);

    /// <summary>Only callers with one of these roles, and only in their own room.</summary>
    public static TBuilder OnlyFor<TBuilder>(this TBuilder builder, params Audience[] roles)
        where TBuilder : IEndpointConventionBuilder
    {
        builder.RequireAuthorization();
        builder.WithMetadata(new RoomRoles(roles));
        return builder.AddEndpointFilter<TBuilder, RoomAccessFilter>();
    }

    /// <summary>Anyone, with a token or without, and why. Every endpoint says this or who else may call it; a test sees to that.</summary>
    public static TBuilder ForAnyone<TBuilder>(this TBuilder builder, string why)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new OpenToAnyone(why));

    /// <summary>Why the caller may not call this, or null.</summary>
    internal static Refusal? Check(Caller? caller, string? code, IReadOnlyList<Audience> roles) =>
        caller is null || !roles.Contains(caller.Role) ? OtherRole
        : caller.Code != code ? OtherRoom
        : null;

    /// <summary>Why a host by account, or its screen, may not be one any more, or null; of all others nothing is asked.</summary>
    internal static async ValueTask<Refusal?> CheckAsync(Caller caller, CoHosts hosts, CancellationToken cancellationToken) =>
        caller.AccountId is { } account && await hosts.IsRemovedAsync(caller.RoomId, account, caller.AccountStamp, cancellationToken) ? OtherRole : null;

    /// <summary>Refuses a hub call of the wrong role.</summary>
    internal static Refusal WrongRole => OtherRole;
}

/// <summary>The roles that may call an endpoint.</summary>
public sealed record RoomRoles(IReadOnlyList<Audience> Roles);

/// <summary>An endpoint that needs no token.</summary>
/// <param name="Why">For readers of the route table.</param>
internal sealed record OpenToAnyone(string Why) : IAllowAnonymous;

/// <summary>Applies <see cref="RoomRoles"/>.</summary>
internal sealed class RoomAccessFilter : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var roles = http.GetEndpoint()!.Metadata.GetRequiredMetadata<RoomRoles>().Roles;
        var caller = Caller.From(http.User);
        var refusal = RoomAccess.Check(caller, http.Request.RouteValues["code"] as string, roles)
            ?? await RoomAccess.CheckAsync(caller!, http.RequestServices.GetRequiredService<CoHosts>(), http.RequestAborted);
        return refusal is null ? await next(context) : refusal.ToProblem(http);
    }
}
