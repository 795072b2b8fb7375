namespace Polls.Bench.Rows;

/// <summary>10,000 phones at once: each joins over HTTP, connects and gets the state. Each one's time counts from the common beginning.</summary>
internal sealed class JoinStorm : Row
{
    public override string Name => "storm";

    public override Task RunAsync(Bench bench) => bench.WithProductAsync(async product =>
    {
        var people = bench.Quick ? 100 : 10_000;
        await bench.MeasureAsync(
            Name, $"{people:#,0} people join, connect and get the state from the same moment on, 500 at a time on their way, one instance without nginx", product.Name,
            async () =>
            {
                await product.MakeRoomsAsync(1, 1, bench.Cancelled);
                // As many at a time as a server's queue of new connections takes.
                var answer = await product.ConnectAsync(people, bench.Cancelled, entering: 500);
                return SampleOf(
                    answer, people, ("all ready", answer.Seconds, "s"), ("p99", (answer.Receipt?.P99 ?? double.NaN) / 1000, "s"),
                    ("people ready", people / answer.Seconds, "people/s"),
                    ("server CPU", answer.WatchedCpuSeconds[0] / answer.Seconds, "cores"));
            });
    });
}
