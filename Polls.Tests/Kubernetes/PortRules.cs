using YamlDotNet.RepresentationModel;

namespace Polls.Tests.Kubernetes;

/// <summary>Every named port exists, from the entry to the container.</summary>
internal static class PortRules
{
    public static IEnumerable<string> Complaints(Manifests manifests) =>
    [
        .. from service in manifests.Of("Service")
           from port in service.Spec.At("ports").Items()
           from workload in manifests.Workloads
           where Selector.Matches(service.Spec.At("selector").Pairs(), workload.Labels) && workload.Port(port.At("targetPort").Text()) == 0
           select $"{service}: {workload} has no port {port.At("targetPort").Text()}",
        // A headless service does not translate ports.
        .. from service in manifests.Of("Service")
           where service.Spec.At("clusterIP").Text() == "None"
           from port in service.Spec.At("ports").Items()
           from workload in manifests.Workloads
           where Selector.Matches(service.Spec.At("selector").Pairs(), workload.Labels)
               && workload.Port(port.At("targetPort").Text()) != port.At("port").Number()
           select $"{service}: port {port.At("port").Text()} is not the one of {workload}",
        .. from workload in manifests.Workloads
           from container in workload.Containers
           from probe in new[] { "startupProbe", "readinessProbe", "livenessProbe" }
           from handler in new[] { "httpGet", "tcpSocket" }
           let port = container.At(probe, handler, "port")
           where port is not null && workload.Port(port.Text()) == 0
           select $"{workload}: {probe} asks the port {port.Text()}, which is not there",
        .. from ingress in manifests.Of("Ingress")
           from backend in ingress.Spec.Named("backend")
           where !Serves(manifests, backend.At("service", "name").Text(), backend.At("service", "port", "name").Text())
           select $"{ingress} leads to {backend.At("service", "name").Text()}, which does not serve that port",
        .. from policy in manifests.Of("NetworkPolicy")
           from port in Peers(policy.Spec.At("ingress"))
           from workload in manifests.Selected(policy.Spec.At("podSelector"))
           where workload.Port(port.Text()) == 0
           select $"{policy}: {workload} has no port {port.Text()}",
        .. from policy in manifests.Of("NetworkPolicy")
           from rule in policy.Spec.At("egress").Items()
           from peer in rule.At("to").Items()
           from port in rule.At("ports").Items()
           from workload in peer.At("podSelector") is { } selector ? manifests.Selected(selector) : []
           where workload.Port(port.At("port").Text()) == 0
           select $"{policy}: {workload} has no port {port.At("port").Text()}",
    ];

    /// <summary>Whether a Service with this name serves a port with this name or number.</summary>
    public static bool Serves(Manifests manifests, string service, string port) =>
        manifests.Find("Service", service)?.Spec.At("ports").Items()
            .Any(served => served.At("name").Text() == port || served.At("port").Text() == port) ?? false;

    private static IEnumerable<YamlNode> Peers(YamlNode? rules) =>
        rules.Items().SelectMany(rule => rule.At("ports").Items()).Select(port => port.At("port")!);
}
