using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using Polls.Api.Backplane;
using Polls.Api.Health;
using Polls.Api.Instance;
using Polls.Core.Telemetry;
using Polls.Core.Votes;

namespace Polls.Api.Telemetry;

/// <summary>
/// Collects metrics from before the first request to after the last one, if anybody wants them: for the management port,
/// and pushed by OTLP. Without either, recording costs next to nothing.
/// </summary>
internal sealed class MetricsHost(
    PollsMetrics metrics, PrometheusScrapes scrapes, IBackplane backplane, DatabaseProbe database, VoteQueue votes,
    IOptions<ManagementOptions> management, IOptions<InstanceOptions> instance, IConfiguration configuration) : IHostedService, IDisposable
{
    private static readonly string[] Meters =
    [
        PollsMetrics.MeterName, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel",
        "Microsoft.AspNetCore.Http.Connections", "System.Runtime", "Npgsql",
    ];

    // Room for that many series of one instrument is taken at the start, 72 bytes each; the requests' durations have the most, one by route, method and status.
    private const int SeriesLimit = 500;

    private readonly Meter process = new("Polls.Process");
    private MeterProvider? provider;

    /// <inheritdoc />
    public Task StartAsync(CancellationToken cancellationToken)
    {
        var pushes = Otlp.IsConfigured(configuration);
        if (management.Value.Port is null && !pushes)
        {
            return Task.CompletedTask;
        }

        metrics.ObserveDegraded(Degraded);
        process.CreateObservableGauge("process.start.time", StartTime(), "s", "When the process started, in seconds since 1970.");
        // What a container may take in all is not to be had as easily; the runtime derives this from it.
        process.CreateObservableGauge(
            "polls.heap.limit", () => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, "By", "How far the heap may grow.");
        var builder = Sdk.CreateMeterProviderBuilder().AddMeter([.. Meters, process.Name])
            .AddView("*", new MetricStreamConfiguration { CardinalityLimit = SeriesLimit })
            .ConfigureResource(resource => Otlp.Describe(resource, instance.Value.Id));
        if (management.Value.Port is not null)
        {
            builder.AddReader(scrapes.Reader);
        }

        if (pushes)
        {
            builder.ConfigureServices(services => services.AddSingleton(configuration)).AddOtlpExporter();
        }

        provider = builder.Build();
        metrics.Begin();
        return Task.CompletedTask;
    }

    /// <summary>Pushes the last figures, for as long as stopping may take.</summary>
    public Task StopAsync(CancellationToken cancellationToken) =>
        Task.Run(() => provider?.Shutdown(timeoutMilliseconds: 2000), CancellationToken.None);

    /// <inheritdoc />
    public void Dispose()
    {
        provider?.Dispose();
        process.Dispose();
    }

    private static Func<double> StartTime()
    {
        using var self = Process.GetCurrentProcess();
        var started = new DateTimeOffset(self.StartTime.ToUniversalTime()).ToUnixTimeMilliseconds() / 1000.0;
        return () => started;
    }

    private IEnumerable<Measurement<int>> Degraded() =>
    [
        new(backplane.State == BackplaneState.Disconnected ? 1 : 0, new KeyValuePair<string, object?>("part", "redis")),
        new(database.AnsweredLast && votes.DatabaseAnswers ? 0 : 1, new KeyValuePair<string, object?>("part", "database")),
    ];
}
