using Polls.Api.Backplane;

namespace Polls.Api.Redis;

/// <summary>
/// Whether Redis answers commands, takes writes and delivers messages. Connected means all three. Logs, counts and
/// raises only when the state changes.
/// </summary>
internal sealed class RedisStatus(RedisMetrics metrics, ILogger log)
{
    private readonly Lock gate = new();
    private volatile bool commands;
    private volatile bool messages;
    private volatile bool refusesWrites;
    private volatile string? lastError;
    private long connectionCount;
    private bool initialFailureLogged;

    /// <summary>Raised when the state changes to connected.</summary>
    public event Action? Connected;

    public bool CommandsUp => commands;

    /// <summary>Whether Redis answers, but last refused a write: out of memory, or a replica.</summary>
    public bool RefusesWrites => refusesWrites;

    public BackplaneState State =>
        commands && messages && !refusesWrites ? BackplaneState.Connected : BackplaneState.Disconnected;

    public string? LastError => lastError;

    /// <summary>A heartbeat was answered.</summary>
    /// <param name="refusal">Why Redis refused the write that belongs to it; null if it took it.</param>
    public void Answered(string? refusal)
    {
        if (!commands || refusesWrites != (refusal is not null))
        {
            Change(toCommands: true, toMessages: null, refusal, toRefusesWrites: refusal is not null);
        }
    }

    public void Heard()
    {
        if (!messages) Change(toCommands: null, toMessages: true, null);
    }

    /// <summary>A call failed. The next one may succeed.</summary>
    public void Failed(string reason)
    {
        lastError = reason;
        metrics.Failed(reason);
    }

    /// <summary>A call received no answer. Further calls fail at once until a heartbeat is answered.</summary>
    public void Unanswered(string reason) => Change(toCommands: false, toMessages: null, reason);

    /// <summary>The instance's own messages do not arrive.</summary>
    public void Silent(string reason) => Change(toCommands: null, toMessages: false, reason);

    /// <summary>
    /// A connection broke, and pending calls or messages may be lost. The next answer or message restores the state.
    /// </summary>
    public void Lost(bool forMessages, string reason) =>
        Change(forMessages ? null : false, forMessages ? false : null, reason);

    /// <summary>
    /// A new connection was made. If the loss of the old one was not noticed, calls or messages may be lost all the
    /// same.
    /// </summary>
    public void Replaced(bool forMessages)
    {
        if (forMessages ? messages : commands)
        {
            Lost(forMessages, "the connection was replaced");
        }
    }

    /// <summary>There is no connection.</summary>
    public void Down(string reason) => Change(toCommands: false, toMessages: false, reason);

    public void Stopped() => commands = messages = false;

    private void Change(bool? toCommands, bool? toMessages, string? reason, bool? toRefusesWrites = null)
    {
        lock (gate)
        {
            var before = State;
            (commands, messages) = (toCommands ?? commands, toMessages ?? messages);
            // Without an answer nothing is known of writes.
            refusesWrites = commands && (toRefusesWrites ?? refusesWrites);
            lastError = reason ?? lastError;
            if (State == before)
            {
                if (connectionCount > 0 || initialFailureLogged || reason is null) return;
                initialFailureLogged = true;
                RedisLog.NotThereYet(log, reason);
                return;
            }

            if (State == BackplaneState.Disconnected)
            {
                RedisLog.Disconnected(log, reason ?? "unknown");
                return;
            }

            metrics.Resynced();
            if (++connectionCount > 1) metrics.Reconnected();
            RedisLog.Connected(log, connectionCount);
        }

        RaiseConnected();
    }

    private void RaiseConnected()
    {
        foreach (var handler in Delegate.EnumerateInvocationList(Connected))
        {
            try
            {
                handler();
            }
            catch (Exception exception)
            {
                metrics.ResyncFailed();
                RedisLog.ResyncHandlerFailed(log, exception);
            }
        }
    }
}
