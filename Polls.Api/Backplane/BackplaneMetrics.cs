using Polls.Core.Loops;
using Polls.Core.Telemetry;
using Prometheus;

namespace Polls.Api.Backplane;

/// <summary>Messages between instances.</summary>
public sealed class BackplaneMetrics
{
    private readonly Counter.Child sent;
    private readonly Counter.Child failed;
    private readonly Counter received;
    private readonly Counter.Child handlerFailures;

    /// <summary>Creates the metrics in the registry of this instance.</summary>
    public BackplaneMetrics(CollectorRegistry registry, LoopMetrics loops)
    {
        var outcomes = registry.Counter(
            "polls_backplane_sent_total", "Messages passed to the backplane, by outcome.", "outcome");
        (sent, failed) = (outcomes.WithLabels("sent"), outcomes.WithLabels("failed"));
        received = registry.Counter(
            "polls_backplane_received_total", "Messages that the backplane delivered to this instance.");
        handlerFailures = loops.FailuresOf("backplaneHandler");
    }

    /// <summary>A message was passed to the backplane, successfully or not.</summary>
    public void Sent(bool taken) => (taken ? sent : failed).Inc();

    /// <summary>The backplane delivered a message to this instance.</summary>
    public void Received() => received.Inc();

    /// <summary>A room could not join its group, or could not handle a message.</summary>
    public void HandlerFailed() => handlerFailures.Inc();
}
