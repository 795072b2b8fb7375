using System.Diagnostics;

namespace Polls.Prove.People;

/// <summary>Lets people act, or holds them all still so that it can be seen what they left.</summary>
internal sealed class VotingGate
{
    private volatile TaskCompletionSource open = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int acting;

    /// <summary>Waits until acting is allowed; to be answered with <see cref="Leave"/>.</summary>
    public async Task EnterAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await open.Task.WaitAsync(cancellationToken);
            Interlocked.Increment(ref acting);
            if (open.Task.IsCompleted)
            {
                return;
            }

            Leave();
        }
    }

    public void Leave() => Interlocked.Decrement(ref acting);

    public void Open() => open.TrySetResult();

    /// <summary>Nobody begins anything new; true when all have ended what they had begun within the limit.</summary>
    public async Task<bool> PauseAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        if (open.Task.IsCompleted)
        {
            open = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        var started = Stopwatch.GetTimestamp();
        while (Volatile.Read(ref acting) > 0)
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
