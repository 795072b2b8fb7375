using System.Net;
using Polls.Tests.Clients;
using Polls.Tests.Servers;

namespace Polls.Tests.Nginx;

/// <summary>Handshakes wait in nginx for those of their own address only.</summary>
[Collection(nameof(ThroughNginx))]
public sealed class HandshakeFloodTests(ThroughNginx cluster) : IAsyncLifetime
{
    public Task InitializeAsync() => cluster.MendAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_flood_of_handshakes_from_other_addresses_keeps_nobody_waiting()
    {
        // nginx lets a thousand a second of an address pass, so this takes two seconds at least.
        const int PerAddress = 2000;
        using var api = cluster.From("198.51.100.160");
        var room = await api.CreateRoomAsync(TestApi.Draft());
        var token = (await api.JoinAsync(room.Code)).Token;
        var http = new HttpClient { BaseAddress = cluster.Address };
        var flood = Enumerable.Range(0, 2 * PerAddress).Select(i => KnockAsync(http, $"198.51.100.{161 + (i % 2)}")).ToList();
        await Until.TrueAsync(() => flood.Any(knock => knock.IsCompleted), "the flood arrives");

        await using (await RoomClient.ConnectAsync(cluster.Address, token))
        {
            flood.Count(knock => !knock.IsCompleted).ShouldBeGreaterThan(0, "the connection was opened during the flood");
        }

        var statuses = await Task.WhenAll(flood);
        http.Dispose();
        statuses.ShouldAllBe(status => status == HttpStatusCode.Unauthorized || status == HttpStatusCode.TooManyRequests);
    }

    private static async Task<HttpStatusCode> KnockAsync(HttpClient http, string address)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/hubs/room");
        request.Headers.Connection.Add("Upgrade");
        request.Headers.Upgrade.Add(new("websocket"));
        request.Headers.Add("X-Forwarded-For", address);
        using var answer = await http.SendAsync(request);
        return answer.StatusCode;
    }
}
