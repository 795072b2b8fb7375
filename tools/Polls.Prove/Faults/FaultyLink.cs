using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Polls.AppHost.Processes;

namespace Polls.Prove.Faults;

/// <summary>
/// The network between one instance and one store: passes bytes on, late, not at all, or breaks the connections, as it is told.
/// </summary>
internal sealed class FaultyLink : IAsyncDisposable
{
    private const int Chunk = 16_384;
    private readonly PortReservation port = PortReservation.Free();
    private readonly TcpListener listener;
    private readonly Func<int> target;
    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentDictionary<TcpClient, TcpClient> pairs = new();
    private readonly Task accepting;
    private volatile TaskCompletionSource flowing = Done();
    private long delayTicks;
    private volatile bool isCut;

    /// <summary>Listens at once; the target's port is asked for with each connection.</summary>
    public FaultyLink(Func<int> target)
    {
        this.target = target;
        listener = new TcpListener(IPAddress.Loopback, port.Port);
        listener.Start();
        accepting = AcceptAsync();
    }

    public int Port => port.Port;

    /// <summary>Bytes arrive this much later, each way.</summary>
    public TimeSpan Delay
    {
        get => new(Interlocked.Read(ref delayTicks));
        set => Interlocked.Exchange(ref delayTicks, value.Ticks);
    }

    /// <summary>Breaks all connections, and every new one.</summary>
    public void Cut()
    {
        isCut = true;
        foreach (var (near, far) in pairs)
        {
            Break(near);
            Break(far);
        }
    }

    /// <summary>Connections stay, and nothing arrives any more.</summary>
    public void Stall() => flowing = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>All as it should be; what was held back arrives now.</summary>
    public void Mend()
    {
        isCut = false;
        Delay = TimeSpan.Zero;
        flowing.TrySetResult();
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Dispose();
        Mend();
        Cut();
        await accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        port.Dispose();
        stop.Dispose();
    }

    private static TaskCompletionSource Done()
    {
        var done = new TaskCompletionSource();
        done.SetResult();
        return done;
    }

    private static void Break(TcpClient client)
    {
        try
        {
            // At once and not in good order: the other side gets a reset.
            client.LingerState = new LingerOption(enable: true, seconds: 0);
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException or NullReferenceException)
        {
        }

        client.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!stop.IsCancellationRequested)
        {
            var near = await listener.AcceptTcpClientAsync(stop.Token);
            _ = ServeAsync(near);
        }
    }

    private async Task ServeAsync(TcpClient near)
    {
        var far = new TcpClient { NoDelay = true };
        near.NoDelay = true;
        try
        {
            if (isCut)
            {
                return;
            }

            await far.ConnectAsync(IPAddress.Loopback, target(), stop.Token);
            pairs[near] = far;
            if (isCut)
            {
                // While it was being made.
                return;
            }

            await Task.WhenAny(PassAsync(near, far), PassAsync(far, near));
        }
        catch (Exception broken) when (broken is SocketException or OperationCanceledException)
        {
            // The store is down: as the network would say.
        }
        finally
        {
            pairs.TryRemove(near, out _);
            Break(near);
            Break(far);
        }
    }

    private async Task PassAsync(TcpClient from, TcpClient to)
    {
        var underway = Channel.CreateBounded<(byte[] Bytes, long Due)>(64);
        var writing = WriteAsync(underway.Reader, to);
        try
        {
            var buffer = new byte[Chunk];
            while (await from.GetStream().ReadAsync(buffer, stop.Token) is > 0 and var length)
            {
                await underway.Writer.WriteAsync((buffer[..length], Environment.TickCount64 + (long)Delay.TotalMilliseconds), stop.Token);
            }
        }
        catch (Exception broken) when (broken is IOException or ObjectDisposedException or InvalidOperationException or OperationCanceledException)
        {
        }

        underway.Writer.TryComplete();
        await writing;
    }

    private async Task WriteAsync(ChannelReader<(byte[] Bytes, long Due)> underway, TcpClient to)
    {
        try
        {
            await foreach (var (bytes, due) in underway.ReadAllAsync(stop.Token))
            {
                if (due - Environment.TickCount64 is > 0 and var wait)
                {
                    await Task.Delay((int)wait, stop.Token);
                }

                await flowing.Task.WaitAsync(stop.Token);
                await to.GetStream().WriteAsync(bytes, stop.Token);
            }
        }
        catch (Exception broken) when (broken is IOException or ObjectDisposedException or InvalidOperationException or OperationCanceledException)
        {
            Break(to);
        }
    }
}
