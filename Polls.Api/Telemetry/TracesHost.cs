using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Trace;
using Polls.Api.Instance;
using Polls.Core.Telemetry;

namespace Polls.Api.Telemetry;

/// <summary>Pushes sampled traces by OTLP where a collector is configured. Otherwise nobody listens, and no span is made.</summary>
internal sealed class TracesHost(
    IOptions<TracingOptions> tracing, IOptions<InstanceOptions> instance, IConfiguration configuration) : IHostedService, IDisposable
{
    private static readonly string[] Sources =
        [PollsTraces.SourceName, "Microsoft.AspNetCore", "Microsoft.AspNetCore.SignalR.Server", "Npgsql"];

    private TracerProvider? provider;

    /// <inheritdoc />
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (tracing.Value.SampleRatio > 0 && Otlp.IsConfigured(configuration))
        {
            provider = Sdk.CreateTracerProviderBuilder().AddSource(Sources)
                .SetSampler(TraceSampler.Of(tracing.Value.SampleRatio))
                .ConfigureResource(resource => Otlp.Describe(resource, instance.Value.Id))
                .ConfigureServices(services => services.AddSingleton(configuration)).AddOtlpExporter()
                .Build();
        }

        return Task.CompletedTask;
    }

    /// <summary>Pushes the last spans, for as long as stopping may take.</summary>
    public Task StopAsync(CancellationToken cancellationToken) =>
        Task.Run(() => provider?.Shutdown(timeoutMilliseconds: 2000), CancellationToken.None);

    /// <inheritdoc />
    public void Dispose() => provider?.Dispose();
}
