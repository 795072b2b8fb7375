namespace Polls.Bench.Rows;

/// <summary>
/// 10,000 phones at once join over HTTP, connect and get the state. All times are measured from the common start.
/// </summary>
internal sealed class JoinStorm : Row
{
    public override string Name => "storm";

    public override Task RunAsync(Bench bench) => bench.WithProductAsync(async product =>
    {
        var people = bench.Quick ? 100 : 10_000;
        await bench.MeasureAsync(
            Name,
            $"{people:#,0} people start to join, connect and get the state at the same moment, "
                + "500 in progress at a time, one instance without nginx",
            product.Name,
            async () =>
            {
                await product.MakeRoomsAsync(1, 1, bench.Cancelled);
                // As many as fit into a server's backlog of new connections.
                var answer = await product.ConnectAsync(people, bench.Cancelled, maxConnecting: 500);
                return SampleOf(
                    answer, people, ("all ready", answer.Seconds, "s"),
                    ("p99", (answer.Receipt?.P99 ?? double.NaN) / 1000, "s"),
                    ("people ready", people / answer.Seconds, "people/s"),
                    ("server CPU", answer.WatchedCpuSeconds[0] / answer.Seconds, "cores"));
            });
    });
}
