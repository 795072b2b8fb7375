using Polls.Bench.Load;
using Polls.Bench.Report;
using Polls.Bench.Targets;

namespace Polls.Bench.Rows;

/// <summary>CPU per update when 10,000 people see five a second, and memory per connection, idle and busy.</summary>
internal sealed class FanOut : Row
{
    private const double UpdatesPerSecond = 5;

    public override string Name => "fanout";

    public override async Task RunAsync(Bench bench)
    {
        IReadOnlyList<Figure> polls = [];
        // No warm-up: connections would reuse memory left over from its votes, and seem cheaper than they are.
        await bench.WithProductAsync(async product => polls = await CostAsync(bench, product), warm: false);
        var peers = new Dictionary<Peer.Kind, IReadOnlyList<Figure>>();
        foreach (var kind in Enum.GetValues<Peer.Kind>())
        {
            await bench.WithPeerAsync(kind, async peer => peers[kind] = await CostAsync(bench, peer), warm: false);
        }

        var (bare, node) = (peers[Peer.Kind.Bare], peers[Peer.Kind.Node]);
        bench.AimAtMost(
            Name, "CPU per delivered update of (d)", Of(polls, "CPU per update"), Of(bare, "CPU per update"), 1.3);
        bench.AimAtMost(
            Name, "CPU per delivered update of (a)", Of(polls, "CPU per update"), Of(node, "CPU per update"), 1);
        bench.AimAtMost(Name, "memory of an idle connection of (d)", Of(polls, "idle"), Of(bare, "idle"), 1.5);
        bench.AimAtMost(Name, "memory of a busy connection of (d)", Of(polls, "busy"), Of(bare, "busy"), 1.5);
        bench.AimAtMost(Name, "memory of a busy connection of (a)", Of(polls, "busy"), Of(node, "busy"), 1);
    }

    private static Figure Of(IReadOnlyList<Figure> figures, string measure) =>
        figures.FirstOrDefault(figure => figure.Measure == measure) ?? figures[0];

    private async Task<IReadOnlyList<Figure>> CostAsync(Bench bench, Target target)
    {
        var people = bench.Quick ? 60 : 10_000;
        await target.MakeRoomsAsync(1, 1, bench.Cancelled);
        await Task.Delay(TimeSpan.FromSeconds(bench.Seconds(2)), bench.Cancelled);
        var empty = Usage.Memory(target.ServerProcesses);
        var memory = await bench.MeasureAsync(
            Name, $"memory per connection, {People(people)}", target.Name,
            async () =>
            {
                await target.ConnectAsync(people, bench.Cancelled);
                var quiet = await target.DoAsync(
                    new() { Do = "quiet", Seconds = bench.Seconds(5), Watch = Watched(target) }, bench.Cancelled);
                var idle = Usage.Memory(target.ServerProcesses);
                var busy = 0L;
                var load = target.DoAsync(Updates(bench, target, warmUp: 0), bench.Cancelled);
                while (!load.IsCompleted)
                {
                    await Task.Delay(50, bench.Cancelled);
                    busy = Math.Max(busy, Usage.Memory(target.ServerProcesses));
                }

                var problem = Problem(quiet, people) ?? Problem(await load, people);
                return SampleOf(
                    await load, people, ("idle", (idle - empty) / 1024.0 / people, "KB"),
                    ("busy", (busy - empty) / 1024.0 / people, "KB"),
                    ("program itself", empty / 1024.0 / 1024, "MB")) with { Problem = problem };
            },
            runs: 1);
        var cost = await bench.MeasureAsync(
            Name, $"{UpdatesPerSecond:0} updates a second to each of {People(people)}", target.Name,
            async () =>
            {
                var answer = await target.DoAsync(Updates(bench, target, warmUp: 1), bench.Cancelled);
                var delivered = answer.Updates / answer.Seconds / people;
                var sample = SampleOf(
                    answer, people,
                    (
                        "CPU per update",
                        answer.Updates == 0 ? double.NaN : answer.WatchedCpuSeconds[0] / answer.Updates * 1e6,
                        "µs"),
                    ("server CPU", answer.WatchedCpuSeconds[0] / answer.Seconds, "cores"),
                    ("updates shown", delivered, "per person and second"));
                return delivered < 0.9 * UpdatesPerSecond
                    ? sample with { Caveat = $"only {BenchReport.Number(delivered)} updates a second were delivered" }
                    : sample;
            },
            verify: target.Protocol == "bare" ? null : () => target.FindLossAsync(bench.Cancelled));
        return [.. memory, .. cost];
    }

    private static LoadCommand Updates(Bench bench, Target target, double warmUp) => new()
    {
        Do = "open", Rate = UpdatesPerSecond, WarmUpSeconds = bench.Seconds(warmUp),
        Seconds = Math.Max(0.8, bench.Seconds(5)), Watch = Watched(target),
    };
}
