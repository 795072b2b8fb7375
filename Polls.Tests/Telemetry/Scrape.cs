using System.Globalization;
using System.Text.RegularExpressions;

namespace Polls.Tests.Telemetry;

/// <summary>A parsed page in Prometheus' text format.</summary>
internal sealed partial class Scrape
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(20) };

    public Scrape(string text)
    {
        Text = text;
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
            {
                Families.Add(line.Split(' ')[2]);
            }
            else if (line[0] != '#')
            {
                var end = line.LastIndexOf(' ');
                Series.Add((line[..end], double.Parse(line[(end + 1)..].Replace("Inf", "Infinity", StringComparison.Ordinal), CultureInfo.InvariantCulture)));
            }
        }
    }

    public string Text { get; }

    public List<string> Families { get; } = [];

    public List<(string Name, double Value)> Series { get; } = [];

    /// <summary>The sum of all series with this name and these labels; 0 if there are none.</summary>
    public double this[string name, string labels = ""] => Series
        .Where(series => series.Name == name || (series.Name.StartsWith(name + "{", StringComparison.Ordinal) && series.Name.Contains(labels, StringComparison.Ordinal)))
        .Sum(series => series.Value);

    public IEnumerable<string> LabelNames => Series.SelectMany(series => LabelPattern().Matches(series.Name).Select(match => match.Groups[1].Value)).Distinct();

    public static async Task<Scrape> OfAsync(Uri management) => new(await Http.GetStringAsync(new Uri(management, "/metrics")));

    [GeneratedRegex("[{,]([a-zA-Z_][a-zA-Z0-9_]*)=\"")]
    private static partial Regex LabelPattern();
}
