using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Polls.Tests.Servers;

/// <summary>
/// A proxy between a client and Redis that can discard what Redis sends on subscribed connections: they stay open but
/// silent, like a subscription that a server or a network has lost.
/// </summary>
public sealed class SilencingProxy : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentBag<Pair> pairs = [];
    private readonly CancellationTokenSource stop = new();
    private readonly int target;
    private readonly Task accepting;

    public SilencingProxy(int target)
    {
        this.target = target;
        listener.Start();
        accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Silences the connections that have subscribed so far; later ones are not affected.</summary>
    public void SilenceSubscriptions()
    {
        foreach (var pair in pairs.Where(pair => pair.Subscribed)) pair.Silent = true;
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Dispose();
        await accepting.WaitAsync(TimeSpan.FromSeconds(10)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!stop.IsCancellationRequested)
        {
            var near = await listener.AcceptTcpClientAsync(stop.Token);
            var far = new TcpClient();
            await far.ConnectAsync(IPAddress.Loopback, target, stop.Token);
            var pair = new Pair();
            pairs.Add(pair);
            _ = CopyAsync(near, far, bytes =>
            {
                pair.Subscribed |= Encoding.ASCII.GetString(bytes.Span).Contains("SUBSCRIBE", StringComparison.Ordinal);
                return true;
            });
            _ = CopyAsync(far, near, _ => !pair.Silent);
        }
    }

    private async Task CopyAsync(TcpClient from, TcpClient to, Func<ReadOnlyMemory<byte>, bool> passes)
    {
        using (from)
        using (to)
        {
            var buffer = new byte[16_384];
            while (await from.GetStream().ReadAsync(buffer, stop.Token) is > 0 and var length)
            {
                if (passes(buffer.AsMemory(0, length))) await to.GetStream().WriteAsync(buffer.AsMemory(0, length), stop.Token);
            }
        }
    }

    private sealed class Pair
    {
        public volatile bool Subscribed;
        public volatile bool Silent;
    }
}
