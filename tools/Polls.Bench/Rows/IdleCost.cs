using Polls.Bench.Load;

namespace Polls.Bench.Rows;

/// <summary>The cost of an idle instance: without clients, and with 10,000 that only send a ping every 15 s.</summary>
internal sealed class IdleCost : Row
{
    public override string Name => "idle";

    public override Task RunAsync(Bench bench) => bench.WithProductAsync(async product =>
    {
        await product.MakeRoomsAsync(1, 1, bench.Cancelled);
        foreach (var people in (int[])[0, bench.Quick ? 60 : 10_000])
        {
            await bench.MeasureAsync(
                Name, $"nothing happens, {People(people)}", product.Name,
                async () =>
                {
                    if (people > 0)
                    {
                        await product.ConnectAsync(people, bench.Cancelled);
                    }

                    var answer = await product.DoAsync(
                        new()
                        {
                            Do = "quiet", WarmUpSeconds = bench.Seconds(3), Seconds = bench.Seconds(8),
                            Watch = Watched(product)
                        },
                        bench.Cancelled);
                    return SampleOf(
                        answer, people,
                        ("server CPU", answer.WatchedCpuSeconds[0] / answer.Seconds * 100, "% of a core"),
                        ("PostgreSQL and Redis CPU", answer.WatchedCpuSeconds[1] / answer.Seconds * 100, "% of a core"),
                        ("memory", Usage.Memory(product.ServerProcesses) / 1024.0 / 1024, "MB"));
                });
        }
    });
}
