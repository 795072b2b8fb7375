using OpenTelemetry.Metrics;

namespace Polls.Api.Telemetry;

/// <summary>
/// Answers scrapes. Those that come within a moment of each other share one collection, so that however many look, the
/// figures are collected a few times a second at most.
/// </summary>
internal sealed class PrometheusScrapes : IDisposable
{
    private static readonly TimeSpan Fresh = TimeSpan.FromMilliseconds(300);
    private readonly PrometheusExporter exporter;
    private readonly TimeProvider clock;
    private readonly SemaphoreSlim collecting = new(1, 1);
    private readonly Lock gate = new();
    private PrometheusPage? newest;
    private PrometheusPage? spare;

    /// <summary>Nothing is collected before the reader is part of a provider.</summary>
    public PrometheusScrapes(TimeProvider clock, ILogger<PrometheusScrapes> log)
    {
        this.clock = clock;
        exporter = new PrometheusExporter(log);
        Reader = new BaseExportingMetricReader(exporter);
    }

    /// <summary>What the provider of metrics has to read with; the provider disposes it.</summary>
    public MetricReader Reader { get; }

    /// <summary>Writes the figures of now as the answer.</summary>
    public async Task AnswerAsync(HttpContext http)
    {
        var page = await TakeAsync(http.RequestAborted);
        try
        {
            http.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
            http.Response.ContentLength = page.Bytes.Length;
            await http.Response.Body.WriteAsync(page.Bytes, http.RequestAborted);
        }
        finally
        {
            Return(page);
        }
    }

    /// <summary>A page that nobody changes until it is returned.</summary>
    internal async Task<PrometheusPage> TakeAsync(CancellationToken cancellationToken)
    {
        await collecting.WaitAsync(cancellationToken);
        try
        {
            if (newest is null || clock.GetElapsedTime(newest.WrittenAt) >= Fresh)
            {
                Publish(Collect());
            }

            lock (gate)
            {
                newest!.Readers++;
                return newest;
            }
        }
        finally
        {
            collecting.Release();
        }
    }

    /// <summary>The page is sent.</summary>
    internal void Return(PrometheusPage page)
    {
        lock (gate)
        {
            page.Readers--;
            Retire(page);
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        collecting.Dispose();
        Reader.Dispose();
    }

    private PrometheusPage Collect()
    {
        PrometheusPage page;
        lock (gate)
        {
            (page, spare) = (spare ?? new PrometheusPage(), null);
        }

        exporter.Fill(page);
        page.WrittenAt = clock.GetTimestamp();
        return page;
    }

    private void Publish(PrometheusPage page)
    {
        lock (gate)
        {
            var before = newest;
            newest = page;
            if (before is not null)
            {
                Retire(before);
            }
        }
    }

    // A page that a slow reader still holds is left to that reader; two take turns otherwise.
    private void Retire(PrometheusPage page)
    {
        if (page != newest && page.Readers == 0)
        {
            spare = page;
        }
    }
}
