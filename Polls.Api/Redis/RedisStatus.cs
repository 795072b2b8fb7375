using Polls.Api.Backplane;
using Polls.Core.Telemetry;

namespace Polls.Api.Redis;

/// <summary>
/// Whether Redis answers (commands) and whether it delivers (messages); connected is both. Logs, counts and
/// raises on transitions only.
/// </summary>
internal sealed class RedisStatus(PollsMetrics metrics, ILogger logger)
{
    private readonly Lock gate = new();
    private volatile bool commands;
    private volatile bool messages;
    private volatile string? lastError;
    private long timesUp;
    private bool saidNotThereYet;

    /// <summary>Raised on every transition to connected.</summary>
    public event Action? CameUp;

    public bool CommandsUp => commands;

    public BackplaneState State => commands && messages ? BackplaneState.Connected : BackplaneState.Disconnected;

    public string? LastError => lastError;

    public void Answered()
    {
        if (!commands) Change(toCommands: true, toMessages: null, null);
    }

    public void Heard()
    {
        if (!messages) Change(toCommands: null, toMessages: true, null);
    }

    /// <summary>A call failed, which says nothing yet about the next one.</summary>
    public void Failed(string reason)
    {
        lastError = reason;
        metrics.RedisFailed(reason);
    }

    /// <summary>A call got no answer: until a heartbeat gets one, further calls fail at once.</summary>
    public void Unanswered(string reason) => Change(toCommands: false, toMessages: null, reason);

    /// <summary>Own messages stay away.</summary>
    public void Silent(string reason) => Change(toCommands: null, toMessages: false, reason);

    /// <summary>A connection broke: what was under way on it may be lost. It counts as back with the next answer, or message.</summary>
    public void Lost(bool forMessages, string reason) => Change(forMessages ? null : false, forMessages ? false : null, reason);

    /// <summary>There is no connection.</summary>
    public void Down(string reason) => Change(toCommands: false, toMessages: false, reason);

    public void Stopped() => commands = messages = false;

    private void Change(bool? toCommands, bool? toMessages, string? reason)
    {
        lock (gate)
        {
            var before = State;
            (commands, messages) = (toCommands ?? commands, toMessages ?? messages);
            lastError = reason ?? lastError;
            if (State == before)
            {
                if (timesUp > 0 || saidNotThereYet || reason is null) return;
                saidNotThereYet = true;
                RedisLog.NotThereYet(logger, reason);
                return;
            }

            if (State == BackplaneState.Disconnected)
            {
                RedisLog.Disconnected(logger, reason ?? "unknown");
                return;
            }

            metrics.BackplaneResynced();
            if (++timesUp > 1) metrics.RedisReconnected();
            RedisLog.Connected(logger, timesUp);
        }

        RaiseCameUp();
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
