namespace Polls.Tests.Kubernetes;

/// <summary>
/// Tests of the tests: each breaks one thing in the rendered manifests, and the matching check must report it.
/// </summary>
public sealed class BrokenManifestTests
{
    [KubectlTheory]
    [InlineData("maxUnavailable: 0", "maxUnavailible: 0", "maxUnavailible")]
    [InlineData("sleep:", "sleeping:", "sleeping")]
    [InlineData("        image: polls-api", "        Image: polls-api", "'Image'")]
    [InlineData("  scaleTargetRef:", "  scaleTarget:", "scaleTarget")]
    [InlineData("containerPort: 8080", "containerPort: \"8080\"", "containers[0].ports[0].containerPort")]
    [InlineData("containerPort: 8080", "containerPort: 80.5", "containers[0].ports[0].containerPort")]
    [InlineData("readOnlyRootFilesystem: true", "readOnlyRootFilesystem: \"true\"", "securityContext.readOnlyRootFilesystem")]
    [InlineData("        image: polls-api", "        image: 12", "containers[0].image")]
    [InlineData("          failureThreshold:", "          httpGet: /\n          failureThreshold:", "duplicate key httpGet")]
    [InlineData("      maxSkew: 1", "      maxSkew: [1]", "topologySpreadConstraints[0].maxSkew")]
    [InlineData("cpu: 500m", "cpu: some", "cannot be converted to fraction")]
    [InlineData("            port: http", "            port: true", "httpGet.port")]
    [InlineData("revisionHistoryLimit: 5", "revisionHistoryLimit: 5\n  revisionHistoryLimit: 6", "duplicate key revisionHistoryLimit")]
    [InlineData("kind: HorizontalPodAutoscaler", "kind: HorizontalPodAutoscalar", "autoscaling/v2 HorizontalPodAutoscalar is not on the list")]
    [InlineData("apiVersion: autoscaling/v2\n", "apiVersion: autoscaling/v2beta2\n", "autoscaling/v2beta2 HorizontalPodAutoscaler is not on the list")]
    [InlineData("apiVersion: batch/v1\n", "apiVersion: batch/v7\n", "batch/v7 Job is not on the list")]
    [InlineData("kind: ServiceAccount\n", "kind: Pod\n", "v1 Pod is not on the list")]
    [InlineData("kind: ServiceAccount\n", "", "v1  is not on the list")]
    public async Task The_types_refuse_what_Kubernetes_would(string right, string wrong, string complaint) =>
        ShouldSay(KubernetesTypes.Complaints(await BreakAsync("base", right, wrong)), complaint);

    [KubectlTheory]
    [InlineData("        name: api\n", "", "Deployment/polls-api: containers without name")]
    [InlineData("containerPort: 8080", "hostPort: 8080", "Deployment/polls-api: ports without containerPort")]
    [InlineData("pathType: Prefix", "pathMode: Prefix", "Ingress/polls: paths without pathType")]
    [InlineData("sessionAffinity: ClientIP", "sessionAffinity: ClientIp", "sessionAffinity cannot be ClientIp")]
    [InlineData("type: Pods\n  - pods", "type: Pod\n  - pods", "type Pod")]
    public async Task The_rules_refuse_errors_that_the_types_accept(string right, string wrong, string complaint) =>
        ShouldSay(FieldRules.Complaints(Manifests.Parse(await BreakAsync("base", right, wrong))), complaint);

    [KubectlTheory]
    [InlineData("  selector:\n    app.kubernetes.io/name: polls-api\n  sessionAffinity:", "  selector:\n    app.kubernetes.io/name: poll-api\n  sessionAffinity:", "Service/polls-api selects no pod")]
    [InlineData("    matchLabels:\n      app.kubernetes.io/name: polls-gateway\n  strategy", "    matchLabels:\n      app.kubernetes.io/name: polls\n  strategy", "does not select its own pods")]
    [InlineData("    matchLabels:\n      app.kubernetes.io/name: polls-gateway\n  unhealthy", "    matchLabels:\n      app.kubernetes.io/name: polls\n  unhealthy", "PodDisruptionBudget/polls-gateway selects no pod")]
    [InlineData("  - podSelector:\n        matchLabels:\n          app.kubernetes.io/name: polls-gateway", "  - podSelector:\n        matchLabels:\n          app.kubernetes.io/name: nginx", "NetworkPolicy/polls-api-from-gateway selects no pod")]
    [InlineData("    kind: Deployment\n    name: polls-api", "    kind: Deployment\n    name: polls", "scales nothing")]
    [InlineData("serviceAccountName: polls\n", "serviceAccountName: poll\n", "no ServiceAccount")]
    [InlineData("  namespace: polls\n", "  namespace: poll\n", "not in the namespace")]
    public async Task A_selector_or_reference_without_a_match_is_found(string right, string wrong, string complaint) =>
        ShouldSay(SelectorRules.Complaints(Manifests.Parse(await BreakAsync("overlays/production-gateway", right, wrong))), complaint);

