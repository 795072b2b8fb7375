using System.Net;
using System.Net.Http.Headers;
using System.Net.WebSockets;
using Polls.Tests.Clients;
using Polls.Tests.Servers;
using Polls.Tests.Storage;

namespace Polls.Tests.Endpoints;

/// <summary>An instance accepts a limited number of connections and stays healthy at the limit.</summary>
[Collection(nameof(SharedPostgres))]
public sealed class ConnectionLimitTests(SharedPostgres postgres)
{
    [Fact]
    public async Task Above_the_limit_new_hub_connections_are_refused_until_one_closes_and_requests_are_served()
    {
        await using var instance = await postgres.InstanceAsync(("Connections:Max", "3"));
        using var api = new TestApi(instance.Address);
        var room = await api.CreateRoomAsync(TestApi.Draft());
        var people = new List<RoomClient>();
        for (var i = 0; i < 3; i++)
        {
            people.Add(await RoomClient.ConnectAsync(api.Address, room.HostToken));
        }

        (await UpgradeAsync(api, room.HostToken)).ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await UpgradeAsync(api, room.HostToken, "&id=of-a-negotiation")).ShouldBe(HttpStatusCode.ServiceUnavailable);
        using (var http = new HttpClient { BaseAddress = api.Address })
        using (var request = new HttpRequestMessage(HttpMethod.Post, "/hubs/room/negotiate?negotiateVersion=1"))
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", room.HostToken);
            using var refused = await http.SendAsync(request);
            refused.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
            refused.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(1));
            (await refused.Content.ReadAsStringAsync()).ShouldContain("\"code\":\"busy\"");
            (await http.GetAsync(new Uri("/health/ready", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        // Existing connections are not affected, and a refused connection takes no place.
        (await people[0].GetStateAsync()).Code.ShouldBe(room.Code);
        await people[2].DisposeAsync();
        await Until.TrueAsync(async () => await UpgradeAsync(api, room.HostToken) == HttpStatusCode.SwitchingProtocols, "a place is free again");
        await people[0].DisposeAsync();
        await people[1].DisposeAsync();
    }

    private static async Task<HttpStatusCode> UpgradeAsync(TestApi api, string token, string more = "")
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var socket = new ClientWebSocket { Options = { CollectHttpResponseDetails = true } };
        try
        {
            await socket.ConnectAsync(new UriBuilder(api.Address) { Scheme = "ws", Path = "/hubs/room", Query = $"access_token={token}{more}" }.Uri, limit.Token);
        }
        catch (WebSocketException)
        {
            // The test asserts the status.
        }

        return socket.HttpStatusCode;
    }
}
