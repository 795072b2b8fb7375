using Polls.Core.Telemetry;
using Prometheus;

namespace Polls.Api.Connections;

/// <summary>Hub connections and the messages that wait for them.</summary>
public sealed class ConnectionMetrics(CollectorRegistry registry)
{
    private readonly Counter replaced = registry.Counter(
        "polls_hub_messages_replaced_total", "Waiting state messages replaced by a newer one.");

    private readonly Gauge slow =
        registry.Gauge("polls_hub_connections_slow", "Hub connections with waiting messages.");
    private readonly Counter overflowed = registry.Counter(
        "polls_hub_connections_overflowed_total", "Hub connections aborted because too many messages waited.");

    /// <summary>Exports the number of open hub connections.</summary>
    public void Observe(Func<int> open) => registry.Observe(
        "websocket_connections_current", "Hub connections that are open on this instance, with any transport.", open);

    /// <summary>Exports how many wait for their turn to connect.</summary>
    public void ObserveWaiting(Func<int> waiting) => registry.Observe(
        "polls_hub_connections_waiting", "Requests for a WebSocket that wait for their turn.", waiting);

    /// <summary>A connection is slow: messages started to wait for it.</summary>
    public void FellBehind() => slow.Inc();

    /// <summary>A connection is no longer slow: no messages wait, or it has closed.</summary>
    public void CaughtUp() => slow.Dec();

    /// <summary>A newer state replaced a waiting one.</summary>
    public void MessageReplaced() => replaced.Inc();

    /// <summary>A connection was aborted because too many messages waited for it.</summary>
    public void Overflowed() => overflowed.Inc();
}
