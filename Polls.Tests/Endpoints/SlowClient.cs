using System.Net.Sockets;
using System.Text;

namespace Polls.Tests.Endpoints;

/// <summary>A client that begins a request and does not finish it.</summary>
internal static class SlowClient
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// Sends this, then one character after another (or nothing more) until the server ends the connection; returns
    /// what the server sent.
    /// </summary>
    public static async Task<string> UntilCutOffAsync(Uri address, string begin, char? then = null)
    {
        using var limit = new CancellationTokenSource(Limit);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(address.Host, address.Port, limit.Token);
        await socket.SendAsync(Encoding.Latin1.GetBytes(begin), limit.Token);
        var said = new StringBuilder();
        var buffer = new byte[4096];
        try
        {
            var receiving = socket.ReceiveAsync(buffer, limit.Token).AsTask();
            while (true)
            {
                if (await Task.WhenAny(receiving, Task.Delay(Pause, limit.Token)) != receiving)
                {
                    try
                    {
                        if (then is { } letter)
                        {
                            await socket.SendAsync(new[] { (byte)letter }, limit.Token);
                        }
                    }
                    catch (SocketException)
                    {
                        // The server has ended the connection. What it said before can still be read.
                        then = null;
                    }

                    continue;
                }

                var read = await receiving;
                if (read == 0)
                {
                    break;
                }

                said.Append(Encoding.ASCII.GetString(buffer, 0, read));
                receiving = socket.ReceiveAsync(buffer, limit.Token).AsTask();
            }
        }
        catch (SocketException)
        {
            // Aborted without a close.
        }

        return said.ToString();
    }
}
