using Polls.Bench.Report;
using Polls.Bench.Targets;

namespace Polls.Bench.Rows;

/// <summary>
/// The time from the planned time of a vote to its receipt, in an open loop: if a late receipt delays the next vote,
/// that one counts as late, too.
/// </summary>
internal sealed class Receipts : Row
{
    public override string Name => "receipts";

    public override async Task RunAsync(Bench bench)
    {
        var people = bench.Quick ? 50 : 1000;
        (double Rate, double Aim)[] rates = bench.Quick ? [(100, 10)] : [(1000, 10), (5000, 25)];
        await bench.WithProductAsync(async product =>
        {
            await product.MakeRoomsAsync(1, 1, bench.Cancelled);
            foreach (var (rate, aim) in rates)
            {
                var figures = await ReceiptsAsync(bench, product, people, rate);
                bench.AimAtMost(
                    Name,
                    $"receipt p99 at {rate:#,0} votes/s, {People(people)}",
                    figures.First(figure => figure.Measure == "p99"),
                    aim);
            }
        });

        // Below half of their capacity at this size (see the row "votes"), where they still answer at once.
        foreach (var (kind, slow) in ((Peer.Kind, double)[])
            [(Peer.Kind.Node, 15), (Peer.Kind.Plain, bench.Quick ? 20 : 100)])
        {
            await bench.WithPeerAsync(kind, async peer =>
            {
                await peer.MakeRoomsAsync(1, 1, bench.Cancelled);
                await ReceiptsAsync(bench, peer, people, slow);
            });
        }
    }

    private Task<IReadOnlyList<Figure>> ReceiptsAsync(Bench bench, Target target, int people, double rate) =>
        bench.MeasureAsync(
            Name, $"vote → receipt at {rate:#,0} votes/s, {People(people)}", target.Name,
            async () =>
            {
                await target.ConnectAsync(people, bench.Cancelled);
                var answer = await target.DoAsync(
                    new()
                    {
                        Do = "open", Rate = rate, WarmUpSeconds = bench.Seconds(2), Seconds = bench.Seconds(5),
                        Watch = Watched(target)
                    },
                    bench.Cancelled);
                return SampleOf(
                    answer, people,
                    ("p50", answer.Receipt?.P50 ?? double.NaN, "ms"), ("p99", answer.Receipt?.P99 ?? double.NaN, "ms"),
                    ("server CPU", answer.WatchedCpuSeconds[0] / answer.Seconds, "cores"));
            },
            verify: () => target.FindLossAsync(bench.Cancelled));
}
