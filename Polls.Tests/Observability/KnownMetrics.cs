using Polls.Tests.Telemetry;

namespace Polls.Tests.Observability;

/// <summary>
/// The names that a query may use: documented in docs/metrics.md, recorded by a rule, or Prometheus' own.
/// </summary>
internal static class KnownMetrics
{
    private static readonly DocumentedMetrics Documented = DocumentedMetrics.Read();
    private static readonly HashSet<string> Families = [.. Documented.Always, .. Documented.AfterFirstEvent];

    /// <summary>
    /// Series that a short session does not produce: no alert fires, and no instance has run for half an hour.
    /// </summary>
    private static readonly string[] Later = ["ALERTS", "job:websocket_connections_current:spread"];

    /// <summary>Series of Prometheus itself.</summary>
    public static IReadOnlyList<string> Own { get; } = ["up", "ALERTS"];

    /// <summary>Whether such a series can exist.</summary>
    public static bool Contains(string name) =>
        Own.Contains(name) || Families.Contains(Promql.Family(name)) || Families.Contains(name) || Rules.Records.Any(record => record.Name == name);

    /// <summary>Whether the series exists only after a first event.</summary>
    public static bool AfterFirstEvent(string name) => Later.Contains(name) || Documented.AfterFirstEvent.Contains(Promql.Family(name)) || Documented.AfterFirstEvent.Contains(name);
}
