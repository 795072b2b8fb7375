namespace Polls.Api.Connections;

/// <summary>
/// Bounds how many people an instance lets in at the same time: from the request for a WebSocket until the room's
/// state is sent. The others wait. A hall that reconnects keeps all cores busy for seconds; without an order everybody
/// would wait until the last one is in. Addresses take turns: those behind a busy address wait for one another, and
/// nobody else waits for them.
/// </summary>
public sealed class ConnectTurns : IDisposable
{
    /// <summary>How many may enter at the same time.</summary>
    public const int Most = 256;

    /// <summary>How many may wait. Beyond it, the newest of the busiest address is refused.</summary>
    public const int MostWaiting = 10_000;

    /// <summary>
    /// A turn ends after this time, whether or not its connection is ready: a phone with a bad network, or somebody
    /// who opens WebSockets and says nothing, must not hold up others.
    /// </summary>
    internal static readonly TimeSpan LongestTurn = TimeSpan.FromSeconds(0.5);

    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(0.1);

    private readonly TimeProvider clock;
    private readonly ITimer sweep;
    private readonly Lock sync = new();
    private readonly Dictionary<UInt128, LinkedList<Turn>> waiting = [];
    // The addresses in waiting, the next one first.
    private readonly Queue<UInt128> order = [];
    // The oldest first; some have ended.
    private readonly Queue<Turn> entering = [];
    private int enteringCount;
    private int waitingCount;

    /// <summary>Nobody waits yet.</summary>
    public ConnectTurns(TimeProvider clock, ConnectionMetrics metrics)
    {
        this.clock = clock;
        sweep = clock.CreateTimer(_ => Sweep(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        metrics.ObserveWaiting(() => Volatile.Read(ref waitingCount));
    }

    /// <summary>
    /// Waits for a turn. Null when it is refused because too many wait, or the client has gone. The caller ends it
    /// when its connection is ready, or is not going to be.
    /// </summary>
    /// <param name="address">Identifies the address that waits.</param>
    /// <param name="cancellationToken">The client has gone.</param>
    internal ValueTask<Turn?> TakeAsync(UInt128 address, CancellationToken cancellationToken)
    {
        var turn = new Turn(this, address);
        lock (sync)
        {
            EndOverdue();
            if (waitingCount == 0 && enteringCount < Most)
            {
                Begin(turn);
                return ValueTask.FromResult<Turn?>(turn);
            }

            Enqueue(turn);
        }

        return WaitAsync(turn, cancellationToken);
    }

    /// <inheritdoc />
    public void Dispose() => sweep.Dispose();

    private static async ValueTask<Turn?> WaitAsync(Turn turn, CancellationToken cancellationToken)
    {
        await using var gone = cancellationToken.Register(turn.End);
        return await turn.Begun!.Task ? turn : null;
    }

    private void Enqueue(Turn turn)
    {
        if (waitingCount >= MostWaiting)
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

    private void Begin(Turn turn)
    {
        turn.Started = clock.GetTimestamp();
        entering.Enqueue(turn);
        enteringCount++;
    }

    private void BeginNext()
    {
        while (enteringCount < Most && order.TryDequeue(out var address))
        {
            var queue = waiting[address];
            if (queue.First is not { Value: var turn })
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
        while (entering.TryPeek(out var oldest)
            && (oldest.Ended || clock.GetElapsedTime(oldest.Started) >= LongestTurn))
        {
            entering.Dequeue();
            End(oldest);
        }
    }

    private void End(Turn turn)
    {
        if (!turn.Ended)
        {
            turn.Ended = true;
            enteringCount--;
        }
    }

    private void Refuse(Turn turn)
    {
        Unlink(turn);
        turn.Ended = true;
        turn.Begun!.SetResult(false);
    }

    private void Unlink(Turn turn)
    {
        turn.Place!.List!.Remove(turn.Place);
        turn.Place = null;
        waitingCount--;
    }

    private void Leave(Turn turn)
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

    /// <summary>Somebody who enters, or waits for it.</summary>
    internal sealed class Turn(ConnectTurns owner, UInt128 address)
    {
        /// <summary>Identifies the address that waits.</summary>
        public UInt128 Address => address;

        /// <summary>The place in the queue; null unless the turn waits.</summary>
        public LinkedListNode<Turn>? Place { get; set; }

        /// <summary>True when the turn begins, false when it is refused; null if it never waited.</summary>
        public TaskCompletionSource<bool>? Begun { get; set; }

        /// <summary>When the turn began.</summary>
        public long Started { get; set; }

        /// <summary>Whether somebody else may enter in its place.</summary>
        public bool Ended { get; set; }

        /// <summary>Ends the turn, or gives up waiting for it.</summary>
        public void End() => owner.Leave(this);
    }
}
