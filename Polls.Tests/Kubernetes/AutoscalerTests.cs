using YamlDotNet.RepresentationModel;

namespace Polls.Tests.Kubernetes;

/// <summary>The autoscaler's metrics exist, from its specification back to what an instance reports.</summary>
public sealed class AutoscalerTests
{
    [KubectlFact]
    public async Task It_scales_by_load_and_goes_down_slowly()
    {
        var spec = (await Kustomize.LoadAsync("base")).Find("HorizontalPodAutoscaler", "polls-api")!.Spec;
        (spec.At("minReplicas").Number(), spec.At("maxReplicas").Number()).ShouldBe((2, 10));
        var metrics = spec.At("metrics").Items();
        metrics.Select(metric => (metric.Named("name").First().Text(), Target(metric))).ShouldBe(
            [("cpu", "70"), ("websocket_connections_current", "5000"), ("http_server_requests_per_second", "500")], ignoreOrder: true);
        var down = spec.At("behavior", "scaleDown");
        down.At("stabilizationWindowSeconds").Number().ShouldBe(600);
        down.At("policies").Items().Single().Pairs().ShouldBe(
            new Dictionary<string, string> { ["type"] = "Pods", ["value"] = "1", ["periodSeconds"] = "120" }, ignoreOrder: true);
    }

    [KubectlFact]
    public async Task Every_pod_metric_comes_from_a_rule_of_the_adapter()
    {
        var wanted = (await Kustomize.LoadAsync("base")).Of("HorizontalPodAutoscaler").Single().Spec.At("metrics").Items()
            .Where(metric => metric.At("type").Text() == "Pods").Select(metric => metric.At("pods", "metric", "name").Text());
        AdapterRules().Select(rule => rule.At("name", "as").Text()).ShouldBe(wanted, ignoreOrder: true);
    }

    [Fact]
    public void Every_rule_of_the_adapter_reads_a_metric_of_docs_metrics_md()
    {
        var page = Repository.Read("docs/metrics.md");
        foreach (var rule in AdapterRules())
        {
            page.ShouldContain($"| `{rule.At("seriesQuery").Text().Split('{')[0]}` |");
        }
    }

    private static string Target(YamlNode metric) =>
        metric.Named("averageUtilization").Concat(metric.Named("averageValue")).Single().Text();

    private static IReadOnlyList<YamlNode> AdapterRules()
    {
        var values = new YamlStream();
        values.Load(new StringReader(Repository.Read("k8s/prometheus-adapter.yaml")));
        return values.Documents.Single().RootNode.At("rules", "custom").Items();
    }
}
