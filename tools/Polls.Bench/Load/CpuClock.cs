namespace Polls.Bench.Load;

/// <summary>CPU time of the load client, of the watched processes and of the machine, from one moment on.</summary>
internal sealed class CpuClock
{
    private readonly int[][] watch;
    private readonly IReadOnlyList<int>[] groups;
    private double own;
    private Dictionary<int, double>[] watched;
    private double machine;

    public CpuClock(int[][] watch)
    {
        this.watch = watch;
        groups = WithChildren();
        (own, watched, machine) = Read(groups);
    }

    // Looking for children takes milliseconds: not here, where measuring begins.
    public void Start() => (own, watched, machine) = Read(groups);

    public LoadAnswer Stop(LoadAnswer answer)
    {
        var (ownNow, watchedNow, machineNow) = Read(WithChildren());
        return answer with
        {
            CpuSeconds = ownNow - own, MachineCpuSeconds = machineNow - machine,
            // Who was not there at the start has worked for this measurement alone. Of one that was killed meanwhile nothing is known any more.
            WatchedCpuSeconds =
                [.. watchedNow.Zip(watched, (now, before) => now.Sum(process => Math.Max(0, process.Value - before.GetValueOrDefault(process.Key))))],
        };
    }

    private IReadOnlyList<int>[] WithChildren() => [.. watch.Select(Usage.WithChildren)];

    private static (double Own, Dictionary<int, double>[] Watched, double Machine) Read(IReadOnlyList<int>[] groups) =>
        (Environment.CpuUsage.TotalTime.TotalSeconds, [.. groups.Select(group => group.Distinct().ToDictionary(id => id, Usage.CpuSeconds))], Usage.Machine().Busy);
}
