using System.Net.Http.Json;
using System.Text.Json;
using Polls.AppHost.Processes;
using Polls.Tests.Servers;

namespace Polls.Tests.Observability;

/// <summary>A real Alertmanager with the example configuration. Its receivers do not exist.</summary>
public sealed class AlertmanagerServer : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("polls-alertmanager-").FullName;
    private readonly PortReservation port = PortReservation.Free();
    private readonly HttpClient http = new() { Timeout = TimeSpan.FromSeconds(20) };
    private Guard? guard;
    private ChildProcess? process;

    public async Task InitializeAsync()
    {
        http.BaseAddress = new Uri($"http://127.0.0.1:{port.Port}");
        guard = Guard.Start(Path.Combine(folder, "guard.sh"), Path.Combine(folder, "processes"), Path.Combine(folder, "guard.log"));
        process = ChildProcess.Start(
            new Launch("prometheus-alertmanager",
            [
                "--config.file=" + Path.Combine(Rules.Folder, "alertmanager.yml"), "--storage.path=" + Path.Combine(folder, "data"),
                "--cluster.listen-address=", "--web.listen-address=" + http.BaseAddress.Authority,
            ]),
            Path.Combine(folder, "log"), guard);
        await Until.TrueAsync(IsReadyAsync, "Alertmanager is ready");
    }

    public async Task DisposeAsync()
    {
        await process!.EndAsync(TimeSpan.FromSeconds(5));
        process.Dispose();
        guard!.Dispose();
        http.Dispose();
        port.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>Raises alerts, as Prometheus does.</summary>
    internal async Task RaiseAsync(params IReadOnlyDictionary<string, string>[] alerts)
    {
        using var answer = await http.PostAsJsonAsync("/api/v2/alerts", alerts.Select(labels => new { labels }));
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>The names of this job's alerts that are not inhibited.</summary>
    internal async Task<IReadOnlyList<string>> TellsAsync(string job)
    {
        var alerts = await http.GetFromJsonAsync<JsonElement>($"/api/v2/alerts?filter=job%3D%22{job}%22&inhibited=false");
        return [.. alerts.EnumerateArray().Select(alert => alert.GetProperty("labels"))
            .Select(labels => labels.GetProperty("alertname").GetString()!).Order(StringComparer.Ordinal)];
    }

    private async Task<bool> IsReadyAsync()
    {
        if (process!.Exited.IsCompleted)
        {
            // The file is created by the process, possibly later than this.
            throw new InvalidOperationException(await File.ReadAllTextAsync(Path.Combine(folder, "log")));
        }

        try
        {
            using var answer = await http.GetAsync(new Uri("/-/ready", UriKind.Relative));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
