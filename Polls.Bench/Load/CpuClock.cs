namespace Polls.Bench.Load;

/// <summary>CPU time of the load client, of the watched processes and of the machine, from one moment on.</summary>
internal sealed class CpuClock
{
    private readonly IReadOnlyList<int>[] groups;
    private double own;
    private double[] watched;
    private double machine;

    // Looking for children takes milliseconds: not while something is measured.
    public CpuClock(int[][] watch)
    {
        groups = [.. watch.Select(Usage.WithChildren)];
        watched = [];
        Start();
    }

    public void Start() => (own, watched, machine) = Read();

    public LoadAnswer Stop(LoadAnswer answer)
    {
        var (ownNow, watchedNow, machineNow) = Read();
        return answer with
        {
            CpuSeconds = ownNow - own, MachineCpuSeconds = machineNow - machine,
            WatchedCpuSeconds = [.. watchedNow.Zip(watched, (after, before) => after - before)],
        };
    }

    private (double, double[], double) Read() =>
        (Environment.CpuUsage.TotalTime.TotalSeconds, [.. groups.Select(Usage.CpuSeconds)], Usage.Machine().Busy);
}
