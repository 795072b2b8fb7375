using System.Net.Sockets;
using System.Text;

namespace Polls.Prove.Clients;

/// <summary>
/// A participant that asks for the whole state again and again and never reads a byte. When it is cut off it comes back and goes on.
/// </summary>
internal sealed class StalledClient(Uri door, string token) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private readonly CancellationTokenSource stop = new();
    private Task running = Task.CompletedTask;

    /// <summary>How often it was cut off, or could not come in.</summary>
    public int TimesCutOff { get; private set; }

    public void Start() => running = RunAsync();

    /// <summary>Goes away for good.</summary>
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
                TimesCutOff++;
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await Task.Delay(TimeSpan.FromSeconds(1), stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task StallAsync()
    {
        // A small window, so that the stall is felt soon.
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096, NoDelay = true };
        await socket.ConnectAsync("127.0.0.1", door.Port, stop.Token);
        await socket.SendAsync(Encoding.ASCII.GetBytes(
            $"GET /hubs/room?access_token={Uri.EscapeDataString(token)} HTTP/1.1\r\nHost: {door.Authority}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"), stop.Token);
        // The server takes no frame before its answer is on its way.
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

    /// <summary>One masked text frame, the mask being zero.</summary>
    private async Task SendAsync(Socket socket, string record)
    {
        var payload = Encoding.UTF8.GetBytes(record + '\u001e');
        byte[] length = payload.Length < 126 ? [(byte)(0x80 | payload.Length)] : [0x80 | 126, (byte)(payload.Length >> 8), (byte)payload.Length];
        byte[] frame = [0x81, .. length, 0, 0, 0, 0, .. payload];
        for (var sent = 0; sent < frame.Length;)
        {
            sent += await socket.SendAsync(frame.AsMemory(sent), SocketFlags.None, stop.Token);
        }
    }
}
