using System.Diagnostics;

namespace Polls.Prove.People;

/// <summary>
/// Pauses all voters and the host, so that the state of the room can be checked while it does not change.
/// </summary>
internal sealed class VotingGate
{
    private volatile TaskCompletionSource open = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int active;

    /// <summary>Waits until the gate is open; every call must be followed by <see cref="Leave"/>.</summary>
    public async Task EnterAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await open.Task.WaitAsync(cancellationToken);
            Interlocked.Increment(ref active);
            if (open.Task.IsCompleted)
            {
                return;
            }

            Leave();
        }
    }

    public void Leave() => Interlocked.Decrement(ref active);

    public void Open() => open.TrySetResult();

    /// <summary>Closes the gate and waits for those inside; returns false after the time limit.</summary>
    public async Task<bool> PauseAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        if (open.Task.IsCompleted)
        {
            open = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        var started = Stopwatch.GetTimestamp();
        while (Volatile.Read(ref active) > 0)
        {
            if (Stopwatch.GetElapsedTime(started) > limit)
            {
                return false;
            }

            await Task.Delay(10, cancellationToken);
        }

        return true;
    }
}
