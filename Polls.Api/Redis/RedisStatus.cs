using Polls.Api.Backplane;
using Polls.Core.Telemetry;

namespace Polls.Api.Redis;

/// <summary>
/// Whether Redis answers (commands) and whether it delivers (messages); connected is both. Logs, counts and
/// raises on transitions only.
/// </summary>
internal sealed class RedisStatus
{
    private readonly Lock gate = new();
    private readonly TimeProvider time;
    private readonly PollsMetrics metrics;
    private readonly ILogger logger;
    private volatile bool commands;
    private volatile bool messages;
    private long linksUp;
    private long resyncs;
    private bool linkCounted;
    private bool saidNotThereYet;
    private (string Reason, DateTimeOffset At)? lastError;

    public RedisStatus(TimeProvider time, PollsMetrics metrics, ILogger logger)
    {
        this.time = time;
        this.metrics = metrics;
        this.logger = logger;
    }

    /// <summary>Raised on every transition to connected.</summary>
    public event Action? CameUp;

    public bool CommandsUp => commands;

    /// <summary>How many links have come to be connected.</summary>
    public long LinksUp => Interlocked.Read(ref linksUp);

    public BackplaneState State => commands && messages ? BackplaneState.Connected : BackplaneState.Disconnected;

    public RedisHealth Health
    {
        get
        {
            lock (gate)
                return new RedisHealth(State, lastError?.Reason, lastError?.At, Math.Max(0, linksUp - 1), resyncs);
        }
    }

    public void LinkBegan()
    {
        lock (gate) linkCounted = false;
    }

    public void Answered()
    {
        if (!commands) Change(toCommands: true, toMessages: messages, null);
    }

    public void Heard()
    {
        if (!messages) Change(toCommands: commands, toMessages: true, null);
    }

    /// <summary>A call failed, which says nothing yet about the next one.</summary>
    public void Failed(string reason)
    {
        lock (gate) lastError = (reason, time.GetUtcNow());
        metrics.RedisFailed(reason);
    }

    /// <summary>A call got no answer: until a heartbeat gets one, further calls fail at once.</summary>
    public void Unanswered(string reason) => Change(toCommands: false, toMessages: messages, reason);

    /// <summary>The link is over, or there is none.</summary>
    public void Down(string reason) => Change(toCommands: false, toMessages: false, reason);

    public void Stopped()
    {
        lock (gate) commands = messages = false;
    }

    private void Change(bool toCommands, bool toMessages, string? reason)
    {
        lock (gate)
        {
            var before = State;
            (commands, messages) = (toCommands, toMessages);
            if (reason is not null) lastError = (reason, time.GetUtcNow());
            if (State == before)
            {
                if (linksUp > 0 || saidNotThereYet || reason is null) return;
                saidNotThereYet = true;
                RedisLog.NotThereYet(logger, reason);
                return;
            }

            if (State == BackplaneState.Disconnected)
            {
                RedisLog.Disconnected(logger, reason ?? "unknown");
                return;
            }

            CountUp();
        }

        RaiseCameUp();
    }

    private void CountUp()
    {
        resyncs++;
        metrics.BackplaneResynced();
        if (!linkCounted && Interlocked.Increment(ref linksUp) > 1) metrics.RedisReconnected();
        linkCounted = true;
        RedisLog.Connected(logger, linksUp);
    }

    private void RaiseCameUp()
    {
        foreach (var handler in Delegate.EnumerateInvocationList(CameUp))
        {
            try
            {
                handler();
            }
            catch (Exception exception)
            {
                metrics.LoopFailed(BackgroundLoop.RedisResync);
                RedisLog.ResyncHandlerFailed(logger, exception);
            }
        }
    }
}
