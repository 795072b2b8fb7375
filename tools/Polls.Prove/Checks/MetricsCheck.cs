using System.Globalization;
using Polls.AppHost;
using Polls.Prove.History;

namespace Polls.Prove.Checks;

/// <summary>
/// G7: reads queue lengths and memory from the instances' <c>/metrics</c>, during the run and when idle.
/// </summary>
internal sealed class MetricsCheck(ProofCluster cluster, RunHistory history)
{
    private static readonly TimeSpan IdleLimit = TimeSpan.FromSeconds(60);

    // A few hundred connections in one room need less.
    private const double MaxIdleHeap = 150e6;

    // Also while clients do not read: what is buffered for them is bounded.
    private const double MaxResident = 800e6;

    // A metric that is not exported would read as zero and pass every check.
    private static readonly string[] Required =
        [
            "polls_vote_queue_depth", "polls_hub_connections_slow", "polls_hub_connections_overflowed_total",
            "process_working_set_bytes"
        ];

    /// <summary>The highest values seen on one instance.</summary>
    public (double SlowConnections, double QueueDepth, double WorkingSet) Peaks { get; private set; }

    /// <summary>Checks all running instances once.</summary>
    public async Task SampleAsync(CancellationToken cancellationToken)
    {
        foreach (var instance in cluster.Local.Instances)
        {
            if (await ReadAsync(instance, cancellationToken) is { } page)
            {
                var slow = Sum(page, "polls_hub_connections_slow");
                Peaks = (
                    Math.Max(Peaks.SlowConnections, slow),
                    Math.Max(Peaks.QueueDepth, Sum(page, "polls_vote_queue_depth")),
                    Math.Max(Peaks.WorkingSet, Sum(page, "process_working_set_bytes")));
                if (Required.FirstOrDefault(name => page.All(item => item.Name != name)) is { } missing)
                {
                    history.Verdicts.Break(Guarantee.G7, $"{instance.Name} has no metric {missing}.");
                }

                if (Sum(page, "process_working_set_bytes") is > MaxResident and var resident)
                {
                    history.Verdicts.Break(Guarantee.G7, $"{instance.Name} uses {resident / 1e6:0} MB.");
                }

                if (slow > 0)
                {
                    history.Verdicts.Checked(Guarantee.G7, "samples of an instance with a slow client");
                }

                if (Sum(page, "polls_hub_connections_overflowed_total") > 0)
                {
                    history.Verdicts.Checked(
                        Guarantee.G7, "samples of an instance that had disconnected a slow client");
                }
            }
        }
    }

    /// <summary>
    /// After voting and the stalled clients have stopped, queues must drain and memory must be released.
    /// </summary>
    public async Task<string> CheckIdleAsync(CancellationToken cancellationToken)
    {
        var lines = new List<string>();
        foreach (var instance in cluster.Local.Instances)
        {
            IReadOnlyList<(string Name, double Value)>? page = null;
            var isIdle = false;
            for (var started = System.Diagnostics.Stopwatch.GetTimestamp();
                !isIdle && System.Diagnostics.Stopwatch.GetElapsedTime(started) < IdleLimit;)
            {
                page = await ReadAsync(instance, cancellationToken);
                isIdle = page is not null
                    && Sum(page, "polls_vote_queue_depth") == 0
                    && Sum(page, "polls_hub_connections_slow") == 0
                    && Heap(page) < MaxIdleHeap;
                if (!isIdle)
                {
                    await Task.Delay(200, cancellationToken);
                }
            }

            if (!isIdle)
            {
                history.Verdicts.Break(
                    Guarantee.G7,
                    $"{instance.Name} is not idle {IdleLimit.TotalSeconds:0} s after the run: "
                        + $"{(page is null ? "no metrics" : Describe(page))}.");
            }
            else
            {
                lines.Add($"{instance.Name} {Describe(page!)}");
            }
        }

        return string.Join("; ", lines);
    }

    /// <summary>The current value of a metric, summed over its labels; null if the instance does not answer.</summary>
    public static async Task<double?> ValueAsync(
        ApiInstance instance, string name, CancellationToken cancellationToken) =>
        await ReadAsync(instance, cancellationToken) is { } page ? Sum(page, name) : null;

    private static string Describe(IReadOnlyList<(string Name, double Value)> page) => string.Create(
        CultureInfo.InvariantCulture,
        $"queue {Sum(page, "polls_vote_queue_depth"):0}, slow {Sum(page, "polls_hub_connections_slow"):0}, "
            + $"heap {Heap(page) / 1e6:0} MB, resident {Sum(page, "process_working_set_bytes") / 1e6:0} MB");

    private static double Heap(IReadOnlyList<(string Name, double Value)> page) =>
        Sum(page, "system_runtime_dotnet_gc_last_collection_heap_size");

    private static double Sum(IReadOnlyList<(string Name, double Value)> page, string name) =>
        page.Where(item => item.Name == name).Sum(item => item.Value);

    private static async Task<IReadOnlyList<(string Name, double Value)>?> ReadAsync(
        ApiInstance instance, CancellationToken cancellationToken)
    {
        using var http = new Clients.ApiClient(instance.ManagementAddress);
        return await http.GetTextAsync("/metrics", cancellationToken) is { } text
            ? [.. text.Split('\n').Where(line => line.Length > 0 && line[0] != '#').Select(Parse)]
            : null;
    }

    // The line is: name{labels} value
    private static (string Name, double Value) Parse(string line)
    {
        var value = line[(line.LastIndexOf(' ') + 1)..];
        return (
            line[..line.IndexOfAny(['{', ' '])],
            double.TryParse(value, CultureInfo.InvariantCulture, out var number) ? number : 0);
    }
}
