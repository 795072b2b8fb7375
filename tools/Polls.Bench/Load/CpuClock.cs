namespace Polls.Bench.Load;

/// <summary>
/// Measures CPU time of the load client, of watched processes and of the machine between start and stop.
/// </summary>
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

    // Searching for children takes milliseconds, so the constructor does it before the measurement starts.
    public void Start() => (own, watched, machine) = Read(groups);

    public LoadAnswer Stop(LoadAnswer answer)
    {
        var (ownNow, watchedNow, machineNow) = Read(WithChildren());
        return answer with
        {
            CpuSeconds = ownNow - own, MachineCpuSeconds = machineNow - machine,
            // All CPU time of a process that started meanwhile counts. That of a process that was killed is unknown.
            WatchedCpuSeconds =
                [.. watchedNow.Zip(watched, (now, before) =>
                    now.Sum(process => Math.Max(0, process.Value - before.GetValueOrDefault(process.Key))))],
        };
    }

    private IReadOnlyList<int>[] WithChildren() => [.. watch.Select(Usage.WithChildren)];

    private static (double Own, Dictionary<int, double>[] Watched, double Machine) Read(IReadOnlyList<int>[] groups) =>
        (
            Environment.CpuUsage.TotalTime.TotalSeconds,
            [.. groups.Select(group => group.Distinct().ToDictionary(id => id, Usage.CpuSeconds))],
            Usage.Machine().Busy);
}
