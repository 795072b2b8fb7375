namespace Polls.Bench.Rows;

/// <summary>
/// 10,000 people in one room on three instances behind nginx: everyone votes in three polls within 20 s, and one
/// instance is killed half-way. People reconnect and retry their vote like the product's own pages.
/// </summary>
internal sealed class Headline : Row
{
    // Errors that clients see while an instance is killed, and retry.
    private static readonly string[] Expected =
    [
        "refused: busy", "refused: unavailable", "without a close frame", "closed by the server", "socket error",
        "connect failed", "cannot connect", " 502", " 503", " 504",
    ];

    public override string Name => "headline";

    public override Task RunAsync(Bench bench) => bench.WithProductAsync(
        async product =>
        {
            var people = bench.Quick ? 60 : 10_000;
            var seconds = bench.Quick ? 2 : 20;
            var instances = product.Cluster.Instances.Count;
            var figures = await bench.MeasureAsync(
                Name,
                $"{people:#,0} people, 3 polls, all vote within {seconds} s, {instances} instances behind nginx, "
                    + "one killed (kill -9) half-way",
                product.Name,
                async () =>
                {
                    var killed = product.Cluster.Instances[^1];
                    await killed.StartAsync(bench.Cancelled);
                    await product.MakeRoomsAsync(1, 3, bench.Cancelled);
                    await product.ConnectAsync(people, bench.Cancelled, reconnect: true);
                    var load = product.DoAsync(
                        new()
                        {
                            Do = "spread", Seconds = seconds, TimeoutSeconds = 30, Screens = true, Reconnect = true,
                            Watch = Watched(product)
                        },
                        bench.Cancelled);
                    await Task.Delay(TimeSpan.FromSeconds(seconds / 2.0), bench.Cancelled);
                    await killed.KillAsync(bench.Cancelled);
                    var answer = await load;
                    var loss = await product.FindLossAsync(bench.Cancelled);
                    var stored = await product.CountVotesAsync(product.Rooms[0], bench.Cancelled);
                    // Lost connections and failed reconnects are part of this row.
                    var unexpected = answer.Errors.Where(error => !Expected.Any(error.Key.Contains)).ToDictionary();
                    var problem = Problem(answer with { Errors = unexpected, Lost = 0 }, people) ?? loss
                        ?? (stored == 3L * people ? null : $"{stored} votes are stored, not {3 * people}");
                    return SampleOf(
                        answer, people,
                        ("votes", answer.Receipts / answer.AnsweredWithin, "votes/s"),
                        ("receipt p50", answer.Receipt?.P50 ?? double.NaN, "ms"),
                        ("receipt p99", answer.Receipt?.P99 ?? double.NaN, "ms"),
                        ("longest receipt", answer.Receipt?.Max ?? double.NaN, "ms"),
                        ("screen p50", answer.Screen?.P50 ?? double.NaN, "ms"),
                        ("screen p99", answer.Screen?.P99 ?? double.NaN, "ms"),
                        ("people who lost their instance", answer.Lost, "people"),
                        ("refusals and failed connections, repeated", answer.Errors.Values.Sum(), "times"),
                        ("receipts", answer.Receipts, "receipts"), ("votes stored", stored, "votes"),
                        ("receipts without a stored vote", loss is null ? 0 : double.NaN, "receipts")) with
                        {
                            Problem = problem
                        };
                },
                // The CPU time of the killed instance counts as that of other programs.
                repeatDisturbed: false);
        },
        instances: 3, nginx: true);
}
