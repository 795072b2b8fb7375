using Polls.Tests.Telemetry;

namespace Polls.Tests.Observability;

/// <summary>The names that a query may read: documented in docs/metrics.md, recorded by a rule, or Prometheus' own.</summary>
internal static class KnownMetrics
{
    private static readonly DocumentedMetrics Documented = DocumentedMetrics.Read();
    private static readonly HashSet<string> Families = [.. Documented.Always, .. Documented.AfterFirstEvent];

    /// <summary>What a short session does not bring about: nothing fires, and nobody is half an hour old.</summary>
    private static readonly string[] Later = ["ALERTS", "job:websocket_connections_current:spread"];

    /// <summary>What Prometheus says itself.</summary>
    public static IReadOnlyList<string> Own { get; } = ["up", "ALERTS"];

    /// <summary>Whether such a series may exist.</summary>
    public static bool Contains(string name) =>
        Own.Contains(name) || Families.Contains(Promql.Family(name)) || Families.Contains(name) || Rules.Records.Any(record => record.Name == name);

    /// <summary>Whether the series is there only from the first time on.</summary>
    public static bool AfterFirstEvent(string name) => Later.Contains(name) || Documented.AfterFirstEvent.Contains(Promql.Family(name)) || Documented.AfterFirstEvent.Contains(name);
}
