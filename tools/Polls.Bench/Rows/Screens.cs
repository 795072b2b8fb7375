using Polls.Bench.Report;
using Polls.Bench.Targets;

namespace Polls.Bench.Rows;

/// <summary>The time from a planned vote until the screens of the room show it; every connection is a screen.</summary>
internal sealed class Screens : Row
{
    public override string Name => "screens";

    public override async Task RunAsync(Bench bench)
    {
        (int People, double Aim)[] sizes = bench.Quick ? [(60, 60)] : [(1000, 60), (5000, 150), (10_000, 250)];
        var rate = bench.Quick ? 100 : 1000;
        await bench.WithProductAsync(async product =>
        {
            await product.MakeRoomsAsync(1, 1, bench.Cancelled);
            foreach (var (people, aim) in sizes)
            {
                var figures = await ScreensAsync(bench, product, people, rate);
                bench.AimAtMost(
                    Name,
                    $"vote → screen p99 at {rate:#,0} votes/s, {People(people)}",
                    figures.First(figure => figure.Measure == "screen p99"),
                    aim);
            }
        });

        // Below half of its capacity at these sizes (see the row "votes").
        (int People, double Rate)[] slow = bench.Quick ? [(50, 20)] : [(1000, 15), (5000, 3)];
        await bench.WithPeerAsync(Peer.Kind.Node, async peer =>
        {
            await peer.MakeRoomsAsync(1, 1, bench.Cancelled);
            foreach (var (people, at) in slow)
            {
                await ScreensAsync(bench, peer, people, at);
            }
        });
    }

    private Task<IReadOnlyList<Figure>> ScreensAsync(Bench bench, Target target, int people, double rate) =>
        bench.MeasureAsync(
            Name, $"vote → screen at {rate:#,0} votes/s, {People(people)} in one room", target.Name,
            async () =>
            {
                await target.ConnectAsync(people, bench.Cancelled);
                var answer = await target.DoAsync(
                    new()
                    {
                        Do = "open", Rate = rate, Screens = true, WarmUpSeconds = bench.Seconds(2),
                        Seconds = bench.Seconds(5), Watch = Watched(target),
                    },
                    bench.Cancelled);
                return SampleOf(
                    answer, people,
                    ("screen p50", answer.Screen?.P50 ?? double.NaN, "ms"),
                    ("screen p99", answer.Screen?.P99 ?? double.NaN, "ms"),
                    ("last screen p50", answer.LastScreen?.P50 ?? double.NaN, "ms"),
                    ("last screen p99", answer.LastScreen?.P99 ?? double.NaN, "ms"),
                    ("receipt p99", answer.Receipt?.P99 ?? double.NaN, "ms"),
                    ("updates shown", answer.Updates / answer.Seconds / people, "per person and second"),
                    ("server CPU", answer.WatchedCpuSeconds[0] / answer.Seconds, "cores"));
            },
            verify: () => target.FindLossAsync(bench.Cancelled));
}
