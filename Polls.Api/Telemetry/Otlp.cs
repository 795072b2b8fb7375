using OpenTelemetry.Resources;
using Polls.Api.Health;

namespace Polls.Api.Telemetry;

/// <summary>What metrics and traces have in common.</summary>
internal static class Otlp
{
    /// <summary>
    /// Whether there is a collector to push to. All else of <c>OTEL_EXPORTER_OTLP_*</c> is read by the exporters themselves, from
    /// the same configuration.
    /// </summary>
    public static bool IsConfigured(IConfiguration configuration) => configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] is { Length: > 0 };

    /// <summary>Says who tells.</summary>
    public static void Describe(ResourceBuilder resource, string instanceId) => resource.Clear().AddService(
        "polls", serviceVersion: BuildInfo.VersionAndCommit, autoGenerateServiceInstanceId: false, serviceInstanceId: instanceId);
}
