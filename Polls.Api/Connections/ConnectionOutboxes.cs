using System.Collections.Concurrent;
using Microsoft.AspNetCore.SignalR;

namespace Polls.Api.Connections;

/// <summary>The outboxes of all hub connections of this instance, by connection id.</summary>
public sealed class ConnectionOutboxes
{
    /// <summary>The maximum number of waiting messages of a connection. Beyond it the connection is aborted.</summary>
    public const int QueueLimit = 256;

    /// <summary>How long a write to a client can stay pending before the client is aborted.</summary>
    public static readonly TimeSpan StallLimit = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, ConnectionOutbox> outboxes = new(StringComparer.Ordinal);
    private readonly TimeProvider clock;
    private readonly ConnectionMetrics metrics;
    private readonly ILogger log;

    /// <summary>Creates an empty collection.</summary>
    public ConnectionOutboxes(TimeProvider clock, ConnectionMetrics metrics, ILogger<ConnectionOutboxes> log)
    {
        (this.clock, this.metrics, this.log) = (clock, metrics, log);
        metrics.Observe(() => outboxes.Count);
    }

    /// <summary>The ids of all connections of this instance.</summary>
    public IEnumerable<string> Ids => outboxes.Select(item => item.Key);

    /// <summary>The outbox of a connection; null if it is not connected to this instance.</summary>
    public ConnectionOutbox? Find(string connectionId) => outboxes.GetValueOrDefault(connectionId);

    internal void Add(HubConnectionContext connection) =>
        outboxes[connection.ConnectionId] = new ConnectionOutbox(
            connection, QueueLimit, StallLimit, clock, metrics, log);

    internal void Remove(HubConnectionContext connection)
    {
        if (outboxes.TryRemove(connection.ConnectionId, out var outbox))
        {
            outbox.Close();
        }
    }
}