    [KubectlTheory]
    [InlineData("targetPort: management", "targetPort: managment", "has no port managment")]
    [InlineData("port: 8080\n    targetPort: http", "port: 80\n    targetPort: http", "port 80 is not the one")]
    [InlineData("path: /health/live\n            port: http", "path: /health/live\n            port: web", "livenessProbe asks the port web")]
    [InlineData("          service:\n            name: polls-gateway", "          service:\n            name: polls", "Ingress/polls leads to polls")]
    [InlineData("    ports:\n    - port: management", "    ports:\n    - port: metrics", "has no port metrics")]
    public async Task A_missing_port_is_found(string right, string wrong, string complaint) =>
        ShouldSay(PortRules.Complaints(Manifests.Parse(await BreakAsync("overlays/production-gateway", right, wrong))), complaint);

    [KubectlTheory]
    [InlineData("key: redis-connection", "key: redis", "no Secret")]
    [InlineData("key: upstreams-spread.conf", "key: upstreams/spread.conf", "has no upstreams/spread.conf")]
    [InlineData("        - configMapRef:\n            name: polls-config", "        - configMapRef:\n            name: poll-config", "no ConfigMap poll-config")]
    [InlineData("          name: tmp\n", "          name: temp\n", "no volume temp")]
    public async Task A_setting_without_a_source_is_found(string right, string wrong, string complaint) =>
        ShouldSay(SettingRules.Complaints(Manifests.Parse(await BreakAsync("overlays/trial", right, wrong))), complaint);

    [KubectlFact]
    public async Task A_missing_server_is_found()
    {
        var manifests = Manifests.Parse(await BreakAsync("overlays/trial", "name: polls-redis\n  namespace", "name: redis\n  namespace"));
        ShouldSay(SettingRules.UnknownHosts(manifests, SettingRules.Environment(manifests, manifests.Workload("polls-api"))), "polls-redis:6379");
    }

    [KubectlFact]
    public async Task A_policy_that_allows_too_little_or_too_much_is_found()
    {
        var closed = Manifests.Parse(await BreakAsync("overlays/trial", "  - podSelector:\n        matchLabels:\n          app.kubernetes.io/name: polls-gateway", "  - podSelector:\n        matchLabels:\n          app.kubernetes.io/name: polls-redis"));
        new NetworkReach(closed).Allows(closed.Workload("polls-gateway"), closed.Workload("polls-api"), "http").ShouldBeFalse();

        var open = Manifests.Parse(await BreakAsync("overlays/trial", "        kubernetes.io/metadata.name: monitoring", "        {}"));
        new NetworkReach(open).AllowsFromNamespace("default", open.Workload("polls-api"), "management").ShouldBeTrue();
    }

    [KubectlTheory]
    [InlineData("      app.kubernetes.io/part-of: polls\n  policyTypes:", "      app.kubernetes.io/part-of: others\n  policyTypes:")]
    [InlineData("part-of: polls\n  policyTypes:\n  - Ingress\n  - Egress", "part-of: polls\n  policyTypes:\n  - Ingress")]
    [InlineData("part-of: polls\n  policyTypes:\n  - Ingress", "part-of: polls\n  ingress:\n  - {}\n  policyTypes:\n  - Ingress")]
    public async Task A_default_that_does_not_deny_everything_to_all_is_found(string right, string wrong) =>
        ShouldSay(new NetworkReach(Manifests.Parse(await BreakAsync("overlays/trial", right, wrong))).Complaints, "StatefulSet/polls-postgres is not denied by default");

    [KubectlFact]
    public async Task Without_the_default_a_pod_that_no_policy_names_reaches_everything()
    {
        // A pod like the migration, under a name that no policy has.
        var denied = Manifests.Parse(await BreakAsync("overlays/trial", "app.kubernetes.io/name: polls-migrate", "app.kubernetes.io/name: polls-other"));
        new NetworkReach(denied).Complaints.ShouldBeEmpty();
        new NetworkReach(denied).AllowsToOutside(denied.Workload("polls-migrate"), "443").ShouldBeFalse();
        new NetworkReach(denied).AllowsFromNamespace("default", denied.Workload("polls-migrate"), "8080").ShouldBeFalse();

        var open = new Manifests([.. denied.All.Where(manifest => manifest.Name != "polls-default-deny")]);
        new NetworkReach(open).Complaints.Count().ShouldBe(open.Workloads.Count);
        new NetworkReach(open).AllowsToOutside(open.Workload("polls-migrate"), "443").ShouldBeTrue();
        new NetworkReach(open).AllowsFromNamespace("default", open.Workload("polls-migrate"), "8080").ShouldBeTrue();
    }

    private static void ShouldSay(IEnumerable<string> complaints, string what) => string.Join('\n', complaints).ShouldContain(what);

    /// <summary>
    /// The rendered text with all occurrences of a correct text replaced by a wrong one; there must be at least one.
    /// </summary>
    private static async Task<string> BreakAsync(string folder, string right, string wrong)
    {
        var rendered = await Kustomize.RenderAsync(folder);
        rendered.ShouldContain(right);
        return rendered.Replace(right, wrong, StringComparison.Ordinal);
    }
}
