namespace Polls.Tests.Kubernetes;

/// <summary>
/// The kinds that we use, in the versions that Kubernetes serves today. The published types also have versions that were
/// removed years ago, and kinds of which nobody here should need any.
/// </summary>
internal static class ApiVersions
{
    private static readonly HashSet<string> Allowed =
    [
        "v1 ConfigMap", "v1 Namespace", "v1 Secret", "v1 Service", "v1 ServiceAccount",
        "apps/v1 Deployment", "apps/v1 StatefulSet",
        "autoscaling/v2 HorizontalPodAutoscaler",
        "batch/v1 Job",
        "networking.k8s.io/v1 Ingress", "networking.k8s.io/v1 NetworkPolicy",
        "policy/v1 PodDisruptionBudget",
    ];

    /// <summary>Values that the types take as any text, and Kubernetes does not: name of the node, what it may be.</summary>
    private static readonly (string Name, string[] Values)[] Words =
    [
        ("sessionAffinity", ["None", "ClientIP"]),
        ("whenUnsatisfiable", ["DoNotSchedule", "ScheduleAnyway"]),
        ("restartPolicy", ["Always", "OnFailure", "Never"]),
        ("pathType", ["Prefix", "Exact"]),
        ("unhealthyPodEvictionPolicy", ["AlwaysAllow", "IfHealthyBudget"]),
        ("protocol", ["TCP", "UDP"]),
    ];

    public static IEnumerable<string> Complaints(Manifests manifests) =>
    [
        .. from manifest in manifests.All
           where !Allowed.Contains($"{manifest.ApiVersion} {manifest.Kind}")
           select $"{manifest}: {manifest.ApiVersion} {manifest.Kind} is not on the list of kinds and versions",
        .. from manifest in manifests.All
           from word in Words
           from node in manifest.Root.Named(word.Name)
           where node.Text().Length > 0 && !word.Values.Contains(node.Text())
           select $"{manifest}: {word.Name} cannot be {node.Text()}",
        .. from autoscaler in manifests.Of("HorizontalPodAutoscaler")
           from metric in autoscaler.Spec.At("metrics").Items()
           let type = metric.At("type").Text()
           where type is not ("Resource" or "Pods") || metric.At(type == "Pods" ? "pods" : "resource", "target") is null
           select $"{autoscaler}: a metric of type {type} does not say its target",
    ];
}
