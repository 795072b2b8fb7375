using System.Diagnostics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Polls.Core.Telemetry;

namespace Polls.Core.Loops;

/// <summary>
/// Base class of the background loops: waits, does one turn's work, and waits again until the host stops. No exception
/// ends the loop. Each failure is counted in <c>polls_loop_failures_total</c>; of several in a row only the first is logged
/// (event 1300), and so is the first turn that works again (event 1301).
/// </summary>
/// <param name="loop">Names the loop in logs and in the metric.</param>
/// <param name="clock">Times the waits.</param>
/// <param name="metrics">Counts failures.</param>
/// <param name="log">Receives failures and recoveries.</param>
public abstract class LoopService(BackgroundLoop loop, TimeProvider clock, PollsMetrics metrics, ILogger log) : BackgroundService
{
    private static readonly TimeSpan FirstBackoff = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FinishLimit = TimeSpan.FromSeconds(2);
    private readonly Lock gate = new();
    private TaskCompletionSource wake = NewSignal();
    private TimeSpan interval;
    private int failures;

    /// <summary>
    /// How long to wait for the next turn unless <see cref="Wake"/> is called first; read before each wait, the one before the
    /// first turn included. <see cref="Timeout.InfiniteTimeSpan"/> waits for <see cref="Wake"/> only.
    /// </summary>
    protected abstract TimeSpan Interval { get; }

    /// <summary>
    /// The share of <see cref="Interval"/> by which a wait may be longer, at random, so that instances that started together
    /// do not work at the same moments.
    /// </summary>
    protected virtual double Jitter => 0.2;

    /// <summary>The clock that times the waits.</summary>
    protected TimeProvider Clock => clock;

    /// <summary>The metrics that count failures.</summary>
    protected PollsMetrics Metrics => metrics;

    /// <summary>The log that receives failures and recoveries.</summary>
    protected ILogger Log => log;

    /// <summary>Stops the loop and lets it finish.</summary>
    /// <param name="cancellationToken">Ends when the host does not wait any longer.</param>
    public sealed override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (ExecuteTask is not { IsCompleted: true })
        {
            // Never started, or the host does not wait for the last turn any longer.
            return;
        }

        using var limit = new CancellationTokenSource(FinishLimit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            await FinishAsync(either.Token).WaitAsync(either.Token);
        }
        catch (Exception exception)
        {
            metrics.LoopFailed(loop);
            LoopLog.Unfinished(log, exception, loop);
        }
    }

    /// <summary>
    /// Begins the next turn at once, or as soon as the present one or the wait after a failure is over. Never lost: what the
    /// caller changed before the call is seen by a turn that begins after it.
    /// </summary>
    protected void Wake()
    {
        lock (gate)
        {
            wake.TrySetResult();
        }
    }

    /// <summary>Does one turn's work. The loop's calls never overlap.</summary>
    /// <param name="stoppingToken">Ends when the host stops.</param>
    protected abstract Task RunOnceAsync(CancellationToken stoppingToken);

    /// <summary>Called once while the host stops, after the last turn: completes what must not be left undone.</summary>
    /// <param name="cancellationToken">Ends after two seconds, or earlier if the host does not wait that long.</param>
    protected virtual Task FinishAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The work belongs to no trace of the code that started the host.
        Activity.Current = null;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await WaitAsync(stoppingToken);
                await RunOnceAsync(stoppingToken);
                Worked();
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                Failed(exception);
            }
        }
    }

    private async Task WaitAsync(CancellationToken stoppingToken)
    {
        if (failures > 0)
        {
            // A signal does not shorten this wait: with one signal per vote a failing loop would never pause.
            await Task.Delay(Backoff(), clock, stoppingToken);
        }
        else
        {
            interval = Interval;
            var wait = interval == Timeout.InfiniteTimeSpan ? interval : interval * (1 + (Jitter * Random.Shared.NextDouble()));
            await wake.Task.WaitAsync(wait, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            stoppingToken.ThrowIfCancellationRequested();
        }

        lock (gate)
        {
            if (wake.Task.IsCompleted)
            {
                wake = NewSignal();
            }
        }
    }

    /// <summary>Doubles with each failure up to the latest interval, or up to one second where that is longer.</summary>
    private TimeSpan Backoff()
    {
        var longest = interval > LongestBackoff ? interval : LongestBackoff;
        var backoff = FirstBackoff * Math.Pow(2, Math.Min(failures, 30) - 1);
        // Half of it at random: instances that lost the same server do not come back together.
        return (backoff < longest ? backoff : longest) * (0.5 + (0.5 * Random.Shared.NextDouble()));
    }

    private void Worked()
    {
        if (failures > 0)
        {
            LoopLog.Recovered(log, loop, failures);
            failures = 0;
        }
    }

    private void Failed(Exception exception)
    {
        metrics.LoopFailed(loop);
        if (failures++ == 0)
        {
            LoopLog.Failed(log, exception, loop);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
