using System.Diagnostics;
using Polls.Api.Telemetry;

namespace Polls.Api.Setup;

/// <summary>What those who run it see of an instance.</summary>
internal static class TelemetrySetup
{
    /// <summary>To be called first, so that it is there before all others and goes after them.</summary>
    public static void AddTelemetry(this IHostApplicationBuilder builder)
    {
        builder.AddManagementPort();
        builder.Services.AddSingleton<PrometheusScrapes>();
        builder.Services.AddHostedService<MetricsHost>();
        builder.Services.AddOptions<TracingOptions>().BindConfiguration(TracingOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<DistributedContextPropagator, OwnTracesOnly>();
        builder.Services.AddHostedService<TracesHost>();
    }
}
