using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Polls.Bench.Report;

/// <summary>All figures and the machine they were measured on, as Markdown and JSON.</summary>
internal sealed class BenchReport
{
    private static readonly string[] OfTheMachine =
        ["the load client was saturated", "updates a second were delivered"];

    private static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public required string Started { get; init; }

    public required string Form { get; init; }

    public required IReadOnlyDictionary<string, string> Machine { get; init; }

    /// <summary>Whether the run was stopped before its end.</summary>
    public bool Stopped { get; set; }

    public List<Figure> Figures { get; } = [];

    public List<Aim> Aims { get; } = [];

    /// <summary>The duration of each row, in seconds.</summary>
    public Dictionary<string, double> Took { get; } = [];

    /// <summary>What went wrong, except for effects of a busy machine on a measurement.</summary>
    public IReadOnlyList<string> Errors =>
        [
            .. Figures.Where(figure => figure.DidNotHold is { } why && !OfTheMachine.Any(why.Contains))
                .Select(figure => $"{figure.What}, {figure.Target}: {figure.DidNotHold}")
        ];

    public string ToJson() => JsonSerializer.Serialize(this, Indented);

    public string ToMarkdown()
    {
        var text = new StringBuilder();
        text.Append(
            CultureInfo.InvariantCulture,
            $"# Benchmark of {Started} ({Form}{(Stopped ? "; stopped before its end" : "")})\n\n");
        foreach (var (name, value) in Machine)
        {
            text.Append(CultureInfo.InvariantCulture, $"- {name}: {value}\n");
        }

        foreach (var row in Figures.GroupBy(figure => figure.Row))
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"\n## {row.Key}\n\n| what | program | value | median | runs | load client | others |\n"
                    + $"| --- | --- | --- | --- | --- | --- | --- |\n");
            foreach (var figure in row)
            {
                text.Append(CultureInfo.InvariantCulture,
                    $"| {figure.What} | {figure.Target} | {figure.Measure} | {Format(figure)} | "
                        + $"{string.Join(" · ", figure.Runs.Select(Number))}"
                        + $"{(figure.LeftOut > 0 ? $" ({figure.LeftOut} disturbed left out)" : "")}"
                        + $"{(figure.Disturbed ? " (disturbed)" : "")} | {figure.LoadClientCores:0.00} cores | "
                        + $"{figure.OtherCores:0.00} cores |\n");
            }

            foreach (var aim in Aims.Where(aim => aim.Row == row.Key))
            {
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"\n- {aim.Met switch { true => "met", false => "**missed**", null => "not judged" }}: {aim.What}: "
                        + $"{aim.Reached} (aim {aim.Wanted})");
            }

            text.Append('\n');
        }

        return text.ToString();
    }

    /// <summary>Formats a number with about three significant digits.</summary>
    public static string Number(double value) => Math.Abs(value) switch
    {
        >= 100 => value.ToString("#,0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("0.0", CultureInfo.InvariantCulture),
        _ => value.ToString("0.00", CultureInfo.InvariantCulture),
    };

    private static string Format(Figure figure)
    {
        var value = figure.Median is { } median ? $"{Number(median)} {figure.Unit}" : "";
        return figure.DidNotHold is { } why
            ? $"did not hold: {why}{(value.Length > 0 ? $" ({value})" : "")}"
            : $"**{value}**";
    }
}
