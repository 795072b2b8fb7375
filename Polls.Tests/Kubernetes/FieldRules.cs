using YamlDotNet.RepresentationModel;

namespace Polls.Tests.Kubernetes;

/// <summary>
/// Rules that Kubernetes enforces and the types of KubernetesClient do not: required fields and allowed values.
/// </summary>
internal static class FieldRules
{
    /// <summary>Kind (empty: any), name of a node, and the fields that it, or each of its items, must have.</summary>
    private static readonly (string Kind, string Name, string[] Fields)[] Required =
    [
        ("", "containers", ["name", "image"]), ("", "initContainers", ["name", "image"]),
        ("Service", "ports", ["port"]), ("Deployment", "ports", ["containerPort"]), ("StatefulSet", "ports", ["containerPort"]),
        ("", "env", ["name"]), ("", "configMapKeyRef", ["name", "key"]), ("", "secretKeyRef", ["name", "key"]),
        ("", "volumes", ["name"]), ("", "volumeMounts", ["name", "mountPath"]), ("", "items", ["key", "path"]),
        ("", "httpGet", ["port"]), ("", "tcpSocket", ["port"]), ("", "exec", ["command"]), ("", "sleep", ["seconds"]),
        ("", "topologySpreadConstraints", ["maxSkew", "topologyKey", "whenUnsatisfiable"]), ("", "matchExpressions", ["key", "operator"]),
        ("", "scaleTargetRef", ["kind", "name"]), ("", "metrics", ["type"]), ("", "target", ["type"]),
        ("", "policies", ["type", "value", "periodSeconds"]), ("", "paths", ["pathType", "backend"]),
    ];

    /// <summary>Name of a node, and its allowed values.</summary>
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
           from rule in Required
           where rule.Kind.Length == 0 || rule.Kind == manifest.Kind
           from node in manifest.Root.Named(rule.Name)
           from item in node is YamlSequenceNode ? node.Items() : [node]
           from field in rule.Fields
           where item is YamlMappingNode && item.At(field) is null
           select $"{manifest}: {rule.Name} without {field}",
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
