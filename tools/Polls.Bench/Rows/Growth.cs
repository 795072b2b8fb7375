using Polls.Bench.Load;
using Polls.Bench.Targets;

namespace Polls.Bench.Rows;

/// <summary>
/// How votes per second, CPU and memory grow with instances, connections and rooms, in a closed loop as in
/// <see cref="VotesPerSecond"/>.
/// </summary>
internal sealed class Growth : Row
{
    public override string Name => "growth";

    public override async Task RunAsync(Bench bench)
    {
        var people = bench.Quick ? 60 : 1000;
        foreach (var instances in (int[])(bench.Quick ? [1, 2] : [1, 2, 3]))
        {
            await bench.WithProductAsync(
                product =>
                    GrowAsync(
                        bench, product, $"{instances} {(instances == 1 ? "instance" : "instances")}", people, rooms: 1),
                instances);
        }

        foreach (var connections in (int[])(bench.Quick ? [] : [10, 100, 10_000]))
        {
            await bench.WithProductAsync(product => GrowAsync(bench, product, "1 instance", connections, rooms: 1));
        }

        await bench.WithProductAsync(product =>
            GrowAsync(bench, product, "1 instance", people, rooms: bench.Quick ? 5 : 100));
    }

    private async Task GrowAsync(Bench bench, Product product, string what, int people, int rooms)
    {
        await product.MakeRoomsAsync(rooms, 1, bench.Cancelled);
        await bench.MeasureAsync(
            Name, $"durable votes, {what}, {People(people)} in {rooms} {(rooms == 1 ? "room" : "rooms")}", product.Name,
            async () =>
            {
                await product.ConnectAsync(people, bench.Cancelled);
                var answer = await product.DoAsync(
                    new()
                    {
                        Do = "closed", Voters = Math.Min(people, 1000), Watch = Watched(product),
                        WarmUpSeconds = bench.Seconds(2), Seconds = bench.Seconds(3),
                    },
                    bench.Cancelled);
                return SampleOf(
                    answer, people,
                    ("votes", answer.Receipts / answer.Seconds, "votes/s"),
                    ("receipt p99", answer.Receipt?.P99 ?? double.NaN, "ms"),
                    ("server CPU", answer.WatchedCpuSeconds[0] / answer.Seconds, "cores"),
                    ("PostgreSQL and Redis CPU", answer.WatchedCpuSeconds[1] / answer.Seconds, "cores"),
                    ("memory", Usage.Memory(product.ServerProcesses) / 1024.0 / 1024, "MB"));
            },
            verify: () => product.FindLossAsync(bench.Cancelled));
    }
}
