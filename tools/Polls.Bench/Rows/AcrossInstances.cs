using Polls.Bench.Targets;

namespace Polls.Bench.Rows;

/// <summary>
/// How much later do screens on another instance show a vote? Two instances with half of the people each; only people
/// of the first vote. A low rate, at which each update is sent at once, measures Redis alone; a high rate, what people
/// see.
/// </summary>
internal sealed class AcrossInstances : Row
{
    public override string Name => "across";

    public override Task RunAsync(Bench bench) => bench.WithProductAsync(
        async product =>
        {
            var people = bench.Quick ? 40 : 1000;
            await product.MakeRoomsAsync(1, 1, bench.Cancelled);
            // 7 votes/s are slower than a room's updates (every 50 ms), so no vote waits for the next update.
            foreach (var (rate, seconds) in ((double, double)[])[(7, 8), (bench.Quick ? 100 : 1000, 5)])
            {
                var figures = await bench.MeasureAsync(
                    Name,
                    $"vote → screen at {rate:#,0} votes/s on the first of two instances, {People(people)}",
                    product.Name,
                    async () =>
                    {
                        await product.ConnectAsync(people, bench.Cancelled);
                        var answer = await product.DoAsync(
                            new()
                            {
                                Do = "open", Rate = rate, VotersOfPort = 0, Screens = true, Watch = Watched(product),
                                WarmUpSeconds = bench.Seconds(2), Seconds = bench.Seconds(seconds),
                            },
                            bench.Cancelled);
                        if (answer.ScreenOfPort is not [var here, var there])
                        {
                            throw new DidNotHoldException("no screen of one of the instances showed a vote");
                        }

                        return SampleOf(
                            answer, people,
                            ("same instance p50", here.P50, "ms"), ("other instance p50", there.P50, "ms"),
                            ("added at p50", there.P50 - here.P50, "ms"), ("same instance p99", here.P99, "ms"),
                            ("other instance p99", there.P99, "ms"));
                    },
                    verify: () => product.FindLossAsync(bench.Cancelled));
                // At a low rate the voters' instance is the busier one, and the difference may be negative.
                if (rate > 10)
                {
                    bench.AimAtMost(
                        Name,
                        $"added by Redis at p50, {rate:#,0} votes/s",
                        figures[^1].Measure.Length == 0 ? figures[0] : figures[2],
                        5);
                }
            }
        },
        instances: 2);
}
