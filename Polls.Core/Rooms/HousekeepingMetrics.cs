using Polls.Core.Telemetry;
using Prometheus;

namespace Polls.Core.Rooms;

/// <summary>Which instance does the work of <see cref="Housekeeping"/>.</summary>
public sealed class HousekeepingMetrics
{
    private readonly Counter.Child led;
    private readonly Counter.Child followed;
    private readonly Gauge leader;

    /// <summary>Creates the metrics in the registry of this instance.</summary>
    public HousekeepingMetrics(CollectorRegistry registry)
    {
        var turns = registry.Counter("polls_housekeeping_turns_total", "Turns of housekeeping, by outcome.", "outcome");
        (led, followed) = (turns.WithLabels("led"), turns.WithLabels("followed"));
        leader = registry.Gauge(
            "polls_housekeeping_leader",
            "1 if this instance did the work in its last turn, 0 if another instance was doing it.");
    }

    /// <summary>Housekeeping had a turn and did the work, or left it to another instance.</summary>
    public void HadTurn(bool isLeader)
    {
        (isLeader ? led : followed).Inc();
        leader.Set(isLeader ? 1 : 0);
    }
}
