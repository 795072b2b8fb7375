using System.Globalization;

namespace Polls.Prove.Checks;

/// <summary>
/// Samples the number of runnable threads on the machine. If it is far above the number of cores, other programs are at
/// work, and times say nothing about the product.
/// </summary>
internal sealed class RunQueue : IAsyncDisposable
{
    // Nobody votes while times are measured, so the cluster and the suite need little CPU then.
    private static readonly double BusyThreshold = 2 * Environment.ProcessorCount;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);
    private readonly CancellationTokenSource stop = new();
    private readonly Lock sync = new();
    private readonly Task sampling;
    private double sum;
    private int samples;

    public RunQueue() => sampling = SampleAsync();

    /// <summary>The average number of runnable threads since the last <see cref="Reset"/>.</summary>
    public double Runnable
    {
        get
        {
            lock (sync)
            {
                return samples == 0 ? 0 : sum / samples;
            }
        }
    }

    public bool IsBusy => Runnable > BusyThreshold;

    public void Reset()
    {
        lock (sync)
        {
            (sum, samples) = (0, 0);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await sampling.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stop.Dispose();
    }

    private async Task SampleAsync()
    {
        while (true)
        {
            // The fields are: load of 1, 5 and 15 minutes, runnable/all threads, the newest process.
            var runnable = (await File.ReadAllTextAsync("/proc/loadavg", stop.Token)).Split(' ')[3].Split('/')[0];
            lock (sync)
            {
                sum += double.Parse(runnable, CultureInfo.InvariantCulture);
                samples++;
            }

            await Task.Delay(Interval, stop.Token);
        }
    }
}
