using System.Globalization;

namespace Polls.Prove.Checks;

/// <summary>
/// How many threads of the whole machine want a core, many times a second. Where it is many more than there are cores, somebody else works
/// here too, and how long something took says nothing of the product.
/// </summary>
internal sealed class Pulse : IAsyncDisposable
{
    // Nobody votes while times are measured: the cluster and the suite hardly want a core then.
    private static readonly double Busy = 2 * Environment.ProcessorCount;
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(10);
    private readonly CancellationTokenSource stop = new();
    private readonly Lock sync = new();
    private readonly Task beating;
    private double sum;
    private int beats;

    public Pulse() => beating = BeatAsync();

    /// <summary>The average number of threads that wanted a core since the last <see cref="Reset"/>.</summary>
    public double Runnable
    {
        get
        {
            lock (sync)
            {
                return beats == 0 ? 0 : sum / beats;
            }
        }
    }

    public bool IsBusy => Runnable > Busy;

    public void Reset()
    {
        lock (sync)
        {
            (sum, beats) = (0, 0);
        }
    }

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
            // Load of 1, 5 and 15 minutes, then runnable/all, then the newest process.
            var runnable = (await File.ReadAllTextAsync("/proc/loadavg", stop.Token)).Split(' ')[3].Split('/')[0];
            lock (sync)
            {
                sum += double.Parse(runnable, CultureInfo.InvariantCulture);
                beats++;
            }

            await Task.Delay(Beat, stop.Token);
        }
    }
}
