using System.Diagnostics;
using Microsoft.Extensions.Options;
using Npgsql;
using OpenTelemetry;
using OpenTelemetry.Context.Propagation;
using OpenTelemetry.Instrumentation.AspNetCore;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Polls.Api.Health;
using Polls.Core.Telemetry;

namespace Polls.Api.Telemetry;

/// <summary>
/// Exports sampled traces by OTLP if <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set. Otherwise no spans are created. The
/// exporter reads the other <c>OTEL_EXPORTER_OTLP_*</c> settings itself.
/// </summary>
internal static class Tracing
{
    public static void AddTracing(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<TracingOptions>()
            .BindConfiguration(TracingOptions.Section)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.AddSingleton<DistributedContextPropagator, OwnTracesOnly>();
        if (builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] is not { Length: > 0 })
        {
            return;
        }

        // With any other propagator, the instrumentation reads the caller's headers itself and bypasses OwnTracesOnly.
        Sdk.SetDefaultTextMapPropagator(new TraceContextPropagator());
        services.AddOptions<AspNetCoreTraceInstrumentationOptions>()
            .Configure<IOptions<ManagementOptions>>((requests, management) =>
                // Do not trace health checks and scrapes.
                requests.Filter = http => http.Connection.LocalPort != management.Value.Port
                    && !http.Request.Path.StartsWithSegments("/health", StringComparison.Ordinal));
        services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.Clear().AddService(
                "polls", serviceVersion: BuildInfo.VersionAndCommit, autoGenerateServiceInstanceId: false,
                serviceInstanceId: builder.Configuration["Instance:Id"] ?? Environment.MachineName))
            .WithTracing(traces => traces
                .AddAspNetCoreInstrumentation()
                .AddNpgsql()
                .AddSource(PollsTraces.SourceName, "Microsoft.AspNetCore.SignalR.Server")
                .SetSampler(provider =>
                    TraceSampler.Of(provider.GetRequiredService<IOptions<TracingOptions>>().Value.SampleRatio))
                .AddProcessor<TracePrivacy>()
                .AddOtlpExporter());
    }

    /// <summary>Exports the last spans after everything else has stopped, for at most two seconds.</summary>
    public static void UseTracing(this WebApplication app)
    {
        if (app.Services.GetService<TracerProvider>() is { } provider)
        {
            app.Lifetime.ApplicationStopped.Register(() => provider.Shutdown(timeoutMilliseconds: 2000));
        }
    }
}
