using System.Collections.Concurrent;
using Microsoft.AspNetCore.SignalR;
using Polls.Core.Telemetry;

namespace Polls.Api.Connections;

/// <summary>The outbox of every hub connection of this instance, by connection id.</summary>
public sealed class ConnectionOutboxes
{
    /// <summary>How many messages may wait for one connection before it is aborted.</summary>
    public const int QueueLimit = 256;

    /// <summary>How long one write to a client may stay pending before the client is aborted.</summary>
    public static readonly TimeSpan StallLimit = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, ConnectionOutbox> outboxes = new(StringComparer.Ordinal);
    private readonly TimeProvider time;
    private readonly PollsMetrics metrics;
    private readonly ILogger logger;

    /// <summary>Starts with no connection.</summary>
    public ConnectionOutboxes(TimeProvider time, PollsMetrics metrics, ILogger<ConnectionOutboxes> logger)
    {
        (this.time, this.metrics, this.logger) = (time, metrics, logger);
        metrics.ObserveConnections(() => outboxes.Count);
    }

    /// <summary>The ids of all connections of this instance.</summary>
    public IEnumerable<string> Ids => outboxes.Select(item => item.Key);

    /// <summary>The outbox of a connection; null when it is not, or no longer, connected to this instance.</summary>
    public ConnectionOutbox? Find(string connectionId) => outboxes.GetValueOrDefault(connectionId);

    internal void Add(HubConnectionContext connection) =>
        outboxes[connection.ConnectionId] = new ConnectionOutbox(connection, QueueLimit, StallLimit, time, metrics, logger);

    internal void Remove(HubConnectionContext connection)
    {
        if (outboxes.TryRemove(connection.ConnectionId, out var outbox))
        {
            outbox.Close();
        }
    }
}
