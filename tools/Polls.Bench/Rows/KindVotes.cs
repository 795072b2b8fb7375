using Polls.Bench.Targets;

namespace Polls.Bench.Rows;

/// <summary>Durable answers per second into one poll of a kind with live results, in a closed loop.</summary>
/// <param name="name">The name for <c>--only</c>.</param>
/// <param name="what">The kind in the report.</param>
/// <param name="question">The poll and its answers.</param>
internal sealed class KindVotes(string name, string what, Question question) : Row
{
    public override string Name => name;

    public override Task RunAsync(Bench bench)
    {
        var people = bench.Quick ? 40 : 1000;
        return bench.WithProductAsync(async product =>
        {
            await product.MakeRoomAsync(question, bench.Cancelled);
            await bench.MeasureAsync(
                Name, $"{what}: durable answers, {People(people)}, all of them answer", product.Name,
                async () =>
                {
                    await product.ConnectAsync(people, bench.Cancelled);
                    var answer = await product.DoAsync(
                        new()
                        {
                            Do = "closed", Voters = people, Watch = Watched(product),
                            WarmUpSeconds = bench.Seconds(2), Seconds = bench.Seconds(4), TimeoutSeconds = 60,
                        },
                        bench.Cancelled);
                    return SampleOf(
                        answer, people,
                        ("answers", answer.Receipts / answer.Seconds, "answers/s"),
                        ("receipt p99", answer.Receipt?.P99 ?? double.NaN, "ms"),
                        ("server CPU", answer.WatchedCpuSeconds[0] / answer.Seconds, "cores"),
                        ("PostgreSQL and Redis CPU", answer.WatchedCpuSeconds[1] / answer.Seconds, "cores"),
                        ("updates shown", answer.Updates / answer.Seconds / people, "per person and second"));
                },
                verify: () => product.FindLossAsync(bench.Cancelled));
        });
    }
}
