using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Security.Claims;
using Microsoft.AspNetCore.SignalR;
using Polls.Core.Audit;
using Polls.Core.Polls;
using Polls.Core.Votes;

namespace Polls.Api.Tokens;

/// <summary>Who calls, as the token says: a role in exactly one room.</summary>
/// <param name="Role">Host, screen or participant.</param>
/// <param name="RoomId">The only room the token is good for.</param>
/// <param name="Code">That room's join code.</param>
/// <param name="ParticipantId">Set for participants only.</param>
/// <param name="Nickname">Set for participants that gave one.</param>
/// <param name="AccountId">Set for hosts that are one by their account: the token is good as long as the account hosts the room. Also for their screens.</param>
/// <param name="AccountStamp">Set beside it for hosts: the token is good until the account's stamp changes, as when it signs out everywhere.</param>
public sealed record Caller(
    Audience Role, Guid RoomId, string Code, Guid? ParticipantId = null, string? Nickname = null, Guid? AccountId = null,
    string? AccountStamp = null)
{
    /// <summary>The caller as a voter; null when the caller is no participant.</summary>
    public Voter? Voter => ParticipantId is { } participant ? new Voter(RoomId, participant) : null;

    /// <summary>The caller as the audit trail names it.</summary>
    public Actor Actor => AccountId is { } account ? Actor.Account(account) : Actor.Host;

    /// <summary>The caller of a request that was authorised, for parameters of handlers.</summary>
    [SuppressMessage("Usage", "CA1801", Justification = "The signature is the framework's.")]
    public static ValueTask<Caller?> BindAsync(HttpContext context, ParameterInfo parameter) => new(From(context.User));

    /// <summary>The claims that <see cref="From"/> reads back.</summary>
    public ClaimsPrincipal ToPrincipal(string scheme)
    {
        var identity = new ClaimsIdentity(scheme);
        identity.AddClaim(new("role", Role.ToString()));
        identity.AddClaim(new("room", RoomId.ToString("N")));
        identity.AddClaim(new("code", Code));
        if (ParticipantId is { } participant)
        {
            // Not the name identifier: SignalR would make a user of every participant, and each a Redis subscription.
            identity.AddClaim(new("participant", participant.ToString("N")));
        }

        if (AccountId is { } account)
        {
            identity.AddClaim(new("account", account.ToString("N")));
            if (AccountStamp is not null)
            {
                identity.AddClaim(new("accountStamp", AccountStamp));
            }
        }

        if (Nickname is not null)
        {
            identity.AddClaim(new("nickname", Nickname));
        }

        return new ClaimsPrincipal(identity);
    }

    /// <summary>The caller of a hub connection; read from the claims once, because every vote asks.</summary>
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

    /// <summary>The caller that these claims describe; null when they do not.</summary>
    public static Caller? From(ClaimsPrincipal? user) =>
        Enum.TryParse<Audience>(user?.FindFirstValue("role"), out var role)
        && Guid.TryParse(user!.FindFirstValue("room"), out var room)
        && user!.FindFirstValue("code") is { } code
            ? new Caller(
                role, room, code,
                Guid.TryParse(user.FindFirstValue("participant"), out var participant) ? participant : null,
                user.FindFirstValue("nickname"),
                Guid.TryParse(user.FindFirstValue("account"), out var account) ? account : null,
                user.FindFirstValue("accountStamp"))
            : null;
}
