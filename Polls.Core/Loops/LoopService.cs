using System.Diagnostics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Prometheus;

namespace Polls.Core.Loops;

/// <summary>
/// Base class of the background loops: waits, does the work of one turn, and waits again until the host stops. No
/// exception ends the loop. Each failure is counted in <c>polls_loop_failures_total</c>. Of consecutive failures only
/// the first is logged (event 1300), and so is the first success after them (event 1301).
/// </summary>
/// <param name="loop">The fixed name of the loop in logs and in the metric, in camel case.</param>
/// <param name="clock">Measures the waits.</param>
/// <param name="metrics">Counts failures.</param>
/// <param name="log">Receives failures and recoveries.</param>
public abstract class LoopService(string loop, TimeProvider clock, LoopMetrics metrics, ILogger log) : BackgroundService
{
    private static readonly TimeSpan FirstBackoff = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FinishLimit = TimeSpan.FromSeconds(2);
    private readonly Counter.Child caught = metrics.FailuresOf(loop);
    private readonly Lock gate = new();
    private TaskCompletionSource wake = NewSignal();
    private TimeSpan interval;
    private int failures;

    /// <summary>
    /// How long to wait for the next turn if <see cref="Wake"/> is not called; read before each wait, including the one
    /// before the first turn. <see cref="Timeout.InfiniteTimeSpan"/> waits for <see cref="Wake"/> only.
    /// </summary>
    protected abstract TimeSpan Interval { get; }

    /// <summary>
    /// The share of <see cref="Interval"/> by which a wait can be longer, at random, so that instances that started
    /// together do not work at the same time.
    /// </summary>
    protected virtual double Jitter => 0.2;

    /// <summary>The clock that measures the waits.</summary>
    protected TimeProvider Clock => clock;

    /// <summary>The log that receives failures and recoveries.</summary>
    protected ILogger Log => log;

    /// <summary>Stops the loop and completes its work.</summary>
    /// <param name="cancellationToken">Cancelled when the host stops waiting.</param>
    public sealed override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (ExecuteTask is not { IsCompleted: true })
        {
            // The loop was never started, or the host no longer waits for the last turn.
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
            CountFailure();
            LoopLog.Unfinished(log, exception, loop);
        }
    }

    /// <summary>
    /// Starts the next turn at once, or after the current turn or the wait after a failure. A call is never lost: a
    /// turn that starts after the call sees all changes that the caller made before it.
    /// </summary>
    protected void Wake()
    {
        lock (gate)
        {
            wake.TrySetResult();
        }
    }

    /// <summary>
    /// Counts an exception that the loop caught itself. Exceptions of a turn are counted without this call.
    /// </summary>
    protected void CountFailure() => caught.Inc();

    /// <summary>Does the work of one turn. Calls never overlap.</summary>
    /// <param name="stoppingToken">Cancelled when the host stops.</param>
    protected abstract Task RunOnceAsync(CancellationToken stoppingToken);

    /// <summary>Called once while the host stops, after the last turn: completes work that must not be lost.</summary>
    /// <param name="cancellationToken">Cancelled after two seconds, or earlier if the host waits less.</param>
    protected virtual Task FinishAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The work must not belong to the trace of the code that started the host.
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
            // A signal does not shorten this wait. Otherwise one signal per vote would keep a failing loop busy. A loop
            // with a long interval backs off for as long.
            var longest = interval > LongestBackoff ? interval : LongestBackoff;
            await Task.Delay(Backoff.After(failures, FirstBackoff, longest), clock, stoppingToken);
        }
        else
        {
            interval = Interval;
            var wait = interval == Timeout.InfiniteTimeSpan
                ? interval
                : interval * (1 + (Jitter * Random.Shared.NextDouble()));
            await wake.Task.WaitAsync(wait, clock, stoppingToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
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
        CountFailure();
        if (failures++ == 0)
        {
            LoopLog.Failed(log, exception, loop);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
