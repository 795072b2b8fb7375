using System.Text;
using Polls.Core.Loops;
using Polls.Tests.Telemetry;
using Prometheus;

namespace Polls.Tests.Servers;

/// <summary>The product's metrics in their own registry, with the values counted so far.</summary>
public sealed class TestMetrics : IDisposable
{
    private readonly MemoryStream page = new();
    private readonly Lock gate = new();

    public CollectorRegistry Registry { get; } = Metrics.NewCustomRegistry();

    public LoopMetrics Loops => new(Registry);

    /// <summary>
    /// The sum over all labels of a counter or gauge; its name is written with dots instead of underscores and without
    /// <c>_total</c>.
    /// </summary>
    public long this[string metric]
    {
        get
        {
            var name = metric.Replace('.', '_');
            var scrape = Read();
            return (long)(scrape[name] + scrape[name + "_total"]);
        }
    }

    internal Scrape Read()
    {
        lock (gate)
        {
            page.SetLength(0);
            Registry.CollectAndExportAsTextAsync(page).GetAwaiter().GetResult();
            return new Scrape(Encoding.UTF8.GetString(page.ToArray()));
        }
    }

    public void Dispose() => page.Dispose();
}
