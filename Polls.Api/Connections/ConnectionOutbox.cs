using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace Polls.Api.Connections;

/// <summary>
/// The messages to be sent to one connection. Sending never waits. While the connection keeps up, a message is written
/// to it at once. While a write is pending, up to <c>limit</c> messages wait here, and newer state messages replace
/// older ones. So a stalled client delays no other client and uses bounded memory. A client with too many waiting
/// messages is aborted, because it receives the full state when it reconnects.
/// </summary>
/// <remarks>
/// A write that stays pending for <c>stallLimit</c> also aborts the client. SignalR's <c>ClientTimeoutInterval</c> does
/// not cover this case: it applies only to clients that have sent a ping.
/// </remarks>
public sealed class ConnectionOutbox(
    HubConnectionContext connection, int limit, TimeSpan stallLimit, TimeProvider clock, ConnectionMetrics metrics,
    ILogger log)
{
    private static readonly SerializedHubMessage Away = new(new CloseMessage(error: null, allowReconnect: true));
    private readonly Lock gate = new();
    private WaitingMessages? waiting;

    // A WriteAsync call is in progress. Other callers queue their message here and do not wait.
    private bool writing;

    // The write did not complete synchronously, so queued messages are late.
    private bool pending;
    private bool slow;
    private bool closed;
    private bool sentAway;

    /// <summary>The number of waiting messages.</summary>
    public int Waiting
    {
        get
        {
            lock (gate) return waiting?.Count ?? 0;
        }
    }

    /// <summary>Sends a message after all earlier messages.</summary>
    public void Send(SerializedHubMessage message)
    {
        if (MayWrite(message, key: null)) Write(message);
    }

    /// <summary>Sends a state. Replaces a waiting state with the same key.</summary>
    public void SendNewest(string key, SerializedHubMessage message)
    {
        if (MayWrite(message, key)) Write(message);
    }

    /// <summary>Sends states. Each replaces a waiting state with the same key.</summary>
    public void SendNewest(NewestMessages messages)
    {
        if (messages.Count > 0 && MayWrite())
        {
            Write(messages.Together);
            return;
        }

        foreach (var (key, message) in messages.Each)
        {
            SendNewest(key, message);
        }
    }

    /// <summary>
    /// Sends a close message once, after all earlier messages, that asks the client to reconnect. After an abort,
    /// SignalR's clients do not reconnect.
    /// </summary>
    public void SendAway()
    {
        lock (gate)
        {
            if (sentAway) return;
            sentAway = true;
        }

        Send(Away);
    }

    /// <summary>Drops the state that waits under this key. A write in progress is not cancelled.</summary>
    public void Forget(string key)
    {
        lock (gate) waiting?.Remove(key);
    }

    /// <summary>Drops all messages and accepts no more, because the connection has closed.</summary>
    internal void Close()
    {
        lock (gate)
        {
            closed = true;
            waiting = null;
            CatchUp();
        }
    }

    private bool MayWrite()
    {
        lock (gate) return !closed && !writing && (writing = true);
    }

    private bool MayWrite(SerializedHubMessage message, string? key)
    {
        lock (gate)
        {
            if (closed) return false;
            if (!writing) return writing = true;

            waiting ??= new WaitingMessages();
            if (waiting.Replace(key, message))
            {
                metrics.MessageReplaced();
                return false;
            }

            if (waiting.Count < limit)
            {
                waiting.Add(key, message);
                if (pending) FallBehind();
                return false;
            }
        }

        Overflow();
        return false;
    }

    // Outside the lock, because it calls external code: the serializer and the transport's pipe.
    private void Write(SerializedHubMessage message)
    {
        SerializedHubMessage? next = message;
        do
        {
            try
            {
                var write = connection.WriteAsync(next, CancellationToken.None);
                if (!write.IsCompleted)
                {
                    _ = FinishAsync(write);
                    return;
                }

                write.GetAwaiter().GetResult();
            }
            catch (Exception exception)
            {
                Fail(exception);
                return;
            }
        }
        while ((next = Next()) is not null);
    }

    private async Task FinishAsync(ValueTask write)
    {
        lock (gate)
        {
            pending = true;
            if (waiting?.Count > 0) FallBehind();
        }

        try
        {
            await write.AsTask().WaitAsync(stallLimit, clock);
            while (Next() is { } next)
                await connection.WriteAsync(next, CancellationToken.None).AsTask().WaitAsync(stallLimit, clock);
        }
        catch (Exception exception)
        {
            Fail(exception);
        }
    }

    private SerializedHubMessage? Next()
    {
        lock (gate)
        {
            if (!closed && waiting?.TryTake(out var next) == true) return next;
            writing = pending = false;
            CatchUp();
            return null;
        }
    }

    private void FallBehind()
    {
        if (slow || closed) return;
        slow = true;
        metrics.FellBehind();
    }

    private void CatchUp()
    {
        if (!slow) return;
        slow = false;
        metrics.CaughtUp();
    }

    private void Overflow()
    {
        metrics.Overflowed();
        ConnectionLog.Overflowed(log, connection.ConnectionId, limit);
        Close();
        connection.Abort();
    }

    private void Fail(Exception exception)
    {
        ConnectionLog.WriteFailed(log, connection.ConnectionId, exception.Message);
        Close();
        connection.Abort();
    }
}
