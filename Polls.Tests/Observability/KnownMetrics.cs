using Polls.Tests.Telemetry;

namespace Polls.Tests.Observability;

/// <summary>The names that a query may read: documented in docs/metrics.md, recorded by a rule, or Prometheus' own.</summary>
internal static class KnownMetrics
{
    private static readonly DocumentedMetrics Documented = DocumentedMetrics.Read();
    private static readonly HashSet<string> Families = [.. Documented.Always, .. Documented.OnceItHappened];

    /// <summary>What a short session does not bring about: nothing fires, nobody is half an hour old, and only nginx answers 429.</summary>
    private static readonly string[] Later = ["ALERTS", "job:websocket_connections_current:spread", "job:http_requests_limited:rate5m"];

    /// <summary>What Prometheus says itself.</summary>
    public static IReadOnlyList<string> Own { get; } = ["up", "ALERTS"];

    /// <summary>Whether such a series may exist.</summary>
    public static bool Contains(string name) =>
        Own.Contains(name) || Families.Contains(Family(name)) || Families.Contains(name) || RuleFile.Recorded.Contains(name);

    /// <summary>Whether the series is there only from the first time on.</summary>
    public static bool OnceItHappened(string name) => Later.Contains(name) || Documented.OnceItHappened.Contains(Family(name)) || Documented.OnceItHappened.Contains(name);

    private static string Family(string name) =>
        ((string[])["_bucket", "_sum", "_count"]).FirstOrDefault(suffix => name.EndsWith(suffix, StringComparison.Ordinal)) is { } suffix ? name[..^suffix.Length] : name;
}
