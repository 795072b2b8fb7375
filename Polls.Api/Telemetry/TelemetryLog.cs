namespace Polls.Api.Telemetry;

/// <summary>What telemetry logs. Event ids 3200 to 3299.</summary>
internal static partial class TelemetryLog
{
    [LoggerMessage(3200, LogLevel.Warning, "The metric {Metric} of {Meter} is left out of /metrics: another one is called {Family} there.")]
    public static partial void FamilyLeftOut(ILogger log, string meter, string metric, string family);
}
