namespace Polls.Bench.Rows;

/// <summary>
/// The run that anyone can repeat: 10,000 people in one session on three instances behind nginx, three polls, everybody votes in each
/// within 20 s, one instance is killed in between. People come back as the product's own pages do, and send the same vote again.
/// </summary>
internal sealed class Headline : Row
{
    // What a client hears while an instance goes: it tries again.
    private static readonly string[] Expected = 
    [
        "refused: busy", "refused: unavailable", "ended by the server", "closed by the server", "cut off with", "connect failed", "cannot connect",
        " 502", " 503", " 504",
    ];

    public override string Name => "headline";

    public override Task RunAsync(Bench bench) => bench.WithProductAsync(
        async product =>
        {
            var people = bench.Quick ? 60 : 10_000;
            var seconds = bench.Quick ? 2 : 20;
            var instances = product.Cluster.Instances.Count;
            var figures = await bench.MeasureAsync(
                Name, $"{people:#,0} people, 3 polls, all vote within {seconds} s, {instances} instances behind nginx, one killed (kill -9) half-way", product.Name,
                async () =>
                {
                    var killed = product.Cluster.Instances[^1];
                    await killed.StartAsync(bench.Cancelled);
                    await product.MakeRoomsAsync(1, 3, bench.Cancelled);
                    await product.ConnectAsync(people, bench.Cancelled, comeBack: true);
                    var load = product.DoAsync(
                        new() { Do = "spread", Seconds = seconds, PatienceSeconds = 30, Screens = true, ComeBack = true, Watch = Watched(product) },
                        bench.Cancelled);
                    await Task.Delay(TimeSpan.FromSeconds(seconds / 2.0), bench.Cancelled);
                    await killed.KillAsync(bench.Cancelled);
                    var answer = await load;
                    var loss = await product.FindLossAsync(bench.Cancelled);
                    var stored = await product.VotesAsync(product.Rooms[0], bench.Cancelled);
                    // Connections that were lost, and that those people could not come in again at once, are the point of it.
                    var unexpected = answer.Errors.Where(error => !Expected.Any(error.Key.Contains)).ToDictionary();
                    var problem = Problem(answer with { Errors = unexpected, Lost = 0 }, people) ?? loss
                        ?? (stored == 3L * people ? null : $"{stored} votes are stored, not {3 * people}");
                    return SampleOf(
                        answer, people,
                        ("votes", answer.Receipts / answer.AnsweredWithin, "votes/s"),
                        ("receipt p50", answer.Receipt?.P50 ?? double.NaN, "ms"), ("receipt p99", answer.Receipt?.P99 ?? double.NaN, "ms"),
                        ("longest receipt", answer.Receipt?.Max ?? double.NaN, "ms"),
                        ("screen p50", answer.Screen?.P50 ?? double.NaN, "ms"), ("screen p99", answer.Screen?.P99 ?? double.NaN, "ms"),
                        ("people who lost their instance", answer.Lost, "people"), ("refusals and failed connections, repeated", answer.Errors.Values.Sum(), "times"),
                        ("receipts", answer.Receipts, "receipts"),
                        ("votes stored", stored, "votes"), ("receipts without a stored vote", loss is null ? 0 : double.NaN, "receipts")) with { Problem = problem };
                },
                // What the killed instance took counts as taken by strangers.
                again: false);
        },
        instances: 3, nginx: true);
}
