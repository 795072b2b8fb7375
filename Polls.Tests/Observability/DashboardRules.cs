using System.Text.Json;
using System.Text.RegularExpressions;

namespace Polls.Tests.Observability;

/// <summary>Rules for all dashboards, beyond Grafana's own types. Each rule reports one line per violation.</summary>
internal static partial class DashboardRules
{
    private static readonly HashSet<string> Units =
        ["short", "none", "s", "bytes", "Bps", "percent", "percentunit", "ops", "eps", "mps", "cps", "reqps", "suffix:votes/s"];

    /// <summary>All violations in one dashboard.</summary>
    public static IReadOnlyList<string> Complaints(Dashboard dashboard, IReadOnlyList<string> uids) =>
        [.. Frame(dashboard), .. Layout(dashboard), .. dashboard.Panels.SelectMany(Panel), .. Links(dashboard, uids)];

    private static IEnumerable<string> Frame(Dashboard dashboard)
    {
        if (!UidPattern().IsMatch(dashboard.Uid))
            yield return "its uid does not match our pattern";
        if (Dashboard.List(dashboard.Root.GetProperty("templating"), "list").Select(variable => Dashboard.Text(variable, "name")).SequenceEqual(["datasource", "instance"]) is false)
            yield return "its variables are not datasource and instance";
        foreach (var (owner, source) in Dashboard.Everywhere(dashboard.Root, "datasource"))
        {
            if (Dashboard.Text(source, "uid") != "${datasource}")
                yield return $"a data source is not the variable: {source}, in {(owner.TryGetProperty("refId", out var id) ? id : owner.GetProperty("name"))}";
        }

        foreach (var metric in dashboard.Queries.Select(query => query.Query).Concat(dashboard.Marks).SelectMany(Promql.Metrics).Distinct().Where(name => !KnownMetrics.Contains(name)))
            yield return $"{metric} is neither in docs/metrics.md nor recorded by a rule";
    }

    private static IEnumerable<string> Layout(Dashboard dashboard)
    {
        var ids = new HashSet<int>();
        var titles = new HashSet<string>();
        var taken = new Dictionary<(int X, int Y), string>();
        var before = (Y: -1, X: -1);
        foreach (var part in dashboard.Parts)
        {
            var title = Dashboard.Text(part, "title");
            if (!ids.Add(part.GetProperty("id").GetInt32()))
                yield return $"{title}: its id is not unique";
            if (!titles.Add(title) || title.Length == 0)
                yield return $"{title}: its title is not unique";
            var place = part.GetProperty("gridPos");
            var (x, y, w, h) = (place.GetProperty("x").GetInt32(), place.GetProperty("y").GetInt32(), place.GetProperty("w").GetInt32(), place.GetProperty("h").GetInt32());
            if (x < 0 || x + w > 24 || w < 1 || h < 1)
                yield return $"{title}: it is not on the grid of 24 columns";
            if ((y, x).CompareTo(before) <= 0)
                yield return $"{title}: its position in the file differs from its position on the page";
            before = (y, x);
            foreach (var cell in from cx in Enumerable.Range(x, w) from cy in Enumerable.Range(y, h) select (cx, cy))
            {
                if (!taken.TryAdd(cell, title))
                {
                    yield return $"{title} lies on {taken[cell]}";
                    break;
                }
            }
        }
    }

    private static IEnumerable<string> Panel(JsonElement panel)
    {
        var title = Dashboard.Text(panel, "title");
        var description = Dashboard.Text(panel, "description");
        if (!description.Contains("\n\nNormal: ", StringComparison.Ordinal) || !description.Contains("\n\nOtherwise: ", StringComparison.Ordinal))
            yield return $"{title}: its description does not say what is normal, and what to do otherwise";
        foreach (Match anchor in RunbookAnchor().Matches(description))
        {
            if (!RunbookTests.Anchors.Contains(anchor.Groups[1].Value))
                yield return $"{title}: {anchor.Value} does not exist";
        }

        var unit = Dashboard.Text(panel.GetProperty("fieldConfig").GetProperty("defaults"), "unit");
        if (!Units.Contains(unit))
            yield return $"{title}: its unit '{unit}' is not one that we use";

        var targets = Dashboard.List(panel, "targets");
        if (targets.Count == 0)
            yield return $"{title}: it has no query";
        if (targets.Select(target => Dashboard.Text(target, "refId")).Distinct().Count() != targets.Count)
            yield return $"{title}: its queries have duplicate names";
        foreach (var target in targets)
        {
            var query = Dashboard.Text(target, "expr");
            if (Promql.Metrics(query).Count == 0)
                yield return $"{title}: a query reads no metric";
            // Values of all instances together have no label "instance" to select by.
            if (Promql.Selectors(query).Any(selector => selector.Metric != "ALERTS" && !selector.Metric.StartsWith("job:", StringComparison.Ordinal)
                && !selector.Matchers.Contains("instance=~\"$instance\"", StringComparison.Ordinal)))
                yield return $"{title}: a query does not look at the chosen instances: {query}";
            // Panels with a single value may use a longer window than graphs.
            if (!target.TryGetProperty("instant", out _) && RateWindow().Matches(query).FirstOrDefault(window => window.Groups[1].Value != "$__rate_interval") is { } window)
                yield return $"{title}: rate over {window.Groups[1].Value} instead of $__rate_interval";
            if (Dashboard.Text(target, "legendFormat").Length == 0)
                yield return $"{title}: a query has no legend";
        }
    }

    private static IEnumerable<string> Links(Dashboard dashboard, IReadOnlyList<string> uids)
    {
        var named = Dashboard.List(dashboard.Root, "links").Select(link => Dashboard.Text(link, "url")).ToList();
        if (!named.Order(StringComparer.Ordinal).SequenceEqual(uids.Where(uid => uid != dashboard.Uid).Select(uid => "/d/" + uid).Order(StringComparer.Ordinal)))
            yield return $"its links do not lead to all other dashboards: {string.Join(' ', named)}";
        foreach (Match link in DashboardLink().Matches(dashboard.Root.GetRawText()))
        {
            if (!uids.Contains(link.Groups[1].Value))
                yield return $"{link.Value} leads nowhere";
        }
    }

    [GeneratedRegex("^polls-[a-z-]{3,30}$")]
    private static partial Regex UidPattern();

    [GeneratedRegex(@"docs/runbook\.md#([\w-]+)")]
    private static partial Regex RunbookAnchor();

    [GeneratedRegex(@"/d/([\w-]+)")]
    private static partial Regex DashboardLink();

    // Quoted strings may contain brackets.
    [GeneratedRegex("""\brate\((?:"[^"]*"|[^\["])*\[([^\]]+)\]""")]
    private static partial Regex RateWindow();
}
