namespace Polls.Api.Connections;

/// <summary>
/// Bounds how many WebSockets an instance opens at the same time: from the request until the room's state is sent. The
/// other requests wait. A hall that reconnects keeps all cores busy for seconds; without an order everybody would wait
/// until the last one is in. Addresses take turns, so requests wait mostly for those of their own address.
/// </summary>
public sealed class ConnectTurns : IDisposable
{
    /// <summary>How many may be opened at the same time.</summary>
    public const int MaxOpening = 256;

    /// <summary>
    /// How many may wait. Beyond it, the newest of the busiest address is refused. As 256 turns end within half a
    /// second, the last one waits about eight seconds at most; the pages give up after 15.
    /// </summary>
    public const int MaxWaiting = 4_000;

    /// <summary>
    /// A turn ends after this time, whether or not its connection is ready: a phone with a bad network, or somebody
    /// who opens WebSockets and says nothing, must not hold up others.
    /// </summary>
    internal static readonly TimeSpan LongestTurn = TimeSpan.FromSeconds(0.5);

    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(0.1);

    private readonly TimeProvider clock;
    private readonly ITimer sweep;
    private readonly Lock sync = new();
    private readonly Dictionary<UInt128, LinkedList<ConnectTurn>> waiting = [];
    // The addresses in waiting, the next one first.
    private readonly Queue<UInt128> order = [];
    // The oldest first; some have ended.
    private readonly Queue<ConnectTurn> opening = [];
    private int openingCount;
    private int waitingCount;

    /// <summary>Nobody waits yet.</summary>
    public ConnectTurns(TimeProvider clock, ConnectionMetrics metrics)
    {
        this.clock = clock;
        sweep = clock.CreateTimer(_ => Sweep(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        metrics.ObserveWaiting(() => Volatile.Read(ref waitingCount));
    }

    /// <summary>
    /// Waits for a turn. Null when it is refused, because too many wait, or the client has gone. The
    /// caller ends it when its connection is ready, or is not going to be.
    /// </summary>
    /// <param name="address">Identifies the address that the request came from.</param>
    /// <param name="cancellationToken">The client has gone.</param>
    internal ValueTask<ConnectTurn?> TakeAsync(UInt128 address, CancellationToken cancellationToken)
    {
        var turn = new ConnectTurn(this, address);
        lock (sync)
        {
            EndOverdue();
            BeginNext();
            if (waitingCount == 0 && openingCount < MaxOpening)
            {
                Begin(turn);
                return ValueTask.FromResult<ConnectTurn?>(turn);
            }

            Enqueue(turn);
        }

        return WaitAsync(turn, cancellationToken);
    }

    /// <summary>Ends a turn, or gives up waiting for it.</summary>
    internal void Leave(ConnectTurn turn)
    {
        lock (sync)
        {
            if (turn.Place is not null)
            {
                Refuse(turn);
                return;
            }

            End(turn);
            BeginNext();
        }
    }

    /// <inheritdoc />
    public void Dispose() => sweep.Dispose();

    private static async ValueTask<ConnectTurn?> WaitAsync(ConnectTurn turn, CancellationToken cancellationToken)
    {
        await using var gone = cancellationToken.Register(turn.End);
        return await turn.Begun!.Task ? turn : null;
    }

    private void Enqueue(ConnectTurn turn)
    {
        if (waitingCount >= MaxWaiting)
        {
            Refuse(waiting.Values.MaxBy(queue => queue.Count)!.Last!.Value);
        }

        if (!waiting.TryGetValue(turn.Address, out var queue))
        {
            waiting[turn.Address] = queue = [];
            order.Enqueue(turn.Address);
        }

        turn.Begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        turn.Place = queue.AddLast(turn);
        if (waitingCount++ == 0)
        {
            sweep.Change(SweepInterval, SweepInterval);
        }
    }

    private void Begin(ConnectTurn turn)
    {
        turn.Since = clock.GetTimestamp();
        opening.Enqueue(turn);
        openingCount++;
    }

    private void BeginNext()
    {
        while (openingCount < MaxOpening && order.TryDequeue(out var address))
        {
            if (waiting[address].First is not { Value: var turn })
            {
                // All who waited here have begun or left.
                waiting.Remove(address);
                continue;
            }

            Unlink(turn);
            Begin(turn);
            turn.Begun!.SetResult(true);
            order.Enqueue(address);
        }
    }

    private void Sweep()
    {
        lock (sync)
        {
            EndOverdue();
            BeginNext();
            if (waitingCount == 0)
            {
                sweep.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private void EndOverdue()
    {
        while (opening.TryPeek(out var oldest)
            && (oldest.Ended || clock.GetElapsedTime(oldest.Since) >= LongestTurn))
        {
            opening.Dequeue();
            End(oldest);
        }
    }

    private void End(ConnectTurn turn)
    {
        if (!turn.Ended)
        {
            turn.Ended = true;
            openingCount--;
        }
    }

    private void Refuse(ConnectTurn turn)
    {
        Unlink(turn);
        turn.Ended = true;
        turn.Begun!.SetResult(false);
    }

    private void Unlink(ConnectTurn turn)
    {
        turn.Place!.List!.Remove(turn.Place);
        turn.Place = null;
        waitingCount--;
    }
}
