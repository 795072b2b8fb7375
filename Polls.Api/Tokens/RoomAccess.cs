using Microsoft.AspNetCore.Authorization;
using Polls.Api.Http;
using Polls.Core;
using Polls.Core.RoomPolls;
using Polls.Core.Rooms;

namespace Polls.Api.Tokens;

/// <summary>Access rules of endpoints that need a room token: the right role, in the room of the path.</summary>
public static class RoomAccess
{
    private static readonly Refusal OtherRoom = new(
        "auth.wrongRoom", "This token belongs to another room.", RefusalKind.Forbidden);
    private static readonly Refusal OtherRole = Refusals.TokenForbids;

    /// <summary>Requires one of these roles in the room of the path.</summary>
    public static TBuilder OnlyFor<TBuilder>(this TBuilder builder, params Role[] roles)
        where TBuilder : IEndpointConventionBuilder
    {
        builder.RequireAuthorization();
        builder.WithMetadata(new RoomRoles(roles));
        return builder.AddEndpointFilter<TBuilder, RoomAccessFilter>();
    }

    /// <summary>Leaves it to the handler whether a revoked host token is good enough.</summary>
    public static TBuilder WithRevokedTokens<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new RevokedTokensToo());

    /// <summary>Allows any caller, and says why. A test checks that every endpoint declares its callers.</summary>
    public static TBuilder ForAnyone<TBuilder>(this TBuilder builder, string why)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new OpenToAnyone(why));

    /// <summary>The refusal of the caller, or null.</summary>
    internal static Refusal? Check(Caller? caller, string? code, IReadOnlyList<Role> roles) =>
        caller is null || !roles.Contains(caller.Role) ? OtherRole
        : caller.Code != code ? OtherRoom
        : null;

    /// <summary>The refusal of a host or a screen that lost its rights, or null. Participants have none.</summary>
    internal static async ValueTask<Refusal?> CheckAsync(
        Caller caller, RoomReader rooms, CancellationToken cancellationToken) =>
        caller.Rights != default
        && (await rooms.FindLostAsync(caller.RoomId, [caller.Rights], cancellationToken)).Count > 0
            ? OtherRole
            : null;

    /// <summary>Refuses a hub call by another role.</summary>
    internal static Refusal WrongRole => OtherRole;
}

/// <summary>The roles that may call an endpoint.</summary>
public sealed record RoomRoles(IReadOnlyList<Role> Roles);

/// <summary>An endpoint that checks itself whether the host's token was revoked.</summary>
internal sealed record RevokedTokensToo;

/// <summary>An endpoint that needs no token.</summary>
/// <param name="Why">The reason, for readers of the route table.</param>
internal sealed record OpenToAnyone(string Why) : IAllowAnonymous;

/// <summary>Applies <see cref="RoomRoles"/>.</summary>
internal sealed class RoomAccessFilter : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var roles = http.GetEndpoint()!.Metadata.GetRequiredMetadata<RoomRoles>().Roles;
        var caller = Caller.From(http.User);
        var refusal = RoomAccess.Check(caller, http.Request.RouteValues["code"] as string, roles);
        if (http.GetEndpoint()!.Metadata.GetMetadata<RevokedTokensToo>() is not null)
        {
            caller = caller is null ? null : caller with { Rights = caller.Rights with { Series = null } };
        }

        refusal ??= await RoomAccess.CheckAsync(
            caller!, http.RequestServices.GetRequiredService<RoomReader>(), http.RequestAborted);
        return refusal is null ? await next(context) : refusal.ToProblem(http);
    }
}
