using System.Text.Json;
using Polls.Tests.Journeys;

namespace Polls.Tests.Kubernetes;

/// <summary>A real instance answers the probes of Kubernetes.</summary>
[Collection(nameof(TwoInstances))]
public sealed class ProbeTests(TwoInstances cluster)
{
    [KubectlFact]
    public async Task Every_probe_is_answered_and_described_and_PostgreSQL_never_makes_Kubernetes_restart_an_instance()
    {
        var api = (await Kustomize.LoadAsync("base")).Workload("polls-api").Containers.Single();
        var paths = new[] { "startupProbe", "readinessProbe", "livenessProbe" }
            .Select(probe => api.At(probe, "httpGet", "path").Text()).ToList();
        paths.ShouldBe(["/health/ready", "/health/ready", "/health/live"]);

        var described = (await cluster.A.SendAsync<JsonElement>(HttpMethod.Get, "/openapi/v1.json")).GetProperty("paths");
        foreach (var path in paths)
        {
            (await cluster.A.SendAsync<JsonElement>(HttpMethod.Get, path)).GetProperty("status").GetString().ShouldBe(path.Split('/')[^1]);
            described.TryGetProperty(path, out _).ShouldBeTrue();
        }
    }
}
