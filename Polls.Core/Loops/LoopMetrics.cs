using Polls.Core.Telemetry;
using Prometheus;

namespace Polls.Core.Loops;

/// <summary>The failures of background loops.</summary>
public sealed class LoopMetrics(CollectorRegistry registry)
{
    private readonly Counter failures = registry.Counter(
        "polls_loop_failures_total", "Exceptions that a background loop caught, by loop.", "loop");

    /// <summary>The counter of exceptions that this loop catches; starts at 0.</summary>
    /// <param name="loop">The loop's fixed name, in camel case.</param>
    public Counter.Child FailuresOf(string loop) => failures.WithLabels(loop);
}
