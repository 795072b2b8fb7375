using System.Text.RegularExpressions;

namespace Polls.Tests.Observability;

/// <summary>As much of Prometheus' language as it takes to see which metrics a query reads.</summary>
internal static partial class PromQl
{
    private static readonly HashSet<string> Words = ["and", "or", "unless", "bool", "offset", "by", "without", "on", "ignoring", "group_left", "group_right", "inf", "nan"];

    /// <summary>The names of all metrics that a query reads, each once.</summary>
    public static IReadOnlyList<string> Metrics(string query) =>
        [.. Name().Matches(Bare(query)).Select(match => match.Value).Where(name => !Words.Contains(name.ToLowerInvariant())).Distinct()];

    /// <summary>What stands in the braces of each selector; of one without braces its name alone.</summary>
    public static IReadOnlyList<string> Selectors(string query) =>
    [
        .. InBraces().Matches(query).Select(match => match.Value),
        .. Name().Matches(Bare(query)).Where(match => !match.Groups[1].Success && !Words.Contains(match.Value.ToLowerInvariant())).Select(match => match.Value),
    ];

    /// <summary>Without what stands between quotes, braces and brackets, and without lists of labels.</summary>
    private static string Bare(string query) => Label().Replace(InBrackets().Replace(InBraces().Replace(Quoted().Replace(query, "\"\""), "{}"), ""), "");

    [GeneratedRegex("\"(?:[^\"\\\\]|\\\\.)*\"")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex InBraces();

    [GeneratedRegex(@"\[[^\]]*\]")]
    private static partial Regex InBrackets();

    [GeneratedRegex(@"\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)", RegexOptions.IgnoreCase)]
    private static partial Regex Label();

    // What is called is a function; a digit before makes it a number such as 1e3.
    [GeneratedRegex(@"(?<![\w.:])[a-zA-Z_:][\w:]*(?![\w:]|\s*\()(?:(?=(\{)))?")]
    private static partial Regex Name();
}
