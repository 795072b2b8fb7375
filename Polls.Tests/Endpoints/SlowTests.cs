using System.Net.WebSockets;
using System.Text;

namespace Polls.Tests.Endpoints;

/// <summary>Slow clients are disconnected, and other clients are not affected.</summary>
[Collection(nameof(EndpointInstances))]
public sealed class SlowTests(EndpointInstances cluster)
{
    private const int Many = 50;

    [Fact]
    public async Task Slow_and_half_open_requests_are_cut_off_while_others_are_served()
    {
        var testRoom = await TestRoom.MakeAsync(cluster.A);
        var before = await cluster.CountAsync("SELECT count(*) FROM rooms WHERE title = 'slow'");
        var address = cluster.A.Address;
        var bodies = Times(() => SlowClient.UntilCutOffAsync(
            address, "POST /api/rooms HTTP/1.1\r\nHost: polls.example\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{\"title\":\"slow\"", ' '));
        var chunks = Times(() => SlowClient.UntilCutOffAsync(
            address, "POST /api/rooms HTTP/1.1\r\nHost: polls.example\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nf\r\n{\"title\":\"slow\"\r\n"));
        Task[] others =
        [
            Times(() => SlowClient.UntilCutOffAsync(address, "GET / HTTP/1.1\r\nX-Slow: ", 'a')),
            Times(() => SlowClient.UntilCutOffAsync(address, "G", null)),
            Times(() => WebSocketEndsAsync(testRoom, "")),
            Times(() => WebSocketEndsAsync(testRoom, "{\"protocol\":\"json\",")),
            // A phone that lost its network: it reads nothing and answers nothing.
            Times(() => SlowClient.UntilCutOffAsync(address, Upgrade(testRoom) + Frame("{\"protocol\":\"json\",\"version\":1}\u001e"))),
        ];

        var all = Task.WhenAll([bodies, chunks, .. others]);
        var served = 0;
        for (; !all.IsCompleted; served++)
        {
            (await cluster.A.StateAsync(testRoom.Room.Code, testRoom.Room.HostToken)).Code.ShouldBe(testRoom.Room.Code);
            await Task.WhenAny(all, Task.Delay(100));
        }

        await all;
        served.ShouldBeGreaterThan(0);
        foreach (var answer in (await bodies).Concat(await chunks))
        {
            answer.ShouldStartWith("HTTP/1.1 408 ");
            answer.ShouldContain("\"code\":\"request.tooSlow\"");
        }

        (await cluster.CountAsync("SELECT count(*) FROM rooms WHERE title = 'slow'")).ShouldBe(before);
        await TestRoom.MakeAsync(cluster.A);
    }

    private static string Upgrade(TestRoom testRoom) =>
        $"GET /hubs/room?access_token={testRoom.Person.Token} HTTP/1.1\r\nHost: polls.example\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

    /// <summary>A masked client frame; the mask is zero.</summary>
    private static string Frame(string text) => $"\u0081{(char)(0x80 | text.Length)}\0\0\0\0{text}";

    private static Task<string[]> Times(Func<Task<string>> client) => Task.WhenAll(Enumerable.Range(0, Many).Select(_ => client()));

    /// <summary>
    /// Sends this over a WebSocket and then nothing, not even pings; returns when the server ends the connection.
    /// </summary>
    private async Task<string> WebSocketEndsAsync(TestRoom testRoom, string begin)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        using var socket = new ClientWebSocket { Options = { KeepAliveInterval = TimeSpan.Zero } };
        await socket.ConnectAsync(
            new UriBuilder(cluster.A.Address) { Scheme = "ws", Path = "/hubs/room", Query = $"access_token={testRoom.Person.Token}" }.Uri, limit.Token);
        var buffer = new byte[16_384];
        try
        {
            await socket.SendAsync(Encoding.UTF8.GetBytes(begin), WebSocketMessageType.Text, endOfMessage: true, limit.Token);
            while ((await socket.ReceiveAsync(buffer, limit.Token)).MessageType != WebSocketMessageType.Close)
            {
            }
        }
        catch (WebSocketException)
        {
            // Aborted without a close.
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"A WebSocket that sent '{begin}' is still open.");
        }

        return begin;
    }
}
