using System.Globalization;
using System.Net;
using System.Text.Json;

namespace Polls.Tests.Observability;

/// <summary>Queries to Prometheus, like those of Grafana and operators.</summary>
internal sealed class PrometheusClient(Uri address) : IDisposable
{
    private readonly HttpClient http = new() { BaseAddress = address, Timeout = TimeSpan.FromSeconds(30) };

    /// <summary>The series that a query returns now, with their values.</summary>
    public async Task<IReadOnlyList<Sample>> QueryAsync(string query)
    {
        var data = await GetAsync($"/api/v1/query?query={Uri.EscapeDataString(query)}");
        return
        [
            .. data.GetProperty("result").EnumerateArray().Select(series => new Sample(
                series.GetProperty("metric").EnumerateObject().ToDictionary(label => label.Name, label => label.Value.GetString()!),
                double.Parse(series.GetProperty("value")[1].GetString()!.Replace("Inf", "Infinity", StringComparison.Ordinal), CultureInfo.InvariantCulture))),
        ];
    }

    /// <summary>The single value of a query; 0 if there is none.</summary>
    public async Task<double> ValueAsync(string query) => (await QueryAsync(query)).SingleOrDefault()?.Value ?? 0;

    /// <summary>The values of a label, of all series or of one metric.</summary>
    public async Task<IReadOnlyList<string>> LabelValuesAsync(string label, string? metric = null) =>
        [.. (await GetAsync($"/api/v1/label/{label}/values{(metric is null ? "" : $"?match[]={Uri.EscapeDataString(metric)}")}")).EnumerateArray().Select(value => value.GetString()!)];

    /// <summary>The scrape targets and their health.</summary>
    public async Task<IReadOnlyDictionary<string, string>> TargetsAsync() => (await GetAsync("/api/v1/targets?state=active")).GetProperty("activeTargets")
        .EnumerateArray().ToDictionary(target => target.GetProperty("labels").GetProperty("instance").GetString()!, target => target.GetProperty("health").GetString()!);

    /// <summary>The active alerts with their states and labels.</summary>
    public async Task<IReadOnlyList<Alert>> AlertsAsync() => [.. (await GetAsync("/api/v1/alerts")).GetProperty("alerts").EnumerateArray().Select(alert => new Alert(
        alert.GetProperty("labels").GetProperty("alertname").GetString()!,
        alert.GetProperty("labels").TryGetProperty("instance", out var instance) ? instance.GetString()! : "",
        alert.GetProperty("state").GetString()!))];

    /// <summary>The names of all loaded rules, with their health.</summary>
    public async Task<IReadOnlyList<(string Name, string Health, string Error)>> RulesAsync() =>
    [
        .. (await GetAsync("/api/v1/rules")).GetProperty("groups").EnumerateArray().SelectMany(group => group.GetProperty("rules").EnumerateArray())
            .Select(rule => (rule.GetProperty("name").GetString()!, rule.GetProperty("health").GetString()!, rule.TryGetProperty("lastError", out var error) ? error.GetString()! : "")),
    ];

    public void Dispose() => http.Dispose();

    private async Task<JsonElement> GetAsync(string path)
    {
        using var response = await http.GetAsync(new Uri(path, UriKind.Relative));
        var text = await response.Content.ReadAsStringAsync();
        response.StatusCode.ShouldBe(HttpStatusCode.OK, $"{Uri.UnescapeDataString(path)}: {text}");
        return JsonDocument.Parse(text).RootElement.GetProperty("data");
    }
}

/// <summary>One sample of a series.</summary>
internal sealed record Sample(IReadOnlyDictionary<string, string> Labels, double Value);

/// <summary>An alert that is pending or firing.</summary>
internal sealed record Alert(string Name, string Instance, string State);
