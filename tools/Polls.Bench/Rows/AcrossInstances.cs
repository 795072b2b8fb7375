using Polls.Bench.Targets;

namespace Polls.Bench.Rows;

/// <summary>
/// Two instances, half of the people on each, and only those of the first vote: how much later do the screens of the second show it?
/// Few votes, so that each update is sent at once, show the way through Redis alone; many show what people see.
/// </summary>
internal sealed class AcrossInstances : Row
{
    public override string Name => "across";

    public override Task RunAsync(Bench bench) => bench.WithProductAsync(
        async product =>
        {
            var people = bench.Quick ? 40 : 1000;
            await product.MakeRoomsAsync(1, 1, bench.Cancelled);
            // Below the pace of a room, 50 ms: nobody waits for the next update.
            foreach (var (rate, seconds) in ((double, double)[])[(7, 8), (bench.Quick ? 100 : 1000, 5)])
            {
                var figures = await bench.MeasureAsync(
                    Name, $"vote → screen at {rate:#,0} votes/s on the first of two instances, {People(people)}", product.Name,
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
                            ("same instance p50", here.P50, "ms"), ("other instance p50", there.P50, "ms"), ("added at p50", there.P50 - here.P50, "ms"),
                            ("same instance p99", here.P99, "ms"), ("other instance p99", there.P99, "ms"));
                    },
                    verify: () => product.FindLossAsync(bench.Cancelled));
                // With few votes the instance of the voter is the busier one, and what is added may be less than nothing.
                if (rate > 10)
                {
                    bench.AimAtMost(Name, $"added by Redis at p50, {rate:#,0} votes/s", figures[^1].Measure.Length == 0 ? figures[0] : figures[2], 5);
                }
            }
        },
        instances: 2);
}
