using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace Polls.Prove.Clients;

/// <summary>
/// One connection to the hub, as SignalR's JSON protocol says: records that end with 0x1E over a WebSocket without negotiation.
/// Records are <c>{}</c> (the handshake's answer), type 1 (an event), 3 (an answer), 6 (a ping), 7 (the end).
/// </summary>
internal sealed class RoomSocket : IAsyncDisposable
{
    private const byte EndOfRecord = 0x1E;
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(10);

    // The server pings every 15 s: one that says nothing for that long is not there any more.
    private static readonly TimeSpan SilenceLimit = TimeSpan.FromSeconds(30);
    private readonly ClientWebSocket socket = new();
    private readonly SemaphoreSlim sending = new(1, 1);

    // Never disposed: whoever still holds this connection may abort it late.
    private readonly CancellationTokenSource ended = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource<JsonElement>> calls = new();
    private readonly TaskCompletionSource greeted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Action<string, JsonElement, ReadOnlyMemory<byte>> onEvent;
    private int lastCall;

    private RoomSocket(Action<string, JsonElement, ReadOnlyMemory<byte>> onEvent) => this.onEvent = onEvent;

    /// <summary>Completes when the connection is over, for whatever reason.</summary>
    public Task Ended { get; private set; } = Task.CompletedTask;

    /// <summary>The server ended it in good order and said to come again.</summary>
    public bool WasToldToMove { get; private set; }

    /// <summary>Connects through this door; events are handed over one after the other, with the bytes they came as.</summary>
    /// <exception cref="UnansweredException">It did not come about within 5 s.</exception>
    public static async Task<RoomSocket> ConnectAsync(
        Uri door, string token, Action<string, JsonElement, ReadOnlyMemory<byte>> onEvent, CancellationToken cancellationToken)
    {
        var room = new RoomSocket(onEvent);
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(ConnectLimit);
            var address = new UriBuilder(door) { Scheme = "ws", Path = "/hubs/room", Query = $"access_token={Uri.EscapeDataString(token)}" };
            await room.socket.ConnectAsync(address.Uri, limit.Token);
            room.Ended = room.ReceiveAsync();
            await room.SendAsync("""{"protocol":"json","version":1}""", limit.Token);
            await room.greeted.Task.WaitAsync(limit.Token);
            _ = room.PingAsync();
            return room;
        }
        catch (Exception failed) when (failed is WebSocketException or OperationCanceledException or UnansweredException or ObjectDisposedException)
        {
            await room.DisposeAsync();
            cancellationToken.ThrowIfCancellationRequested();
            throw new UnansweredException($"Connecting failed: {failed.Message}", failed);
        }
    }

    /// <summary>Calls a method of the hub.</summary>
    /// <exception cref="RefusedException">The hub refused.</exception>
    /// <exception cref="UnansweredException">No answer within 5 s, or the connection broke.</exception>
    public async Task<JsonElement> CallAsync(string method, params object[] arguments)
    {
        var id = Interlocked.Increment(ref lastCall).ToString(CultureInfo.InvariantCulture);
        var answer = calls[id] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            await SendAsync(JsonSerializer.Serialize(new { type = 1, invocationId = id, target = method, arguments }), ended.Token);
            return await answer.Task.WaitAsync(CallLimit, ended.Token);
        }
        catch (Exception failed) when (failed is TimeoutException or OperationCanceledException or WebSocketException or ObjectDisposedException or InvalidOperationException)
        {
            throw new UnansweredException(failed.Message, failed);
        }
        finally
        {
            calls.TryRemove(id, out _);
        }
    }

    /// <summary>Breaks the connection at once, as a phone does that loses its network.</summary>
    public void Abort()
    {
        socket.Abort();
        ended.Cancel();
    }

    public async ValueTask DisposeAsync()
    {
        Abort();
        await Ended.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        socket.Dispose();
    }

    private async Task SendAsync(string record, CancellationToken cancellationToken)
    {
        await sending.WaitAsync(cancellationToken);
        try
        {
            await socket.SendAsync(Encoding.UTF8.GetBytes(record + (char)EndOfRecord), WebSocketMessageType.Text, endOfMessage: true, cancellationToken);
        }
        finally
        {
            sending.Release();
        }
    }

    private async Task PingAsync()
    {
        try
        {
            while (true)
            {
                await Task.Delay(PingInterval, ended.Token);
                await SendAsync("""{"type":6}""", ended.Token);
            }
        }
        catch (Exception over) when (over is OperationCanceledException or WebSocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The receiving side ends the connection.
        }
    }

    private async Task ReceiveAsync()
    {
        var unread = new ArrayBufferWriter<byte>(16_384);
        try
        {
            while (true)
            {
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(ended.Token);
                limit.CancelAfter(SilenceLimit);
                var received = await socket.ReceiveAsync(unread.GetMemory(8192), limit.Token);
                if (received.MessageType == WebSocketMessageType.Close)
                {
                    break;
                }

                unread.Advance(received.Count);
                TakeRecords(unread);
            }
        }
        catch (Exception over) when (over is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The server, the network or we ended it.
        }

        greeted.TrySetException(new UnansweredException("The connection ended before the greeting."));
        await ended.CancelAsync();
    }

    private void TakeRecords(ArrayBufferWriter<byte> unread)
    {
        var bytes = unread.WrittenMemory;
        int length;
        while ((length = bytes.Span.IndexOf(EndOfRecord)) >= 0)
        {
            Take(bytes[..length]);
            bytes = bytes[(length + 1)..];
        }

        if (bytes.Length < unread.WrittenCount)
        {
            var rest = bytes.ToArray();
            unread.ResetWrittenCount();
            unread.Write(rest);
        }
    }

    private void Take(ReadOnlyMemory<byte> record)
    {
        using var parsed = JsonDocument.Parse(record);
        var message = parsed.RootElement;
        switch (message.TryGetProperty("type", out var type) ? type.GetInt32() : 0)
        {
            case 0:
                greeted.TrySetResult();
                break;
            case 1:
                onEvent(message.GetProperty("target").GetString()!, message.GetProperty("arguments"), record);
                break;
            case 3 when calls.TryRemove(message.GetProperty("invocationId").GetString()!, out var call):
                if (message.TryGetProperty("error", out var error))
                {
                    call.TrySetException(Refused(error.GetString()!));
                }
                else
                {
                    call.TrySetResult(message.TryGetProperty("result", out var result) ? result.Clone() : default);
                }

                break;
            case 7:
                WasToldToMove = !message.TryGetProperty("error", out _) && message.TryGetProperty("allowReconnect", out var again) && again.GetBoolean();
                break;
        }
    }

    private static RefusedException Refused(string message)
    {
        var colon = message.IndexOf(": ", StringComparison.Ordinal);
        return colon < 0 ? new("internal", message) : new(message[..colon], message[(colon + 2)..]);
    }
}
