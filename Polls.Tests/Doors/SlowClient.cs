using System.Net.Sockets;
using System.Text;

namespace Polls.Tests.Doors;

/// <summary>Somebody who begins and does not end.</summary>
internal static class SlowClient
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>Says this, and then one letter after the other (or nothing more) until the server has had enough; what it said then.</summary>
    public static async Task<string> UntilCutOffAsync(Uri address, string begin, char? then = null)
    {
        using var limit = new CancellationTokenSource(Patience);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(address.Host, address.Port, limit.Token);
        await socket.SendAsync(Encoding.ASCII.GetBytes(begin), limit.Token);
        var dripping = then is { } letter ? DripAsync(socket, (byte)letter, limit.Token) : Task.CompletedTask;
        var said = new StringBuilder();
        var buffer = new byte[4096];
        try
        {
            while (await socket.ReceiveAsync(buffer, limit.Token) is var read and > 0)
            {
                said.Append(Encoding.ASCII.GetString(buffer, 0, read));
            }
        }
        catch (SocketException)
        {
            // Cut off without a word.
        }

        socket.Close();
        await dripping;
        return said.ToString();
    }

    private static async Task DripAsync(Socket socket, byte letter, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await Task.Delay(Pause, cancellationToken);
                await socket.SendAsync(new[] { letter }, cancellationToken);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // That was the end of it.
        }
    }
}
