using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Polls.Api.Tokens;
using Polls.Tests.Servers;

namespace Polls.Tests.Endpoints;

/// <summary>
/// The product's program inside the test process, as one more instance of a cluster: its route table is the product's
/// own, and the other instances accept its tokens.
/// </summary>
internal sealed class RealProgram(string postgres, string redis)
    : InProcessInstance(("ConnectionStrings:Polls", postgres), ("ConnectionStrings:Redis", redis), ("Instance:Id", "in-the-test"))
{
    /// <summary>Every endpoint of the product.</summary>
    public IReadOnlyList<ApiEndpoint> Endpoints() => ApiEndpoint.Of(Services.GetRequiredService<EndpointDataSource>().Endpoints);

    /// <summary>A token like the product's own, with another lifetime.</summary>
    public string Token(Caller caller, DateTimeOffset expires) => Bearer.BearerTokenProtector.Protect(Ticket(caller, expires));

    /// <summary>Data that the product's own keys protect for another purpose.</summary>
    public string TokenOfAnotherPurpose(Caller caller) =>
        Bearer.RefreshTokenProtector.Protect(Ticket(caller, DateTimeOffset.UtcNow.AddHours(1)));

    private BearerTokenOptions Bearer => Services.GetRequiredService<IOptionsMonitor<BearerTokenOptions>>().Get(RoomTokens.Scheme);

    private static AuthenticationTicket Ticket(Caller caller, DateTimeOffset expires) =>
        new(caller.ToPrincipal(RoomTokens.Scheme), new AuthenticationProperties { ExpiresUtc = expires }, RoomTokens.Scheme);
}
