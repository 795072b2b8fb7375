using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Polls.AppHost.Processes;
using Polls.Tests.Servers;

namespace Polls.Tests.Telemetry;

/// <summary>An OTLP collector over HTTP that records everything that instances push.</summary>
internal sealed class OtlpCollector : IAsyncDisposable
{
    private readonly PortReservation port = PortReservation.Free();
    private readonly ConcurrentQueue<Span> spans = new();
    private readonly ConcurrentQueue<string> bodies = new();
    private readonly WebApplication server;

    private OtlpCollector()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port.Port}");
        server = builder.Build();
        server.MapPost("/v1/traces", async (HttpRequest request) =>
        {
            var body = await ReadAsync(request);
            bodies.Enqueue(Encoding.UTF8.GetString(body));
            foreach (var span in Span.ReadAll(body))
            {
                spans.Enqueue(span);
            }
        });
    }

    /// <summary>All spans so far.</summary>
    public IReadOnlyList<Span> Spans => [.. spans];

    /// <summary>All trace requests so far, unparsed.</summary>
    public IReadOnlyList<string> Bodies => [.. bodies];

    public static async Task<OtlpCollector> StartAsync()
    {
        var collector = new OtlpCollector();
        await collector.server.StartAsync();
        return collector;
    }

    /// <summary>Settings that make an instance push here, with a short delay.</summary>
    public Dictionary<string, string> Environment(double sampleRatio = 0) => new()
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = $"http://127.0.0.1:{port.Port}",
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        ["OTEL_BSP_SCHEDULE_DELAY"] = "100",
        ["Tracing__SampleRatio"] = sampleRatio.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>The matching spans; waits until there is one.</summary>
    public async Task<IReadOnlyList<Span>> FindAsync(string what, Func<Span, bool> condition)
    {
        await Until.TrueAsync(() => spans.Any(condition), $"the collector has {what}; it has {string.Join(", ", spans.Select(span => span.Name).Distinct())}");
        return [.. spans.Where(condition)];
    }

    /// <summary>The only matching span.</summary>
    public async Task<Span> FindOneAsync(string what, Func<Span, bool> condition) => (await FindAsync(what, condition)).ShouldHaveSingleItem();

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        port.Dispose();
    }

    private static async Task<byte[]> ReadAsync(HttpRequest request)
    {
        using var copy = new MemoryStream();
        await request.Body.CopyToAsync(copy);
        return copy.ToArray();
    }
}

/// <summary>One exported span. Ids are hexadecimal; a root span has an empty parent.</summary>
internal sealed record Span(
    string Instance, string Source, string Name, string TraceId, string Id, string ParentId, ulong Start, ulong End, bool IsError,
    IReadOnlyDictionary<string, string> Attributes, IReadOnlyList<(string TraceId, string SpanId)> Links)
{
    /// <summary>
    /// Parses an <c>ExportTraceServiceRequest</c>; the field numbers are those of OpenTelemetry's trace.proto.
    /// </summary>
    public static IEnumerable<Span> ReadAll(byte[] request) =>
        from resource in new Protobuf(request).Each(1)
        let instance = resource.Each(1).First().Attributes(1)["service.instance.id"]
        from scope in resource.Each(2)
        let source = scope.Each(1).First().Text(1)
        from span in scope.Each(2)
        select new Span(
            instance, source, span.Text(5), span.Hex(1), span.Hex(2), span.Hex(4), span.Number(7), span.Number(8),
            span.Each(15).Any(status => status.Number(3) == 2), span.Attributes(9), [.. span.Each(13).Select(link => (link.Hex(1), link.Hex(2)))]);

    public bool LinksTo(Span other) => Links.Contains((other.TraceId, other.Id));

    public bool IsChildOf(Span other) => TraceId == other.TraceId && ParentId == other.Id;
}
