using System.Diagnostics;

namespace Polls.Prove.Checks;

/// <summary>How well this process gets its turn: where the machine does not let the suite run, it cannot judge times either.</summary>
internal sealed class Pulse : IAsyncDisposable
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(10);
    private readonly CancellationTokenSource stop = new();
    private readonly Task beating;
    private long longest;

    public Pulse() => beating = BeatAsync();

    /// <summary>The longest that a beat was late since the last <see cref="Reset"/>.</summary>
    public TimeSpan Longest => new(Interlocked.Read(ref longest));

    public void Reset() => Interlocked.Exchange(ref longest, 0);

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await beating.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stop.Dispose();
    }

    private async Task BeatAsync()
    {
        while (true)
        {
            var started = Stopwatch.GetTimestamp();
            await Task.Delay(Beat, stop.Token);
            var late = (Stopwatch.GetElapsedTime(started) - Beat).Ticks;
            if (late > Interlocked.Read(ref longest))
            {
                Interlocked.Exchange(ref longest, late);
            }
        }
    }
}
