using System.Collections.Frozen;
using Polls.Core.Loops;
using Polls.Core.Telemetry;
using Prometheus;

namespace Polls.Api.Redis;

/// <summary>The connection to Redis: calls, outages, and the heartbeats that travel over the backplane.</summary>
public sealed class RedisMetrics(CollectorRegistry registry, LoopMetrics loops)
{
    private readonly Histogram heartbeatLag = registry.Histogram(
        "polls_backplane_lag_seconds", "Time from publishing a heartbeat to receiving it on this instance.",
        Instruments.Lags);

    private readonly Counter resyncs = registry.Counter(
        "polls_backplane_resyncs_total", "Comparisons with PostgreSQL because messages may have been lost.");

    private readonly Counter reconnects = registry.Counter(
        "polls_redis_reconnects_total", "Connections to Redis made after the first one.");

    private readonly Counter failures =
        registry.Counter("polls_redis_failures_total", "Redis calls without an answer.", "reason");
    private readonly Histogram callDuration = registry.Histogram(
        "polls_redis_call_duration_seconds", "Duration of answered Redis calls.", Instruments.Lags);

    private readonly Counter.Child resyncFailures = loops.FailuresOf("redisResync");
    private FrozenDictionary<string, Counter.Child> usualFailures = FrozenDictionary<string, Counter.Child>.Empty;

    /// <summary>Exports the state of the connection, and failures for all usual reasons as zero.</summary>
    /// <param name="up">1 while Redis answers, takes writes and delivers messages.</param>
    /// <param name="refusesWrites">1 while Redis answers but refuses writes.</param>
    /// <param name="callsInFlight">The number of calls in progress.</param>
    public void Observe(Func<int> up, Func<int> refusesWrites, Func<int> callsInFlight)
    {
        registry.Observe(
            "polls_redis_up", "1 while Redis answers, takes writes and delivers messages; 0 while it does not.", up);
        registry.Observe(
            "polls_redis_refuses_writes", "1 while Redis answers but refuses writes: out of memory, or a replica.",
            refusesWrites);
        registry.Observe("polls_redis_calls_inflight", "Redis calls in progress.", callsInFlight);
        usualFailures = RedisFault.Usual.ToFrozenDictionary(reason => reason, reason => failures.WithLabels(reason));
    }

    /// <summary>The instance reconnected to Redis.</summary>
    public void Reconnected() => reconnects.Inc();

    /// <summary>A call to Redis received no answer.</summary>
    /// <param name="reason">One of a few fixed words.</param>
    public void Failed(string reason) => (usualFailures.GetValueOrDefault(reason) ?? failures.WithLabels(reason)).Inc();

    /// <summary>Redis answered a call.</summary>
    public void Answered(TimeSpan duration) => callDuration.Observe(duration.TotalSeconds);

    /// <summary>This instance received its own heartbeat.</summary>
    public void HeartbeatHeard(TimeSpan lag) => heartbeatLag.Observe(lag.TotalSeconds);

    /// <summary>Subscribers were notified that messages may be missing.</summary>
    public void Resynced() => resyncs.Inc();

    /// <summary>A subscriber that was notified threw an exception.</summary>
    public void ResyncFailed() => resyncFailures.Inc();
}
