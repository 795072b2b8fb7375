using System.Text;
using OpenTelemetry.Metrics;

namespace Polls.Api.Telemetry;

/// <summary>
/// Prometheus' names for OpenTelemetry's: letters, digits and underscores, the unit in words at the end, and
/// <c>_total</c> after that when it counts. A level whose name ends on <c>count</c> ends on <c>current</c> instead: such names are
/// parts of histograms, and promtool says so.
/// </summary>
internal static class PrometheusNames
{
    /// <summary>The name of the family of a metric.</summary>
    public static string Family(string name, string unit, MetricType type)
    {
        var text = Clean(name);
        text = WithSuffix(text, Words(unit, type));
        if (IsGauge(type) && text.EndsWith("_count", StringComparison.Ordinal))
        {
            return $"{text[..^"count".Length]}current";
        }

        return type.IsSum() && !IsGauge(type) ? WithSuffix(text, "total") : text;
    }

    /// <summary>The name of a label.</summary>
    public static string Label(string name) => Clean(name);

    /// <summary>A sum that also falls is a gauge to Prometheus.</summary>
    public static bool IsGauge(MetricType type) => type.IsGauge()
        || type is MetricType.LongSumNonMonotonic or MetricType.DoubleSumNonMonotonic;

    private static string WithSuffix(string name, string suffix) =>
        suffix.Length == 0 || name == suffix || name.EndsWith("_" + suffix, StringComparison.Ordinal) ? name : $"{name}_{suffix}";

    // Words in braces only say what is counted.
    private static string Words(string unit, MetricType type)
    {
        if (unit == "1")
        {
            return type.IsGauge() ? "ratio" : "";
        }

        var parts = unit.Split('/', 2);
        var amount = Word(parts[0]);
        return parts.Length == 2 && Word(parts[1]) is { Length: > 0 } per ? $"{amount}_per_{per.TrimEnd('s')}".TrimStart('_') : amount;
    }

    private static string Word(string unit) => unit switch
    {
        ['{', ..] => "",
        "s" => "seconds",
        "ms" => "milliseconds",
        "us" => "microseconds",
        "ns" => "nanoseconds",
        "min" => "minutes",
        "h" => "hours",
        "d" => "days",
        "By" => "bytes",
        "KiBy" => "kibibytes",
        "MiBy" => "mebibytes",
        "%" => "percent",
        _ => Clean(unit, mayBeEmpty: true),
    };

    private static string Clean(string name, bool mayBeEmpty = false)
    {
        var text = new StringBuilder(name.Length);
        foreach (var letter in name)
        {
            if (char.IsAsciiLetterOrDigit(letter))
            {
                text.Append(letter);
            }
            else if (text.Length == 0 || text[^1] != '_')
            {
                text.Append('_');
            }
        }

        var clean = text.ToString().TrimEnd('_');
        return clean.Length == 0 ? (mayBeEmpty ? "" : "_") : char.IsAsciiDigit(clean[0]) ? "_" + clean : clean;
    }
}
