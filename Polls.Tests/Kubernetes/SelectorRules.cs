namespace Polls.Tests.Kubernetes;

/// <summary>Every reference and selector matches something.</summary>
internal static class SelectorRules
{
    public static IEnumerable<string> Complaints(Manifests manifests) =>
    [
        .. from service in manifests.Of("Service")
           let selector = service.Spec.At("selector").Pairs()
           where selector.Count == 0 || !manifests.Workloads.Any(workload => Selector.Matches(selector, workload.Labels))
           select $"{service} selects no pod",
        .. from workload in manifests.Workloads
           where workload.Owner.Kind != "Job" && !Selector.Matches(workload.Owner.Spec.At("selector"), workload.Labels)
           select $"{workload} does not select its own pods",
        .. from workload in manifests.Workloads
           from spread in workload.Pod.At("topologySpreadConstraints").Items()
           where !Selector.Matches(spread.At("labelSelector"), workload.Labels)
           select $"{workload} spreads other pods than its own",
        .. from owner in manifests.All.Where(manifest => manifest.Kind is "PodDisruptionBudget" or "NetworkPolicy")
           from selector in owner.Spec.Named("podSelector").Concat(owner.Kind == "PodDisruptionBudget" ? owner.Spec.Named("selector") : [])
           where !manifests.Selected(selector).Any()
           select $"{owner} selects no pod",
        .. from autoscaler in manifests.Of("HorizontalPodAutoscaler")
           let target = autoscaler.Spec.At("scaleTargetRef")
           where manifests.Find(target.At("kind").Text(), target.At("name").Text())?.ApiVersion != target.At("apiVersion").Text()
           select $"{autoscaler} scales nothing",
        .. from workload in manifests.Workloads
           where manifests.Find("ServiceAccount", workload.Pod.At("serviceAccountName").Text()) is null
           select $"{workload} has no ServiceAccount of ours",
        .. from workload in manifests.Workloads
           where workload.Owner.Kind == "StatefulSet" && manifests.Find("Service", workload.Owner.Spec.At("serviceName").Text()) is null
           select $"{workload} has no Service",
        .. from ns in manifests.Of("Namespace")
           from manifest in manifests.All
           where manifest.Kind != "Namespace" && manifest.Namespace != ns.Name
           select $"{manifest} is not in the namespace {ns.Name}",
    ];
}
