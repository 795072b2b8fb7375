using System.Text.RegularExpressions;

namespace Polls.Tests.Telemetry;

/// <summary>
/// Parses <c>docs/metrics.md</c>: tables whose first cell is a metric's name and whose third cell has its labels.
/// Metrics under the heading "From the first event on" do not exist before their first event.
/// </summary>
internal sealed partial record DocumentedMetrics(IReadOnlyList<string> Always, IReadOnlyList<string> AfterFirstEvent, IReadOnlyList<string> Labels)
{
    public static DocumentedMetrics Read()
    {
        var text = Repository.Read("docs/metrics.md");
        var parts = text.Split("## From the first event on", 2);
        parts.Length.ShouldBe(2);
        var labels = Row().Matches(text).SelectMany(row => Code().Matches(row.Groups[2].Value)).Select(code => code.Groups[1].Value);
        return new(Names(parts[0]), Names(parts[1]), [.. labels.Append("le").Distinct()]);
    }

    private static List<string> Names(string part)
    {
        List<string> names = [.. Row().Matches(part).Select(row => row.Groups[1].Value)];
        names.ShouldBeUnique();
        return names;
    }

    [GeneratedRegex(@"^\| `([a-z0-9_]+)` \|[^|]*\|([^|]*)\|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("`([a-z_]+)`")]
    private static partial Regex Code();
}
