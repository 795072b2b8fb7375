using Microsoft.Extensions.Options;
using Polls.Api.Telemetry;
using Polls.Core.Telemetry;
using Prometheus;

namespace Polls.Api.Setup;

/// <summary>Registers metrics and traces.</summary>
internal static class TelemetrySetup
{
    /// <summary>Adds metrics and traces. Call it first, so that they start before all other services and stop after them.</summary>
    public static void AddTelemetry(this IHostApplicationBuilder builder)
    {
        builder.AddManagementPort();
        // One registry per host, because a test process can have several hosts.
        builder.Services.AddSingleton(_ => Metrics.NewCustomRegistry());
        builder.Services.AddSingleton<PollsMetrics>();
        builder.Services.AddSingleton<FrameworkMetrics>();
        builder.AddTracing();
    }

    /// <summary>Adds the middleware. Call it first: before the middleware to measure and before the exception handler.</summary>
    public static void UseTelemetry(this WebApplication app)
    {
        if (app.Services.GetRequiredService<IOptions<ManagementOptions>>().Value.Port is not null)
        {
            app.Services.GetRequiredService<FrameworkMetrics>();
            InstanceMetrics.Register(app.Services.GetRequiredService<CollectorRegistry>(), app.Services);
        }

        app.UseRequestMetrics();
        app.UseTracing();
    }
}
