using System.Diagnostics;
using Polls.Prove.Checks;

namespace Polls.Prove.Faults;

/// <summary>Records a period in which PostgreSQL certainly answered no one.</summary>
internal sealed class Outage(FaultChecks checks)
{
    private long begun;

    public void Begin() => begun = Stopwatch.GetTimestamp();

    public void End() => checks.DatabaseWasDown(begun, Stopwatch.GetTimestamp());
}
