using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Reflection;
using System.Security.Claims;
using Microsoft.AspNetCore.SignalR;
using Polls.Core.Audit;
using Polls.Core.RoomPolls;
using Polls.Core.Rooms;
using Polls.Core.Votes;

namespace Polls.Api.Tokens;

/// <summary>The caller according to the token: a role in exactly one room.</summary>
/// <param name="Role">Host, screen or participant.</param>
/// <param name="RoomId">The only room that the token is valid for.</param>
/// <param name="Code">That room's join code.</param>
/// <param name="ParticipantId">Set for participants only.</param>
/// <param name="Nickname">Set for participants that gave one.</param>
/// <param name="Rights">What else a host's or screen's token depends on.</param>
public sealed record Caller(
    Role Role, Guid RoomId, string Code, Guid? ParticipantId = null, string? Nickname = null,
    HostRights Rights = default)
{
    /// <summary>The caller as a voter; null when the caller is not a participant.</summary>
    public Voter? Voter => ParticipantId is { } participant ? new Voter(RoomId, participant) : null;

    /// <summary>The caller in the audit trail.</summary>
    public Actor Actor => Rights.Account is { } account ? Actor.Account(account) : Actor.Host;

    /// <summary>Binds the caller of an authorized request to a handler parameter.</summary>
    [SuppressMessage("Usage", "CA1801", Justification = "The signature is the framework's.")]
    public static ValueTask<Caller?> BindAsync(HttpContext context, ParameterInfo parameter) => new(From(context.User));

    /// <summary>The claims that <see cref="From"/> reads.</summary>
    public ClaimsPrincipal ToPrincipal(string scheme)
    {
        var identity = new ClaimsIdentity(scheme);
        identity.AddClaim(new("role", Role.ToString()));
        identity.AddClaim(new("room", RoomId.ToString("N")));
        identity.AddClaim(new("code", Code));
        if (ParticipantId is { } participant)
        {
            // Not the name identifier: SignalR would then treat each participant as a user, with a Redis subscription
            // each.
            identity.AddClaim(new("participant", participant.ToString("N")));
        }

        if (Rights.Account is { } account)
        {
            identity.AddClaim(new("account", account.ToString("N")));
        }

        if (Rights.Session is { } session)
        {
            identity.AddClaim(new("session", session.ToString("N")));
        }

        if (Rights.Series is { } series)
        {
            identity.AddClaim(new("series", series.ToString(CultureInfo.InvariantCulture)));
        }

        if (Nickname is not null)
        {
            identity.AddClaim(new("nickname", Nickname));
        }

        return new ClaimsPrincipal(identity);
    }

    /// <summary>The caller of a hub connection, cached because every vote needs it.</summary>
    public static Caller? Of(HubCallerContext connection)
    {
        if (connection.Items.TryGetValue(typeof(Caller), out var known))
        {
            return (Caller?)known;
        }

        var caller = From(connection.User);
        connection.Items[typeof(Caller)] = caller;
        return caller;
    }

    /// <summary>The caller that the claims describe, or null.</summary>
    public static Caller? From(ClaimsPrincipal? user) =>
        Enum.TryParse<Role>(user?.FindFirstValue("role"), out var role)
        && Guid.TryParse(user!.FindFirstValue("room"), out var room)
        && user!.FindFirstValue("code") is { } code
            ? new Caller(
                role, room, code,
                Guid.TryParse(user.FindFirstValue("participant"), out var participant) ? participant : null,
                user.FindFirstValue("nickname"),
                new HostRights(
                    Guid.TryParse(user.FindFirstValue("account"), out var account) ? account : null,
                    Guid.TryParse(user.FindFirstValue("session"), out var session) ? session : null,
                    int.TryParse(user.FindFirstValue("series"), CultureInfo.InvariantCulture, out var series)
                        ? series
                        : null))
            : null;
}
