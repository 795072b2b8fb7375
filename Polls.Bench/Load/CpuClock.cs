namespace Polls.Bench.Load;

/// <summary>CPU time of the load client, of the watched processes and of the machine, from one moment on.</summary>
internal sealed class CpuClock
{
    private readonly IReadOnlyList<int>[] groups;
    private double own;
    private double[][] watched;
    private double machine;

    // Looking for children takes milliseconds: not while something is measured.
    public CpuClock(int[][] watch)
    {
        groups = [.. watch.Select(Usage.WithChildren)];
        (own, watched, machine) = Read();
    }

    public void Start() => (own, watched, machine) = Read();

    public LoadAnswer Stop(LoadAnswer answer)
    {
        var (ownNow, watchedNow, machineNow) = Read();
        return answer with
        {
            CpuSeconds = ownNow - own, MachineCpuSeconds = machineNow - machine,
            // Of one that was killed meanwhile nothing is known any more: it counts as none.
            WatchedCpuSeconds = [.. watchedNow.Zip(watched, (after, before) => after.Zip(before, (one, other) => Math.Max(0, one - other)).Sum())],
        };
    }

    private (double Own, double[][] Watched, double Machine) Read() =>
        (Environment.CpuUsage.TotalTime.TotalSeconds, [.. groups.Select(group => group.Select(Usage.CpuSeconds).ToArray())], Usage.Machine().Busy);
}
