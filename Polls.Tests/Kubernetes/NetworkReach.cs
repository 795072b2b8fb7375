using YamlDotNet.RepresentationModel;

namespace Polls.Tests.Kubernetes;

/// <summary>Evaluates NetworkPolicies: the rules of Kubernetes, as far as our manifests use them.</summary>
internal sealed class NetworkReach(Manifests manifests)
{
    /// <summary>The workloads that no policy denies everything, so that only their other policies restrict them.</summary>
    public IEnumerable<string> Complaints =>
        from workload in manifests.Workloads
        where !manifests.Of("NetworkPolicy").Any(policy => DeniesEverything(policy) && Selector.Matches(policy.Spec.At("podSelector"), workload.Labels))
        select $"{workload} is not denied by default";

    /// <summary>Whether pods of one workload may connect to a port of another workload.</summary>
    public bool Allows(Workload from, Workload to, string port) =>
        MayLeave(from, peer => IsPod(peer, to), to, port) && MayEnter(to, peer => IsPod(peer, from), port);

    /// <summary>Whether a pod of another namespace may connect.</summary>
    public bool AllowsFromNamespace(string name, Workload to, string port) => MayEnter(to, peer => IsNamespace(peer, name), port);

    /// <summary>Whether pods may connect to a port in another namespace.</summary>
    public bool AllowsToNamespace(Workload from, string name, string port, string protocol = "TCP") =>
        MayLeave(from, peer => IsNamespace(peer, name), null, port, protocol);

    /// <summary>Whether pods may connect to a port anywhere outside.</summary>
    public bool AllowsToOutside(Workload from, string port) => MayLeave(from, _ => false, null, port);

    private static bool DeniesEverything(Manifest policy) =>
        policy.Spec.At("policyTypes").Items().Select(Yaml.Text).Order().SequenceEqual(["Egress", "Ingress"])
        && policy.Spec.At("ingress").Items().Count == 0
        && policy.Spec.At("egress").Items().Count == 0;

    private bool MayEnter(Workload to, Func<YamlNode, bool> isPeer, string port) =>
        May("Ingress", to, isPeer, rule => rule.At("from"), ports => Fits(ports, to, port, "TCP"));

    private bool MayLeave(Workload from, Func<YamlNode, bool> isPeer, Workload? to, string port, string protocol = "TCP") =>
        May("Egress", from, isPeer, rule => rule.At("to"), ports => Fits(ports, to, port, protocol));

    // Pods that no policy selects for a direction are unrestricted in that direction; otherwise a rule must allow the
    // connection.
    private bool May(
        string direction, Workload pods, Func<YamlNode, bool> isPeer, Func<YamlNode, YamlNode?> peersOf, Func<YamlNode?, bool> fits)
    {
        var policies = manifests.Of("NetworkPolicy")
            .Where(policy => policy.Spec.At("policyTypes").Items().Any(type => type.Text() == direction)
                && Selector.Matches(policy.Spec.At("podSelector"), pods.Labels))
            .ToList();
        return policies.Count == 0 || policies
            .SelectMany(policy => policy.Spec.At(direction == "Ingress" ? "ingress" : "egress").Items())
            .Any(rule => (peersOf(rule) is null || peersOf(rule).Items().Any(isPeer)) && fits(rule.At("ports")));
    }

    private static bool Fits(YamlNode? ports, Workload? to, string port, string protocol) =>
        ports is null || ports.Items().Any(allowed =>
            (allowed.At("protocol")?.Text() ?? "TCP") == protocol
            && (allowed.At("port").Text() == port || (to is not null && to.Port(port) > 0 && to.Port(allowed.At("port").Text()) == to.Port(port))));

    private static bool IsPod(YamlNode peer, Workload pod) =>
        peer.At("podSelector") is { } selector && peer.At("namespaceSelector") is null && Selector.Matches(selector, pod.Labels);

    private static bool IsNamespace(YamlNode peer, string name) =>
        peer.At("namespaceSelector") is { } selector
        && Selector.Matches(selector, new Dictionary<string, string> { ["kubernetes.io/metadata.name"] = name });
}
