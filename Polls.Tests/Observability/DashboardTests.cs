using System.Text.Json;
using System.Text.RegularExpressions;
using YamlDotNet.Serialization;

namespace Polls.Tests.Observability;

/// <summary>
/// Grafana accepts and finds the dashboards, and they are consistent. ObservedClusterTests runs their queries.
/// </summary>
public sealed partial class DashboardTests
{
    private static readonly IReadOnlyList<string> Uids = [.. Dashboard.All.Select(dashboard => dashboard.Uid)];

    [Fact]
    public void Every_dashboard_keeps_the_rules()
    {
        Dashboard.All.Select(dashboard => dashboard.Name).ShouldBe(["instances", "live-sessions", "stores", "vote-path"]);
        Uids.ShouldBeUnique();
        foreach (var dashboard in Dashboard.All)
        {
            DashboardRules.Complaints(dashboard, Uids).ShouldBeEmpty(dashboard.Name);
        }
    }

    [Fact]
    public async Task Every_dashboard_has_the_published_type() => (await GrafanaTypes.ComplaintsAsync(Dashboard.Files)).ShouldBeEmpty();

    [Fact]
    public void The_types_are_those_of_the_Grafana_that_compose_runs()
    {
        using var types = JsonDocument.Parse(Repository.Read("Polls.Tests/Types/package.json"));
        var version = types.RootElement.GetProperty("devDependencies").GetProperty("@grafana/schema").GetString();
        Image().Match(Repository.Read("docker-compose.yml")).Groups[1].Value.ShouldBe(version);
    }

    [Fact]
    public void Grafana_finds_the_dashboards_and_the_data_source()
    {
        // Compose mounts the provisioning folder, which contains "dashboards" and "datasources".
        var mounted = Mount().Match(Repository.Read("docker-compose.yml")).Groups[1].Value;
        var provider = new DeserializerBuilder().Build().Deserialize<Provisioning>(File.ReadAllText(Path.Combine(Dashboard.Folder, "provider.yml"))).Providers.Single();
        ((string)((Dictionary<object, object>)provider["options"])["path"]).ShouldBe($"{mounted}/dashboards");
        provider["type"].ShouldBe("file");

        var sources = Repository.Read("observability/grafana/datasources/prometheus.yml");
        foreach (var dashboard in Dashboard.All)
        {
            var variable = Dashboard.List(dashboard.Root.GetProperty("templating"), "list")[0];
            sources.ShouldContain($"type: {Dashboard.Text(variable, "query")}");
        }
    }

    [GeneratedRegex(@"image: grafana/grafana:(\S+)")]
    private static partial Regex Image();

    [GeneratedRegex(@"\./observability/grafana:([^:]+):ro")]
    private static partial Regex Mount();

    private sealed class Provisioning
    {
        [YamlMember(Alias = "apiVersion")]
        public int ApiVersion { get; set; }

        [YamlMember(Alias = "providers")]
        public List<Dictionary<string, object>> Providers { get; set; } = [];
    }
}
