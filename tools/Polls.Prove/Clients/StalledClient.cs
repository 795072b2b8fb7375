using System.Net.Sockets;
using System.Text;

namespace Polls.Prove.Clients;

/// <summary>
/// A participant that requests the whole state again and again and never reads. It reconnects when it is disconnected.
/// </summary>
internal sealed class StalledClient(Uri address, string token) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private readonly CancellationTokenSource stop = new();
    private Task running = Task.CompletedTask;

    /// <summary>How often it was disconnected or could not connect.</summary>
    public int Disconnects { get; private set; }

    public void Start() => running = RunAsync();

    /// <summary>Disconnects for good.</summary>
    public async Task StopAsync()
    {
        await stop.CancelAsync();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose() => stop.Dispose();

    private async Task RunAsync()
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await StallAsync();
            }
            catch (SocketException)
            {
                Disconnects++;
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await Task.Delay(TimeSpan.FromSeconds(1), stop.Token)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task StallAsync()
    {
        // A small receive window, so that the server soon cannot write.
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
        {
            ReceiveBufferSize = 4096, NoDelay = true
        };
        await socket.ConnectAsync("127.0.0.1", address.Port, stop.Token);
        await socket.SendAsync(Encoding.ASCII.GetBytes(
            $"GET /hubs/room?access_token={Uri.EscapeDataString(token)} HTTP/1.1\r\nHost: "
                + $"{address.Authority}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"), stop.Token);
        // The server accepts frames only after it has answered the upgrade, and this client does not read the answer.
        await Task.Delay(500, stop.Token);
        await SendAsync(socket, """{"protocol":"json","version":1}""");
        for (var call = 1; ; call++)
        {
            await SendAsync(socket, $$"""{"type":1,"invocationId":"{{call}}","target":"GetState","arguments":[]}""");
            if (call % 20 == 0)
            {
                await Task.Delay(Pause, stop.Token);
            }
        }
    }

    /// <summary>Sends one text frame with a mask of zero.</summary>
    private async Task SendAsync(Socket socket, string record)
    {
        var payload = Encoding.UTF8.GetBytes(record + '\u001e');
        byte[] length = payload.Length < 126
            ? [(byte)(0x80 | payload.Length)]
            : [0x80 | 126, (byte)(payload.Length >> 8), (byte)payload.Length];
        byte[] frame = [0x81, .. length, 0, 0, 0, 0, .. payload];
        for (var sent = 0; sent < frame.Length;)
        {
            sent += await socket.SendAsync(frame.AsMemory(sent), SocketFlags.None, stop.Token);
        }
    }
}
