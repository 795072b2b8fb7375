using System.Globalization;
using Polls.AppHost;
using Polls.Prove.History;

namespace Polls.Prove.Checks;

/// <summary>What the instances' <c>/metrics</c> say of queues and memory, during the run and at rest (G7).</summary>
internal sealed class Metrics(Arena arena, Chronicle chronicle)
{
    private static readonly TimeSpan RestLimit = TimeSpan.FromSeconds(60);

    // Some hundred connections and one room: what is held beyond this is held for nobody.
    private const double MostHeapAtRest = 150e6;

    // The same while clients do not read: what is kept for them is bounded.
    private const double MostResident = 800e6;

    // What is judged by has to be there: a name that nobody exports would be zero for ever.
    private static readonly string[] Needed =
        ["polls_vote_queue_depth", "polls_hub_connections_slow", "polls_hub_connections_overflowed_total", "process_working_set_bytes"];

    /// <summary>The most connections that waited at one time on one instance, and the most votes.</summary>
    public (double SlowConnections, double QueueDepth, double WorkingSet) Most { get; private set; }

    /// <summary>Looks at all running instances once.</summary>
    public async Task SampleAsync(CancellationToken cancellationToken)
    {
        foreach (var instance in arena.Cluster.Instances)
        {
            if (await ReadAsync(instance, cancellationToken) is { } page)
            {
                var slow = Sum(page, "polls_hub_connections_slow");
                Most = (Math.Max(Most.SlowConnections, slow), Math.Max(Most.QueueDepth, Sum(page, "polls_vote_queue_depth")), Math.Max(Most.WorkingSet, Sum(page, "process_working_set_bytes")));
                if (Needed.FirstOrDefault(name => page.All(item => item.Name != name)) is { } missing)
                {
                    chronicle.Verdicts.Break(Guarantee.G7, $"{instance.Name} has no metric {missing}.");
                }

                if (Sum(page, "process_working_set_bytes") is > MostResident and var resident)
                {
                    chronicle.Verdicts.Break(Guarantee.G7, $"{instance.Name} holds {resident / 1e6:0} MB.");
                }

                if (slow > 0)
                {
                    chronicle.Verdicts.Checked(Guarantee.G7, "looks at an instance that held messages for somebody who does not read");
                }

                if (Sum(page, "polls_hub_connections_overflowed_total") > 0)
                {
                    chronicle.Verdicts.Checked(Guarantee.G7, "looks at an instance that had cut off somebody who does not read");
                }
            }
        }
    }

    /// <summary>Nobody votes and the stalled are gone: everything has to come to rest.</summary>
    public async Task<string> RestAsync(CancellationToken cancellationToken)
    {
        var said = new List<string>();
        foreach (var instance in arena.Cluster.Instances)
        {
            IReadOnlyList<(string Name, double Value)>? page = null;
            var isAtRest = false;
            for (var started = System.Diagnostics.Stopwatch.GetTimestamp(); !isAtRest && System.Diagnostics.Stopwatch.GetElapsedTime(started) < RestLimit;)
            {
                page = await ReadAsync(instance, cancellationToken);
                isAtRest = page is not null && Sum(page, "polls_vote_queue_depth") == 0 && Sum(page, "polls_hub_connections_slow") == 0
                    && Heap(page) < MostHeapAtRest;
                if (!isAtRest)
                {
                    await Task.Delay(200, cancellationToken);
                }
            }

            if (!isAtRest)
            {
                chronicle.Verdicts.Break(Guarantee.G7, $"{instance.Name} does not come to rest: {(page is null ? "no metrics" : Words(page))}.");
            }
            else
            {
                said.Add($"{instance.Name} {Words(page!)}");
            }
        }

        return string.Join("; ", said);
    }

    /// <summary>What an instance says of one thing now; null when it says nothing.</summary>
    public static async Task<double?> ValueAsync(ApiInstance instance, string name, CancellationToken cancellationToken) =>
        await ReadAsync(instance, cancellationToken) is { } page ? Sum(page, name) : null;

    private static string Words(IReadOnlyList<(string Name, double Value)> page) => string.Create(
        CultureInfo.InvariantCulture,
        $"queue {Sum(page, "polls_vote_queue_depth"):0}, slow {Sum(page, "polls_hub_connections_slow"):0}, heap {Heap(page) / 1e6:0} MB, resident {Sum(page, "process_working_set_bytes") / 1e6:0} MB");

    private static double Heap(IReadOnlyList<(string Name, double Value)> page) => Sum(page, "system_runtime_dotnet_gc_last_collection_heap_size");

    private static double Sum(IReadOnlyList<(string Name, double Value)> page, string name) => page.Where(item => item.Name == name).Sum(item => item.Value);

    private static async Task<IReadOnlyList<(string Name, double Value)>?> ReadAsync(ApiInstance instance, CancellationToken cancellationToken)
    {
        using var http = new Clients.HttpDoor(instance.ManagementAddress);
        return await http.TextAsync("/metrics", cancellationToken) is { } text
            ? [.. text.Split('\n').Where(line => line.Length > 0 && line[0] != '#').Select(Parse)]
            : null;
    }

    // name{labels} value
    private static (string Name, double Value) Parse(string line)
    {
        var value = line[(line.LastIndexOf(' ') + 1)..];
        return (line[..line.IndexOfAny(['{', ' '])], double.TryParse(value, CultureInfo.InvariantCulture, out var number) ? number : 0);
    }
}
