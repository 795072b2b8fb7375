using System.Net;
using System.Net.WebSockets;
using Polls.Api.Tokens;
using Polls.Core.RoomPolls;
using Polls.Tests.Clients;

namespace Polls.Tests.Endpoints;

/// <summary>Every role at the hub, on each of two instances.</summary>
[Collection(nameof(EndpointInstances))]
public sealed class HubCrossingTests(EndpointInstances cluster)
{
    [Fact]
    public async Task Without_a_valid_token_the_connection_is_refused()
    {
        var testRoom = await TestRoom.MakeAsync(cluster.A);
        foreach (var role in Enum.GetValues<Role>())
        {
            foreach (var (name, token) in BadTokens.Of(testRoom, role, cluster.Program))
            {
                foreach (var address in cluster.Addresses)
                {
                    (await StatusAsync(address, token)).ShouldBe(HttpStatusCode.Unauthorized, $"a token of the {role}, {name}");
                }
            }

            // They are refused only because of the role.
            (await StatusAsync(cluster.Addresses[0], testRoom.Token(role))).ShouldBe(HttpStatusCode.SwitchingProtocols);
        }
    }

    [Fact]
    public async Task Each_method_is_available_to_its_roles_only()
    {
        var revision = 0;
        foreach (var address in cluster.Addresses)
        {
            var testRoom = await TestRoom.MakeAsync(cluster.A);
            foreach (var role in Enum.GetValues<Role>())
            {
                await using var client = await RoomClient.ConnectAsync(address, testRoom.Token(role));
                foreach (var (method, roles) in HubRoles.Of)
                {
                    var arguments = Arguments(method, testRoom.Open, ++revision);
                    if (roles.Contains(role))
                    {
                        await Should.NotThrowAsync(() => client.InvokeAsync<object>(method, arguments), $"{method} by the {role}");
                        continue;
                    }

                    var before = await cluster.StoredAsync();
                    (await client.RefusalAsync(method, arguments)).ShouldBe("auth.forbidden", $"{method} by the {role}");
                    (await cluster.StoredAsync()).ShouldBe(before);
                }
            }
        }
    }

    [Fact]
    public async Task A_connection_reaches_no_poll_but_those_of_its_own_room()
    {
        var (testRoom, other) = (await TestRoom.MakeAsync(cluster.A), await TestRoom.MakeAsync(cluster.A));
        var before = await cluster.StoredAsync();
        // The room in the query, which nginx uses, grants nothing.
        await using var phone = await RoomClient.ConnectAsync(cluster.B.Address, testRoom.Person.Token, room: other.Room.Code);
        phone.State!.Code.ShouldBe(testRoom.Room.Code);
        foreach (var method in HubRoles.Of.Keys.Where(method => Arguments(method, default, 0).Length > 0))
        {
            (await phone.RefusalAsync(method, Arguments(method, other.Open, 1))).ShouldBe("poll.notFound", method);
        }

        (await cluster.StoredAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task A_WebSocket_may_bring_its_token_as_a_subprotocol_which_no_proxy_logs()
    {
        var testRoom = await TestRoom.MakeAsync(cluster.A);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        foreach (var (token, status) in new[] { (testRoom.Person.Token, HttpStatusCode.SwitchingProtocols), ("invented", HttpStatusCode.Unauthorized) })
        {
            using var socket = new ClientWebSocket { Options = { CollectHttpResponseDetails = true } };
            socket.Options.AddSubProtocol(RoomTokens.Subprotocol);
            socket.Options.AddSubProtocol($"polls.token.{token}");
            try
            {
                await socket.ConnectAsync(new UriBuilder(cluster.B.Address) { Scheme = "ws", Path = "/hubs/room" }.Uri, limit.Token);
            }
            catch (WebSocketException)
            {
                // The status gives the reason.
            }

            socket.HttpStatusCode.ShouldBe(status);
            // The answer names the protocol, and so does not repeat the token.
            socket.SubProtocol.ShouldBe(status == HttpStatusCode.SwitchingProtocols ? "polls.v1" : null);
        }
    }

    /// <summary>Valid arguments; a new method needs an entry here.</summary>
    private static object[] Arguments(string method, Guid poll, int revision) => method switch
    {
        "CastVote" => [poll, new { choices = new[] { 0 }, revision }],
        "WithdrawVote" => [poll, revision],
        "GetState" => [],
        _ => throw new InvalidOperationException($"Add here the arguments of {method}."),
    };

    private static async Task<HttpStatusCode> StatusAsync(Uri address, string? token)
    {
        using var socket = new ClientWebSocket { Options = { CollectHttpResponseDetails = true } };
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        try
        {
            await socket.ConnectAsync(
                new UriBuilder(address) { Scheme = "ws", Path = "/hubs/room", Query = token is null ? "" : $"access_token={token}" }.Uri, limit.Token);
        }
        catch (WebSocketException)
        {
            // The status gives the reason.
        }

        return socket.HttpStatusCode;
    }
}
