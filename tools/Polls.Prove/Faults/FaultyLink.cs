using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Polls.AppHost.Processes;

namespace Polls.Prove.Faults;

/// <summary>A TCP proxy between one instance and one store that can delay, hold back or reset connections.</summary>
internal sealed class FaultyLink : IAsyncDisposable
{
    private const int BufferSize = 16_384;
    private readonly PortReservation port = PortReservation.Free();
    private readonly TcpListener listener;
    private readonly Func<int> target;
    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentDictionary<TcpClient, TcpClient> pairs = new();
    private readonly Task accepting;
    private volatile TaskCompletionSource notStalled = Completed();
    private long delayTicks;
    private volatile bool isCut;

    /// <summary>Starts to listen; <paramref name="target"/> returns the store's port for each new connection.</summary>
    public FaultyLink(Func<int> target)
    {
        this.target = target;
        listener = new TcpListener(IPAddress.Loopback, port.Port);
        listener.Start();
        accepting = AcceptAsync();
    }

    public int Port => port.Port;

    /// <summary>The delay in each direction.</summary>
    public TimeSpan Delay
    {
        get => new(Interlocked.Read(ref delayTicks));
        set => Interlocked.Exchange(ref delayTicks, value.Ticks);
    }

    /// <summary>Resets all connections, and every new one.</summary>
    public void Cut()
    {
        isCut = true;
        foreach (var (near, far) in pairs)
        {
            Reset(near);
            Reset(far);
        }
    }

    /// <summary>Keeps connections open and holds all data back.</summary>
    public void Stall() => notStalled = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends all faults and delivers the data that was held back.</summary>
    public void Repair()
    {
        isCut = false;
        Delay = TimeSpan.Zero;
        notStalled.TrySetResult();
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Dispose();
        Repair();
        Cut();
        await accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        port.Dispose();
        stop.Dispose();
    }

    private static TaskCompletionSource Completed()
    {
        var completed = new TaskCompletionSource();
        completed.SetResult();
        return completed;
    }

    private static void Reset(TcpClient client)
    {
        try
        {
            // Sends a reset instead of an orderly close.
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
                // Cut while connecting.
                return;
            }

            await Task.WhenAny(CopyAsync(near, far), CopyAsync(far, near));
        }
        catch (Exception failure) when (failure is SocketException or OperationCanceledException)
        {
            // The store is down: the caller's connection is reset too.
        }
        finally
        {
            pairs.TryRemove(near, out _);
            Reset(near);
            Reset(far);
        }
    }

    private async Task CopyAsync(TcpClient from, TcpClient to)
    {
        var inTransit = Channel.CreateBounded<(byte[] Bytes, long Due)>(64);
        var writing = WriteAsync(inTransit.Reader, to);
        try
        {
            var buffer = new byte[BufferSize];
            while (await from.GetStream().ReadAsync(buffer, stop.Token) is > 0 and var length)
            {
                await inTransit.Writer.WriteAsync(
                    (buffer[..length], Environment.TickCount64 + (long)Delay.TotalMilliseconds), stop.Token);
            }
        }
        catch (Exception failure)
            when (failure is IOException or ObjectDisposedException
                or InvalidOperationException or OperationCanceledException)
        {
        }

        inTransit.Writer.TryComplete();
        await writing;
    }

    private async Task WriteAsync(ChannelReader<(byte[] Bytes, long Due)> inTransit, TcpClient to)
    {
        try
        {
            await foreach (var (bytes, due) in inTransit.ReadAllAsync(stop.Token))
            {
                if (due - Environment.TickCount64 is > 0 and var wait)
                {
                    await Task.Delay((int)wait, stop.Token);
                }

                await notStalled.Task.WaitAsync(stop.Token);
                await to.GetStream().WriteAsync(bytes, stop.Token);
            }
        }
        catch (Exception failure)
            when (failure is IOException or ObjectDisposedException
                or InvalidOperationException or OperationCanceledException)
        {
            Reset(to);
        }
    }
}
