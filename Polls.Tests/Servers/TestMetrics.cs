using System.Text;
using Polls.Core.Telemetry;
using Polls.Tests.Telemetry;
using Prometheus;

namespace Polls.Tests.Servers;

/// <summary>The product's metrics in their own registry, with the values counted so far.</summary>
public sealed class TestMetrics : IDisposable
{
    private readonly CollectorRegistry registry = Metrics.NewCustomRegistry();
    private readonly MemoryStream page = new();
    private readonly Lock gate = new();

    public TestMetrics() => Polls = new PollsMetrics(registry);

    public PollsMetrics Polls { get; }

    /// <summary>
    /// The sum over all labels of a counter or gauge; its name is written with dots instead of underscores and without
    /// <c>_total</c>.
    /// </summary>
    public long this[string metric]
    {
        get
        {
            var name = metric.Replace('.', '_');
            lock (gate)
            {
                page.SetLength(0);
                registry.CollectAndExportAsTextAsync(page).GetAwaiter().GetResult();
                var scrape = new Scrape(Encoding.UTF8.GetString(page.ToArray()));
                return (long)(scrape[name] + scrape[name + "_total"]);
            }
        }
    }

    public void Dispose() => page.Dispose();
}
