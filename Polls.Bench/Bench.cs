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
    public async Task WithProductAsync(Func<Product, Task> use, int instances = 1, bool nginx = false)
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
        await WarmUpAsync(product);
        await use(product);
    }

    /// <summary>A peer, started for this one use; in the short form one for all rows.</summary>
    public async Task WithPeerAsync(Peer.Kind kind, Func<Peer, Task> use)
    {
        if (quick)
        {
            await StartSharedAsync();
            await use(peers[kind]);
            return;
        }

        await using var peer = await Peer.StartAsync(kind, cancelled);
        await WarmUpAsync(peer);
        await use(peer);
    }

    /// <summary>
    /// Three runs (in the short form one) of a measurement that gives one or several values. A run with a problem, and one that could
    /// not be made, makes the figure one that did not hold; so does what <c>verify</c> finds wrong in what they left. Runs that strangers
    /// disturbed are made again, unless told otherwise or there is to be one only: at most once each. The least disturbed ones count.
    /// </summary>
    public async Task<IReadOnlyList<Figure>> MeasureAsync(
        string row, string what, string target, Func<Task<Sample>> run, Func<Task<string?>>? verify = null, int runs = 3, bool again = true)
    {
        var samples = new List<Sample>();
        string? leftOut = null;
        string? problem = null;
        try
        {
            var wanted = quick ? 1 : runs;
            var most = again && wanted > 1 ? 2 * wanted : wanted;
            while (samples.Count < most && samples.Count(sample => sample.OtherCores <= Disturbance) < wanted)
            {
                samples.Add(await run());
            }

            var ranked = samples.OrderBy(sample => sample.OtherCores > Disturbance ? sample.OtherCores : 0).ToList();
            (samples, var rest) = (ranked[..wanted], ranked[wanted..]);
            // Left out because they were slow for a reason that is not ours; what went wrong in them is told all the same.
            leftOut = rest.Count == 0 ? null : string.Join("; ", rest.Select(ProblemOf).OfType<string>().Prepend($"{rest.Count} disturbed left out"));
            problem = samples.Select(ProblemOf).FirstOrDefault(found => found is not null);
            problem = verify is not null && await verify() is { } wrong ? wrong : problem;
        }
        catch (Exception failure) when (failure is DidNotHoldException or TimeoutException or StartFailedException)
        {
            problem = failure.Message;
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
    public void AimAtLeast(string row, string than, Figure own, Figure other, double times)
    {
        if (own.Median is not { } ours || other.Median is not { } theirs || theirs <= 0)
        {
            report.Aims.Add(new(row, $"× {than}", $"≥ {Times(times)}", "not measured", Met: false));
            return;
        }

        report.Aims.Add(new(row, $"× {than}", $"≥ {Times(times)}", Times(ours / theirs) + Reservation(own, other), ours / theirs >= times && own.DidNotHold is null));
    }

    /// <summary>The aim to be at most so much.</summary>
    public void AimAtMost(string row, string what, Figure own, double most) => report.Aims.Add(new(
        row, what, $"≤ {BenchReport.Number(most)} {own.Unit}",
        own.Median is { } value ? $"{BenchReport.Number(value)} {own.Unit}{Reservation(own)}" : "not measured",
        own.Median <= most && own.DidNotHold is null));

    /// <summary>The aim to be at most so many times another one.</summary>
    public void AimAtMost(string row, string than, Figure own, Figure other, double times)
    {
        var ratio = own.Median / other.Median;
        report.Aims.Add(new(
            row, $"× {than}", $"≤ {Times(times)}", ratio is { } known ? Times(known) + Reservation(own, other) : "not measured",
            ratio <= times && own.DidNotHold is null));
    }

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

    private static string? ProblemOf(Sample sample) =>
        sample.Problem ?? (sample.Values.Any(value => !double.IsFinite(value.Value)) ? "nothing happened in the measured time" : null);

    private static string Times(double ratio) => $"{BenchReport.Number(ratio)} ×";

    private static string Reservation(params Figure[] figures) =>
        figures.FirstOrDefault(figure => figure.DidNotHold is not null) is { } bad ? $", but the figure of {bad.Target} did not hold" : "";
}
