using System.Text.RegularExpressions;

namespace Polls.Tests.Observability;

/// <summary>
/// The names in a PromQL expression. Not a parser: it supports the syntax that our rules and dashboards use.
/// </summary>
internal static partial class Promql
{
    private static readonly string[] Words = ["and", "or", "unless", "bool", "offset", "inf", "nan"];

    /// <summary>The series that the expression reads.</summary>
    public static IReadOnlyList<string> Metrics(string expression) => [.. Selectors(expression).Select(selector => selector.Metric).Distinct()];

    /// <summary>The same, with the label matchers in braces.</summary>
    public static IReadOnlyList<(string Metric, string Matchers)> Selectors(string expression) =>
    [
        .. Name().Matches(Grouping().Replace(expression, " ")).Where(name => !Words.Contains(name.Groups["name"].Value, StringComparer.OrdinalIgnoreCase))
            .Where(name => name.Groups["name"].Success && !name.Groups["call"].Success)
            .Select(name => (name.Groups["name"].Value, name.Groups["matchers"].Value)),
    ];

    /// <summary>Labels and the values that they are compared with.</summary>
    public static IReadOnlyList<(string Label, string Value)> Matchers(string expression) =>
        [.. Selectors(expression).SelectMany(selector => Matcher().Matches(selector.Matchers)).Select(matcher => (matcher.Groups[1].Value, matcher.Groups[2].Value))];

    /// <summary>The labels in matchers and groupings.</summary>
    public static IReadOnlyList<string> Labels(string expression) =>
    [
        .. Matchers(expression).Select(matcher => matcher.Label)
            .Concat(Grouping().Matches(expression).SelectMany(group => group.Groups[1].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)))
            .Distinct(),
    ];

    /// <summary>A series of a histogram is documented under the histogram's name.</summary>
    public static string Family(string metric) => Suffix().Replace(metric, "");

    // Skips strings, ranges and numbers, so that nothing in them counts as a name.
    [GeneratedRegex("""(?<skip>"[^"]*"|\[[^\]]*\]|\b[0-9][0-9a-z.]*)|(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)\s*(?:(?<call>\()|(?<matchers>\{(?:[^}"]|"[^"]*")*\}))?""")]
    private static partial Regex Name();

    [GeneratedRegex(@"\b(?:by|without|on|ignoring|group_left|group_right)\s*\(([^)]*)\)")]
    private static partial Regex Grouping();

    [GeneratedRegex(@"(\w+)\s*(?:=~|!~|!=|=)\s*""([^""]*)""")]
    private static partial Regex Matcher();

    [GeneratedRegex("_(bucket|sum|count)$")]
    private static partial Regex Suffix();
}
