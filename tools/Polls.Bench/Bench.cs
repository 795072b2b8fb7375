using System.Globalization;
using Polls.AppHost;
using Polls.Bench.Report;
using Polls.Bench.Targets;

namespace Polls.Bench;

/// <summary>What a row needs: programs to measure, three runs of each measurement, and where to put the figures.</summary>
internal sealed class Bench(BenchReport report, bool quick, Action<string> tell, CancellationToken cancelled) : IAsyncDisposable
{
    // Cores that strangers may take, or the machine's host keep, in a run that counts.
    private const double Disturbance = 0.2;

    private readonly Dictionary<Peer.Kind, Peer> peers = [];
    private Product? shared;

    public bool Quick => quick;

    public CancellationToken Cancelled => cancelled;

    public BenchReport Report => report;

    /// <summary>So many, and in the short form a tenth.</summary>
    public double Seconds(double seconds) => quick ? seconds / 10 : seconds;

    /// <summary>
    /// The product with so many instances, and with nginx in front of them, started for this one use. The short form has one for all
    /// rows, of two instances with the settings as shipped, and its peers share its stores.
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

    /// <summary>A peer, started for this one use; in the short form one for all rows.</summary>
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
    /// Three runs (in the short form one) of a measurement that gives one or several values. Runs that strangers disturbed are made again,
    /// unless told otherwise or there is to be one only: at most once each; the values of the least disturbed ones count. What went
    /// wrong in any of them, a run that could not be made, and what <c>verify</c> finds wrong in what they left, makes the figure one
    /// that did not hold.
    /// </summary>
    public async Task<IReadOnlyList<Figure>> MeasureAsync(
        string row, string what, string target, Func<Task<Sample>> run, Func<Task<string?>>? verify = null, int runs = 3, bool again = true)
    {
        var samples = new List<Sample>();
        var wanted = quick ? 1 : runs;
        var most = again && wanted > 1 ? 2 * wanted : wanted;
        string? problem = null;
        try
        {
            while (samples.Count < most && samples.Count(sample => sample.OtherCores <= Disturbance) < wanted)
            {
                samples.Add(await run());
            }

            problem = verify is null ? null : await verify();
        }
        catch (Exception failure) when (failure is DidNotHoldException or TimeoutException or StartFailedException)
        {
            problem = failure.Message;
        }

        problem ??= samples.Select(sample => sample.Problem).FirstOrDefault(wrong => wrong is not null);
        var leftOut = Math.Max(0, samples.Count - wanted);
        samples = [.. samples.OrderBy(sample => sample.OtherCores > Disturbance ? sample.OtherCores : 0).Take(wanted)];
        problem ??= samples.Select(sample => sample.Weak).FirstOrDefault(why => why is not null);
        if (samples.Any(sample => sample.Values.Any(value => !double.IsFinite(value.Value))))
        {
            problem ??= "nothing happened in the measured time";
        }

        var names = samples.Count == 0 ? [("", 0, "")] : samples[0].Values;
        List<Figure> figures =
        [
            .. names.Select((value, i) => new Figure
            {
                Row = row, What = what, Target = target, Measure = value.Measure, Unit = value.Unit,
                Runs = [.. samples.Select(sample => sample.Values[i].Value).Where(double.IsFinite)], DidNotHold = problem,
                LoadClientCores = samples.Select(sample => sample.LoadClientCores).DefaultIfEmpty().Max(),
                OtherCores = samples.Select(sample => sample.OtherCores).DefaultIfEmpty().Max(), LeftOut = leftOut,
                Disturbed = !quick && samples.Any(sample => sample.OtherCores > Disturbance),
            }),
        ];
        report.Figures.AddRange(figures);
        foreach (var figure in figures)
        {
            tell(string.Create(CultureInfo.InvariantCulture,
                $"{figure.What} | {figure.Target} | {figure.Measure} | {(figure.Median is { } median ? BenchReport.Number(median) : "-")} {figure.Unit}{(problem is null ? "" : $" | did not hold: {problem}")}"));
        }

        return figures;
    }

    /// <summary>The aim to be at least so many times as good as another one.</summary>
    public void AimAtLeast(string row, string than, Figure own, Figure other, double times) => report.Aims.Add(new(
        row, $"× {than}", $"≥ {Times(times)}", Ratio(own, other), Judged(own, other, own.Median / other.Median >= times)));

    /// <summary>The aim to be at most so much.</summary>
    public void AimAtMost(string row, string what, Figure own, double most) => report.Aims.Add(new(
        row, what, $"≤ {BenchReport.Number(most)} {own.Unit}",
        own.Median is { } value ? $"{BenchReport.Number(value)} {own.Unit}{Reservation(own)}" : "not measured", Judged(own, own, own.Median <= most)));

    /// <summary>The aim to be at most so many times another one.</summary>
    public void AimAtMost(string row, string than, Figure own, Figure other, double times) => report.Aims.Add(new(
        row, $"× {than}", $"≤ {Times(times)}", Ratio(own, other), Judged(own, other, own.Median / other.Median <= times)));

    public async ValueTask DisposeAsync()
    {
        foreach (var peer in peers.Values)
            await peer.DisposeAsync();
        if (shared is not null)
            await shared.DisposeAsync();
    }

    // What is compiled while it runs is at its best only after some seconds of work: the same for everybody.
    private async Task WarmUpAsync(Target target)
    {
        await target.MakeRoomsAsync(1, 1, cancelled);
        await target.ConnectAsync(200, cancelled);
        var seconds = Quick ? 5 : 15;
        await target.DoAsync(
            target.Wire == "bare" ? new() { Do = "open", Rate = 50, Seconds = seconds } : new() { Do = "closed", Voters = 100, Seconds = seconds }, cancelled);
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
        own.Median / other.Median is { } ratio && double.IsFinite(ratio) ? Times(ratio) + Reservation(own, other) : "not measured";

    // What did not hold here was not reached; what did not hold there, or was disturbed, is no measure.
    private static bool? Judged(Figure own, Figure other, bool reached) =>
        own.DidNotHold is not null ? false : other.DidNotHold is not null || own.Disturbed || other.Disturbed ? null : reached;

    private static string Times(double ratio) => $"{BenchReport.Number(ratio)} ×";

    private static string Reservation(params Figure[] figures) =>
        figures.FirstOrDefault(figure => figure.DidNotHold is not null) is { } bad ? $", but the figure of {bad.Target} did not hold" : "";
}
