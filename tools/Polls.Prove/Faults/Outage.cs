using System.Diagnostics;
using Polls.Prove.Checks;

namespace Polls.Prove.Faults;

/// <summary>The time in which PostgreSQL certainly answered nobody.</summary>
internal sealed class Outage(Watch watch)
{
    private long begun;

    public void Begins() => begun = Stopwatch.GetTimestamp();

    public void Ends() => watch.DatabaseWasAway(begun, Stopwatch.GetTimestamp());
}
