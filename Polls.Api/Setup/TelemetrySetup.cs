using Microsoft.Extensions.Options;
using Polls.Api.Telemetry;
using Polls.Core.Telemetry;
using Prometheus;

namespace Polls.Api.Setup;

/// <summary>What those who run it see of an instance.</summary>
internal static class TelemetrySetup
{
    /// <summary>To be called first, so that it is there before all others and goes after them.</summary>
    public static void AddTelemetry(this IHostApplicationBuilder builder)
    {
        builder.AddManagementPort();
        // Each host has its own: a process may have several, as in tests.
        builder.Services.AddSingleton(_ => Metrics.NewCustomRegistry());
        builder.Services.AddSingleton<PollsMetrics>();
        builder.Services.AddSingleton<FrameworkMetrics>();
        builder.AddTracing();
    }

    /// <summary>To be called first as well: before anything is measured, and before the exception handler.</summary>
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
