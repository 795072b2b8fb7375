using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace Polls.Tests.Connections;

/// <summary>A WebSocket that sends arbitrary bytes.</summary>
public sealed class RawHubClient : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private readonly ClientWebSocket socket = new();
    private readonly byte[] buffer = new byte[65_536];
    private string unread = "";

    /// <summary>A WebSocket before the handshake.</summary>
    public static async Task<RawHubClient> OpenAsync(Uri hub)
    {
        var client = new RawHubClient();
        using var timeout = new CancellationTokenSource(Limit);
        await client.socket.ConnectAsync(hub, timeout.Token);
        return client;
    }

    public static async Task<RawHubClient> ConnectAsync(Uri hub)
    {
        var client = await OpenAsync(hub);
        await client.SendAsync("{\"protocol\":\"json\",\"version\":1}\u001e");
        await client.IsGreetedAsync();
        return client;
    }

    /// <summary>Asserts that the handshake succeeds.</summary>
    public async Task IsGreetedAsync() => (await RecordAsync()).ShouldBe("{}");

    /// <summary>Sends exactly this text, as one WebSocket message.</summary>
    public Task SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text);

    /// <summary>Sends exactly these bytes, as one WebSocket message of this type.</summary>
    public async Task SendAsync(byte[] bytes, WebSocketMessageType type)
    {
        using var timeout = new CancellationTokenSource(Limit);
        await socket.SendAsync(bytes, type, endOfMessage: true, timeout.Token);
    }

    public Task CallAsync(string id, string method, string arguments) =>
        SendAsync($"{{\"type\":1,\"invocationId\":\"{id}\",\"target\":\"{method}\",\"arguments\":[{arguments}]}}\u001e");

    /// <summary>The next record that is not a ping.</summary>
    public async Task<JsonElement> ReadAsync()
    {
        while (true)
        {
            var message = JsonDocument.Parse(await RecordAsync()).RootElement;
            if (message.GetProperty("type").GetInt32() != 6) return message;
        }
    }

    /// <summary>Asserts that the next record completes this call with an error, and returns the error.</summary>
    public async Task<string> ErrorOfAsync(string id)
    {
        var message = await ReadAsync();
        message.GetProperty("type").GetInt32().ShouldBe(3);
        message.GetProperty("invocationId").GetString().ShouldBe(id);
        return message.GetProperty("error").GetString()!;
    }

    /// <summary>Asserts that the connection still works and has received nothing else.</summary>
    public async Task WorksAsync()
    {
        var id = Guid.NewGuid().ToString("N");
        await CallAsync(id, "Echo", "\"fine\"");
        var answer = await ReadAsync();
        answer.GetProperty("invocationId").GetString().ShouldBe(id);
        answer.GetProperty("result").GetString().ShouldBe("fine");
    }

    /// <summary>Everything received until the server ends the connection, with or without a close.</summary>
    public async Task<IReadOnlyList<string>> LastWordsAsync()
    {
        using var timeout = new CancellationTokenSource(Limit);
        try
        {
            while (await socket.ReceiveAsync(buffer, timeout.Token) is { MessageType: not WebSocketMessageType.Close } received)
            {
                unread += Encoding.UTF8.GetString(buffer, 0, received.Count);
            }
        }
        catch (WebSocketException)
        {
            // Aborted.
        }

        return unread.Split('\u001e', StringSplitOptions.RemoveEmptyEntries);
    }

    public void Dispose() => socket.Dispose();

    private async Task<string> RecordAsync()
    {
        using var timeout = new CancellationTokenSource(Limit);
        int end;
        while ((end = unread.IndexOf('\u001e', StringComparison.Ordinal)) < 0)
        {
            var received = await socket.ReceiveAsync(buffer, timeout.Token);
            received.MessageType.ShouldBe(WebSocketMessageType.Text, "The server closed the connection.");
            unread += Encoding.UTF8.GetString(buffer, 0, received.Count);
        }

        var record = unread[..end];
        unread = unread[(end + 1)..];
        return record;
    }
}
