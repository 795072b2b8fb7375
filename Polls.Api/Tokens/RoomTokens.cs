using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.Extensions.Options;

namespace Polls.Api.Tokens;

/// <summary>Lifetime of room tokens. Bound from the section <c>Tokens</c>.</summary>
public sealed record TokenOptions
{
    /// <summary>Days until a token expires.</summary>
    [Range(1, 365, ErrorMessage = "Tokens:LifetimeDays must be between {1} and {2}.")]
    public int LifetimeDays { get; set; } = 30;
}

/// <summary>
/// Issues the tokens of hosts, screens and participants: ASP.NET Core's bearer tokens, protected by a key ring that
/// all instances share through PostgreSQL. Any instance accepts any instance's token, also after a restart.
/// </summary>
public sealed class RoomTokens(
    IOptionsMonitor<BearerTokenOptions> bearer, IOptions<TokenOptions> options, TimeProvider clock)
{
    /// <summary>The authentication scheme.</summary>
    public const string Scheme = "Room";

    /// <summary>
    /// The subprotocol of WebSockets that bring their token as a subprotocol, too: the only header that pages can set,
    /// and one that proxies do not log, unlike the query.
    /// </summary>
    public const string Subprotocol = "polls.v1";

    private const string TokenSubprotocol = "polls.token.";

    /// <summary>The token that a WebSocket brings, as a subprotocol or, from other clients, in the query.</summary>
    internal static string? OfWebSocket(HttpContext http) =>
        http.WebSockets.WebSocketRequestedProtocols
            .FirstOrDefault(protocol => protocol.StartsWith(TokenSubprotocol, StringComparison.Ordinal)) is { } offered
            ? offered[TokenSubprotocol.Length..]
            : http.Request.Query["access_token"] is [{ Length: > 0 } token] ? token : null;

    /// <summary>Issues a token for the caller.</summary>
    public string Issue(Caller caller) => bearer.Get(Scheme).BearerTokenProtector.Protect(new AuthenticationTicket(
        caller.ToPrincipal(Scheme),
        new AuthenticationProperties { ExpiresUtc = clock.GetUtcNow().AddDays(options.Value.LifetimeDays) },
        Scheme));
}

/// <summary>Registers tokens.</summary>
public static class TokenSetup
{
    /// <summary>Adds the scheme and the policy of all endpoints that are not public.</summary>
    public static IServiceCollection AddRoomTokens(this IServiceCollection services)
    {
        services.AddOptions<TokenOptions>().BindConfiguration("Tokens").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<RoomTokens>();
        // An endpoint declares whether it takes account tokens; otherwise it takes room tokens.
        const string fitting = "Fitting";
        services.AddAuthentication(fitting)
            .AddPolicyScheme(fitting, null, options => options.ForwardDefaultSelector = http =>
                http.GetEndpoint()?.Metadata.GetMetadata<AccountRule>() is null
                    ? RoomTokens.Scheme
                    : AccountCaller.Scheme);
        services.AddAuthentication().AddBearerToken(RoomTokens.Scheme, options =>
            options.Events.OnMessageReceived = context =>
            {
                if (context.Request.Path.StartsWithSegments("/hubs", StringComparison.Ordinal))
                {
                    context.Token = RoomTokens.OfWebSocket(context.HttpContext);
                }

                return Task.CompletedTask;
            });
        services.AddAuthorization();
        return services;
    }
}
