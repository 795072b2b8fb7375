using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Polls.Core.Telemetry;

namespace Polls.Api.Connections;

/// <summary>
/// What one connection still has to be sent. Sending never waits: while the connection keeps up, a message goes
/// straight to it; while a write is pending, messages wait here, at most <c>limit</c> of them, and newest-state
/// messages replace each other. So a stalled client delays nobody and costs bounded memory. A client for which
/// too much waits is cut off, because on reconnecting it gets the whole state anyway.
/// </summary>
/// <remarks>
/// A write that stays pending for <c>stallLimit</c> cuts the client off too. SignalR's own <c>ClientTimeoutInterval</c>
/// does not do it: it watches only those clients that have ever sent a ping.
/// </remarks>
public sealed class ConnectionOutbox(
    HubConnectionContext connection, int limit, TimeSpan stallLimit, TimeProvider time, PollsMetrics metrics, ILogger logger)
{
    private static readonly SerializedHubMessage Away = new(new CloseMessage(error: null, allowReconnect: true));
    private readonly Lock gate = new();
    private WaitingMessages? waiting;

    // Somebody is in WriteAsync: whoever comes meanwhile leaves the message here instead of waiting for a turn.
    private bool writing;

    // That write did not complete at once: messages that come now are late ones.
    private bool pending;
    private bool slow;
    private bool closed;
    private bool sentAway;

    /// <summary>How many messages wait at present.</summary>
    public int Waiting
    {
        get
        {
            lock (gate) return waiting?.Count ?? 0;
        }
    }

    /// <summary>Sends a message after all that were sent before.</summary>
    public void Send(SerializedHubMessage message)
    {
        if (MayWrite(message, key: null)) Write(message);
    }

    /// <summary>Sends a state; if an older one with this key still waits, this one takes its place.</summary>
    public void SendNewest(string key, SerializedHubMessage message)
    {
        if (MayWrite(message, key)) Write(message);
    }

    /// <summary>Sends states; those of which an older one still waits take its place.</summary>
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
    /// Tells the client, once and after all that was sent before, to leave and to connect again. Unlike an abort, after
    /// which SignalR's clients do not come again.
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

    /// <summary>Drops the state that waits under this key; what is already being written is not taken back.</summary>
    public void Forget(string key)
    {
        lock (gate) waiting?.Remove(key);
    }

    /// <summary>Drops everything and takes no more: the connection is gone.</summary>
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

    // Outside the lock, because serialising and the transport's pipe are foreign code.
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
            await write.AsTask().WaitAsync(stallLimit, time);
            while (Next() is { } next) await connection.WriteAsync(next, CancellationToken.None).AsTask().WaitAsync(stallLimit, time);
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
        metrics.ConnectionFellBehind();
    }

    private void CatchUp()
    {
        if (!slow) return;
        slow = false;
        metrics.ConnectionCaughtUp();
    }

    private void Overflow()
    {
        metrics.ConnectionOverflowed();
        ConnectionLog.Overflowed(logger, connection.ConnectionId, limit);
        Close();
        connection.Abort();
    }

    private void Fail(Exception exception)
    {
        ConnectionLog.WriteFailed(logger, exception, connection.ConnectionId);
        Close();
        connection.Abort();
    }
}
