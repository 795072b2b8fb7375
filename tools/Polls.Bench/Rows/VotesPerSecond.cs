using Polls.Bench.Report;
using Polls.Bench.Targets;

namespace Polls.Bench.Rows;

/// <summary>Durable votes per second into one poll with live results, in a closed loop.</summary>
internal sealed class VotesPerSecond : Row
{
    // People who vote at a time. More make larger batches in Polls; in the peers, which commit one by one, they only
    // wait longer.
    private const int PollsVoters = 1000;
    private const int PeerVoters = 50;

    // With fewer updates per second and person the result is not live.
    private const double MinUpdates = 2;

    public override string Name => "votes";

    public override async Task RunAsync(Bench bench)
    {
        int[] sizes = bench.Quick ? [40] : [200, 1000, 5000];
        var polls = new Dictionary<int, Figure>();
        IReadOnlyList<Figure> limit = [];
        await bench.WithProductAsync(async product =>
        {
            polls = await VotesAsync(bench, product, sizes, PollsVoters);
            limit = await PgBench.RunAsync(bench, product);
        });
        var node = new Dictionary<int, Figure>();
        await bench.WithPeerAsync(
            Peer.Kind.Node, async peer => node = await VotesAsync(bench, peer, sizes, PeerVoters));
        var plain = new Dictionary<int, Figure>();
        await bench.WithPeerAsync(
            Peer.Kind.Plain, async peer => plain = await VotesAsync(bench, peer, sizes, PeerVoters));

        double[] wanted = [60, 200, 800];
        for (var i = 0; i < sizes.Length; i++)
        {
            bench.AimAtLeast(Name, $"(a), {People(sizes[i])}", polls[sizes[i]], node[sizes[i]], wanted[i]);
            bench.AimAtLeast(Name, $"(b), {People(sizes[i])}", polls[sizes[i]], plain[sizes[i]], 20);
            bench.AimAtLeast(
                Name,
                $"(c), {People(sizes[i])}",
                polls[sizes[i]],
                limit.First(figure => figure.Measure == "votes"),
                0.15);
        }
    }

    private async Task<Dictionary<int, Figure>> VotesAsync(Bench bench, Target target, int[] sizes, int voters)
    {
        var found = new Dictionary<int, Figure>();
        await target.MakeRoomsAsync(1, 1, bench.Cancelled);
        foreach (var size in sizes)
        {
            var figures = await bench.MeasureAsync(
                Name, $"durable votes, {People(size)}, {Math.Min(size, voters):#,0} of them vote", target.Name,
                async () =>
                {
                    await target.ConnectAsync(size, bench.Cancelled);
                    var answer = await target.DoAsync(
                        new()
                        {
                            Do = "closed", Voters = Math.Min(size, voters), Watch = Watched(target),
                            WarmUpSeconds = bench.Seconds(2), Seconds = bench.Seconds(4), TimeoutSeconds = 60,
                        },
                        bench.Cancelled);
                    var shown = answer.Updates / answer.Seconds / size;
                    return SampleOf(
                        answer, size,
                        ("votes", answer.Receipts / answer.Seconds, "votes/s"),
                        ("receipt p99", answer.Receipt?.P99 ?? double.NaN, "ms"),
                        ("server CPU", answer.WatchedCpuSeconds[0] / answer.Seconds, "cores"),
                        ("PostgreSQL and Redis CPU", answer.WatchedCpuSeconds[1] / answer.Seconds, "cores"),
                        ("updates shown", shown, "per person and second")) with
                    {
                        // This row measures votes with live results. The short form is too short to judge that.
                        Caveat = shown < MinUpdates && target is Product && !bench.Quick
                            ? $"only {shown:0.0} updates a second were shown to each"
                            : null,
                    };
                },
                verify: () => target.FindLossAsync(bench.Cancelled));
            found[size] = figures[0];
        }

        return found;
    }
}
