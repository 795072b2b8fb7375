using System.Globalization;
using Polls.AppHost;
using Polls.Bench.Report;
using Polls.Bench.Targets;

namespace Polls.Bench;

/// <summary>Starts programs for the rows, repeats their measurements, and adds the figures to the report.</summary>
internal sealed class Bench(BenchReport report, bool quick, Action<string> log, CancellationToken cancelled)
    : IAsyncDisposable
{
    // A run counts as disturbed if other programs, or the machine's host, used more cores than this.
    private const double MaxOtherCores = 0.2;

    private readonly Dictionary<Peer.Kind, Peer> peers = [];
    private Product? shared;

    public bool Quick => quick;

    public CancellationToken Cancelled => cancelled;

    public BenchReport Report => report;

    /// <summary>The duration of a measurement: in the short form a tenth.</summary>
    public double Seconds(double seconds) => quick ? seconds / 10 : seconds;

    /// <summary>
    /// Starts the product for one measurement and stops it afterwards. In the short form all rows share one product
    /// with two instances, and the peers use its stores.
    /// </summary>
    public async Task WithProductAsync(Func<Product, Task> use, int instances = 1, bool nginx = false, bool warm = true)
    {
        if (quick)
        {
            await StartSharedAsync();
            shared!.Use(instances, nginx);
            await use(shared);
            return;
        }

        await using var product = await Product.StartAsync(cancelled, instances, nginx);
        product.Use(instances, nginx);
        if (warm)
            await WarmUpAsync(product);
        await use(product);
    }

    /// <summary>Starts a peer for one measurement; in the short form all rows share one.</summary>
    public async Task WithPeerAsync(Peer.Kind kind, Func<Peer, Task> use, bool warm = true)
    {
        if (quick)
        {
            await StartSharedAsync();
            await use(peers[kind]);
            return;
        }

        await using var peer = await Peer.StartAsync(kind, cancelled);
        if (warm)
            await WarmUpAsync(peer);
        await use(peer);
    }

    /// <summary>
    /// Runs a measurement three times (once in the short form) and adds one figure per value. A disturbed run is
    /// repeated, at most once each, unless <paramref name="repeatDisturbed"/> is false or one run suffices; the least
    /// disturbed runs count. Any problem of a run, a run that fails, and a problem that <paramref name="verify"/> finds
    /// afterwards mark the figures as "did not hold".
    /// </summary>
    public async Task<IReadOnlyList<Figure>> MeasureAsync(
        string row, string what, string target, Func<Task<Sample>> run, Func<Task<string?>>? verify = null,
        int runs = 3, bool repeatDisturbed = true)
    {
        var samples = new List<Sample>();
        var needed = quick ? 1 : runs;
        var max = repeatDisturbed && needed > 1 ? 2 * needed : needed;
        string? problem = null;
        try
        {
            while (samples.Count < max && samples.Count(sample => sample.OtherCores <= MaxOtherCores) < needed)
            {
                samples.Add(await run());
            }

            problem = verify is null ? null : await verify();
        }
        catch (Exception failure) when (failure is DidNotHoldException or TimeoutException or StartFailedException)
        {
            problem = failure.Message;
        }

        problem ??= samples.Select(sample => sample.Problem).FirstOrDefault(text => text is not null);
        var leftOut = Math.Max(0, samples.Count - needed);
        samples = [.. samples.OrderBy(sample => sample.OtherCores > MaxOtherCores ? sample.OtherCores : 0)
            .Take(needed)];
        problem ??= samples.Select(sample => sample.Caveat).FirstOrDefault(text => text is not null);
        if (samples.Any(sample => sample.Values.Any(value => !double.IsFinite(value.Value))))
        {
            problem ??= "nothing was measured";
        }

        var names = samples.Count == 0 ? [("", 0, "")] : samples[0].Values;
        List<Figure> figures =
        [
            .. names.Select((value, i) => new Figure
            {
                Row = row, What = what, Target = target, Measure = value.Measure, Unit = value.Unit,
                Runs = [.. samples.Select(sample => sample.Values[i].Value).Where(double.IsFinite)],
                DidNotHold = problem,
                LoadClientCores = samples.Select(sample => sample.LoadClientCores).DefaultIfEmpty().Max(),
                OtherCores = samples.Select(sample => sample.OtherCores).DefaultIfEmpty().Max(), LeftOut = leftOut,
                Disturbed = !quick && samples.Any(sample => sample.OtherCores > MaxOtherCores),
            }),
        ];
        report.Figures.AddRange(figures);
        foreach (var figure in figures)
        {
            log(string.Create(CultureInfo.InvariantCulture,
                $"{figure.What} | {figure.Target} | {figure.Measure} | "
                    + $"{(figure.Median is { } median ? BenchReport.Number(median) : "-")} "
                    + $"{figure.Unit}{(problem is null ? "" : $" | did not hold: {problem}")}"));
        }

        return figures;
    }

    /// <summary>Adds the target to reach at least a multiple of another figure.</summary>
    public void AimAtLeast(string row, string than, Figure own, Figure other, double times) => report.Aims.Add(new(
        row, $"× {than}", $"≥ {Times(times)}", Ratio(own, other),
        Judge(own, other, own.Median / other.Median >= times)));

    /// <summary>Adds the target to stay below a value.</summary>
    public void AimAtMost(string row, string what, Figure own, double max) => report.Aims.Add(new(
        row, what, $"≤ {BenchReport.Number(max)} {own.Unit}",
        own.Median is { } value ? $"{BenchReport.Number(value)} {own.Unit}{Caveat(own)}" : "not measured",
        Judge(own, own, own.Median <= max)));

    /// <summary>Adds the target to stay below a multiple of another figure.</summary>
    public void AimAtMost(string row, string than, Figure own, Figure other, double times) => report.Aims.Add(new(
        row, $"× {than}", $"≤ {Times(times)}", Ratio(own, other),
        Judge(own, other, own.Median / other.Median <= times)));

    public async ValueTask DisposeAsync()
    {
        foreach (var peer in peers.Values)
            await peer.DisposeAsync();
        if (shared is not null)
            await shared.DisposeAsync();
    }

    // JIT-compiled programs need some seconds of work to reach full speed; all programs get the same warm-up.
    private async Task WarmUpAsync(Target target)
    {
        await target.MakeRoomsAsync(1, 1, cancelled);
        await target.ConnectAsync(200, cancelled);
        var seconds = Quick ? 5 : 15;
        await target.DoAsync(
            target.Protocol == "bare"
                ? new() { Do = "open", Rate = 50, Seconds = seconds }
                : new() { Do = "closed", Voters = 100, Seconds = seconds },
            cancelled);
        await target.MakeRoomsAsync(1, 1, cancelled);
    }

    private async Task StartSharedAsync()
    {
        if (shared is not null)
            return;
        shared = await Product.StartAsync(cancelled, instances: 2, nginx: true);
        foreach (var kind in Enum.GetValues<Peer.Kind>())
            peers[kind] = await Peer.StartAsync(kind, cancelled, shared.Cluster);
    }

    private static string Ratio(Figure own, Figure other) =>
        own.Median / other.Median is { } ratio && double.IsFinite(ratio)
            ? Times(ratio) + Caveat(own, other)
            : "not measured";

    // If the own figure did not hold, the target is missed. If the other did not hold, or either was disturbed, it is
    // not judged.
    private static bool? Judge(Figure own, Figure other, bool reached) =>
        own.DidNotHold is not null
            ? false
            : other.DidNotHold is not null || own.Disturbed || other.Disturbed ? null : reached;

    private static string Times(double ratio) => $"{BenchReport.Number(ratio)} ×";

    private static string Caveat(params Figure[] figures) =>
        figures.FirstOrDefault(figure => figure.DidNotHold is not null) is { } bad
            ? $", but the figure of {bad.Target} did not hold"
            : "";
}
