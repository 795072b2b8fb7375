using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Polls.Core.Loops;
using Polls.Tests.Servers;

namespace Polls.Tests.Loops;

public sealed class LoopServiceTests : IAsyncLifetime
{
    private readonly TestMetrics metrics = new();
    private readonly WaitClock clock = new();
    private readonly Recorder log = new();
    private readonly TestLoop loop;

    public LoopServiceTests() => loop = new TestLoop(clock, metrics.Loops, log);

    private long Failures => metrics["polls.loop.failures"];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await loop.StopAsync(default);
        loop.Dispose();
        metrics.Dispose();
    }

    [Fact]
    public void The_series_of_a_loop_that_never_failed_is_zero() =>
        metrics.Read().Series.ShouldContain(("polls_loop_failures_total{loop=\"test\"}", 0));

    [Fact]
    public async Task Turns_are_an_interval_apart_plus_up_to_a_fifth()
    {
        await loop.StartAsync(default);
        for (var turn = 1; turn <= 20; turn++)
        {
            (await WaitAsync(turn)).ShouldBeInRange(TestLoop.Usual, TestLoop.Usual * 1.2);
            loop.Turns.ShouldBe(turn - 1, "no turn before its time");
            clock.Advance(clock.Waits.Last());
        }

        clock.Waits.Distinct().Count().ShouldBeGreaterThan(1, "turns of different instances must not coincide");
        log.Events.ShouldBeEmpty();
    }

    [Fact]
    public async Task Any_exception_is_survived_and_counted_and_each_run_of_failures_is_logged_once()
    {
        var failures = new Exception[]
            { new InvalidOperationException(), new OperationCanceledException(), new NotSupportedException(), new TimeoutException() };
        await loop.StartAsync(default);
        foreach (var failure in failures)
        {
            loop.Failure = failure;
            await TurnAsync();
        }

        await Until.TrueAsync(() => Failures == failures.Length, "each failure is counted");
        log.Events.ShouldBe([(1300, LogLevel.Error)]);
        loop.Failure = null;
        await TurnAsync();
        await Until.TrueAsync(() => log.Events.Count == 2, "the recovery is logged");
        loop.Failure = failures[0];
        await TurnAsync();
        await Until.TrueAsync(() => log.Events.Count == 3, "the next series of failures is logged too");
        log.Events.ShouldBe([(1300, LogLevel.Error), (1301, LogLevel.Information), (1300, LogLevel.Error)]);
    }

    [Fact]
    public async Task The_wait_after_a_failure_doubles_up_to_the_interval_and_starts_again_after_a_success()
    {
        loop.Failure = new InvalidOperationException();
        await loop.StartAsync(default);
        for (var again = 0; again < 2; again++)
        {
            await TurnAsync();
            foreach (var longest in new double[] { 50, 100, 200, 400, 800, 1600, 3200, 5000, 5000, 5000 })
            {
                await AssertBackoffAsync(longest);
                await TurnAsync();
            }

            loop.Failure = null;
            await TurnAsync();
            (await WaitAsync(loop.Turns + 1)).ShouldBeGreaterThanOrEqualTo(TestLoop.Usual);
            loop.Failure = new InvalidOperationException();
        }
    }

    [Fact]
    public async Task A_short_interval_does_not_keep_the_backoff_below_a_second()
    {
        (loop.Pause, loop.Failure) = (TimeSpan.FromMilliseconds(10), new InvalidOperationException());
        await loop.StartAsync(default);
        await TurnAsync();
        foreach (var longest in new double[] { 50, 100, 200, 400, 800, 1000, 1000 })
        {
            await AssertBackoffAsync(longest);
            await TurnAsync();
        }
    }

    [Fact]
    public async Task A_signal_starts_a_turn_early_and_one_during_a_turn_starts_another()
    {
        loop.Pause = Timeout.InfiniteTimeSpan;
        await loop.StartAsync(default);
        loop.Signal();
        await Until.TrueAsync(() => loop.Turns == 1, "the signal started a turn");

        var busy = new TaskCompletionSource();
        loop.Work = _ => busy.Task;
        loop.Signal();
        await Until.TrueAsync(() => loop.Turns == 2, "the second turn is running");
        loop.Signal();
        loop.Signal();
        busy.SetResult();
        await Until.TrueAsync(() => loop.Turns == 3, "a signal during a turn is not lost");
    }

    [Fact]
    public async Task Signals_do_not_shorten_the_wait_after_a_failure_and_are_not_lost_in_it()
    {
        (loop.Pause, loop.Failure) = (Timeout.InfiniteTimeSpan, new InvalidOperationException());
        await loop.StartAsync(default);
        loop.Signal();
        await WaitAsync(1);
        loop.Signal();
        loop.Failure = null;
        loop.Turns.ShouldBe(1);
        clock.Advance(clock.Waits.Last());
        await Until.TrueAsync(() => loop.Turns == 2, "the retry follows after the backoff");
    }

    [Fact]
    public async Task A_turn_is_not_part_of_the_trace_of_the_code_that_started_the_loop_or_signalled()
    {
        using var source = new ActivitySource(nameof(LoopServiceTests));
        using var listener = new ActivityListener
        {
            ShouldListenTo = candidate => candidate == source,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
        };
        ActivitySource.AddActivityListener(listener);
        var seen = new ConcurrentQueue<Activity?>();
        loop.Pause = Timeout.InfiniteTimeSpan;
        loop.Work = _ =>
        {
            seen.Enqueue(Activity.Current);
            return Task.CompletedTask;
        };
        using (source.StartActivity("start").ShouldNotBeNull())
        {
            await loop.StartAsync(default);
            loop.Signal();
            await Until.TrueAsync(() => !seen.IsEmpty, "a turn ran");
        }

        seen.ShouldAllBe(activity => activity == null);
    }

    [Fact]
    public async Task Stopping_ends_the_wait_or_turn_in_progress_and_lets_the_loop_finish()
    {
        loop.Work = token => Task.Delay(Timeout.Infinite, token);
        await loop.StartAsync(default);
        await TurnAsync();
        loop.Finished.ShouldBeFalse();
        await loop.StopAsync(default);
        loop.Finished.ShouldBeTrue();
        loop.ExecuteTask.ShouldNotBeNull().IsCompletedSuccessfully.ShouldBeTrue();
        log.Events.ShouldBeEmpty("a stop is not a failure");
        Failures.ShouldBe(0);
    }

    [Fact]
    public async Task A_loop_that_does_not_finish_delays_the_stop_by_two_seconds_and_is_logged()
    {
        var endless = new TaskCompletionSource();
        loop.Finish = _ => endless.Task;
        await loop.StartAsync(default);
        await WaitAsync(1);
        var stopping = loop.StopAsync(default);
        (await WaitAsync(2)).ShouldBe(TimeSpan.FromSeconds(2));
        stopping.IsCompleted.ShouldBeFalse();
        clock.Advance(TimeSpan.FromSeconds(2));
        await stopping;
        log.Events.ShouldBe([(1302, LogLevel.Warning)]);
        endless.SetResult();
    }

    [Fact]
    public async Task The_host_can_stop_waiting_for_a_turn_that_ignores_the_stop()
    {
        var busy = new TaskCompletionSource();
        loop.Work = _ => busy.Task;
        await loop.StartAsync(default);
        await TurnAsync();
        using var stopLimit = new CancellationTokenSource();
        var stopping = loop.StopAsync(stopLimit.Token);
        stopping.IsCompleted.ShouldBeFalse();
        await stopLimit.CancelAsync();
        await stopping;
        loop.Finished.ShouldBeFalse("its last turn has not ended");
        busy.SetResult();
    }

    /// <summary>Completes the current wait and returns when the next turn has begun.</summary>
    private async Task TurnAsync()
    {
        var before = loop.Turns;
        await WaitAsync(before + 1);
        clock.Advance(clock.Waits.Last());
        await Until.TrueAsync(() => loop.Turns == before + 1, "the next turn has begun");
    }

    private async Task AssertBackoffAsync(double longest) =>
        (await WaitAsync(loop.Turns + 1)).TotalMilliseconds.ShouldBeInRange(longest / 2, longest);

    private async Task<TimeSpan> WaitAsync(int count)
    {
        await Until.TrueAsync(() => clock.Waits.Count >= count, $"the loop waits for the {count}th time");
        return clock.Waits.ElementAt(count - 1);
    }

    private sealed class TestLoop(TimeProvider clock, LoopMetrics metrics, ILogger log)
        : LoopService("test", clock, metrics, log)
    {
        public static readonly TimeSpan Usual = TimeSpan.FromSeconds(5);
        private volatile int turns;

        public TimeSpan Pause { get; set; } = Usual;

        public Exception? Failure { get; set; }

        public Func<CancellationToken, Task> Work { get; set; } = _ => Task.CompletedTask;

        public Func<CancellationToken, Task> Finish { get; set; } = _ => Task.CompletedTask;

        public int Turns => turns;

        public bool Finished { get; private set; }

        protected override TimeSpan Interval => Pause;

        public void Signal() => Wake();

        protected override async Task RunOnceAsync(CancellationToken stoppingToken)
        {
            var failure = Failure;
            turns++;
            await Work(stoppingToken);
            if (failure is not null)
            {
                throw failure;
            }
        }

        protected override Task FinishAsync(CancellationToken cancellationToken)
        {
            Finished = true;
            return Finish(cancellationToken);
        }
    }

    /// <summary>A clock that stands still until it is advanced, and records each wait.</summary>
    private sealed class WaitClock : FakeTimeProvider
    {
        public ConcurrentQueue<TimeSpan> Waits { get; } = new();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            Waits.Enqueue(dueTime);
            return timer;
        }
    }

    private sealed class Recorder : ILogger
    {
        public ConcurrentQueue<(int Id, LogLevel Level)> Events { get; } = new();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Events.Enqueue((eventId.Id, logLevel));
    }
}
