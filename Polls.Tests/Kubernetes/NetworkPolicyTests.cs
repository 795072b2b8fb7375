namespace Polls.Tests.Kubernetes;

/// <summary>The policies allow exactly the connections that Polls needs.</summary>
public sealed class NetworkPolicyTests
{
    public static TheoryData<string> Overlays => [.. Kustomize.Overlays];

    public static TheoryData<string> Folders => Kustomize.Folders;

    [KubectlTheory]
    [MemberData(nameof(Folders))]
    public async Task Every_pod_is_denied_what_no_other_policy_allows(string folder) =>
        new NetworkReach(await Kustomize.LoadAsync(folder)).Complaints.ShouldBeEmpty();

    [KubectlFact]
    public async Task In_the_trial_each_pod_reaches_only_its_own_stores()
    {
        var manifests = await Kustomize.LoadAsync("overlays/trial");
        var reach = new NetworkReach(manifests);
        var connections = from to in manifests.Workloads
                          from port in to.Containers.SelectMany(container => container.At("ports").Items())
                          let name = port.At("name").Text()
                          from peer in manifests.Workloads
                          where peer != to && reach.Allows(peer, to, name)
                          select $"{peer.Owner.Name} -> {to.Owner.Name} {name}";
        connections.ShouldBe(
            [
                "polls-gateway -> polls-api http",
                "polls-api -> polls-postgres postgres",
                "polls-migrate -> polls-postgres postgres",
                "polls-api -> polls-redis redis",
            ],
            ignoreOrder: true);
        foreach (var store in (string[])["polls-postgres", "polls-redis"])
        {
            reach.AllowsToNamespace(manifests.Workload(store), "kube-system", "53", "UDP").ShouldBeFalse(store);
            reach.AllowsToOutside(manifests.Workload(store), "5432").ShouldBeFalse(store);
        }
    }

    [KubectlTheory]
    [MemberData(nameof(Overlays))]
    public async Task The_management_port_is_for_monitoring_alone(string overlay)
    {
        var manifests = await Kustomize.LoadAsync(overlay);
        var (reach, api) = (new NetworkReach(manifests), manifests.Workload("polls-api"));
        reach.AllowsFromNamespace("monitoring", api, "management").ShouldBeTrue();
        reach.AllowsFromNamespace("ingress-nginx", api, "management").ShouldBeFalse();
        reach.AllowsFromNamespace("default", api, "management").ShouldBeFalse();
        manifests.Workloads.ShouldAllBe(workload => workload == api || !reach.Allows(workload, api, "management"));
    }

    [KubectlTheory]
    [MemberData(nameof(Overlays))]
    public async Task The_entry_is_open_and_instances_reach_DNS_and_external_servers(string overlay)
    {
        var manifests = await Kustomize.LoadAsync(overlay);
        var (reach, api) = (new NetworkReach(manifests), manifests.Workload("polls-api"));
        reach.AllowsFromNamespace("ingress-nginx", api, "http").ShouldBeTrue();
        reach.AllowsFromNamespace("default", api, "http").ShouldBeFalse();
        reach.AllowsFromNamespace("default", manifests.Workload("polls-migrate"), "8080").ShouldBeFalse();
        foreach (var workload in manifests.Workloads.Where(workload => workload.Owner.Name is "polls-api" or "polls-migrate" or "polls-gateway"))
        {
            reach.AllowsToNamespace(workload, "kube-system", "53", "UDP").ShouldBeTrue($"{workload}");
            reach.AllowsToNamespace(workload, "kube-system", "53").ShouldBeTrue($"{workload}");
            reach.AllowsToNamespace(workload, "kube-system", "443").ShouldBeFalse($"{workload}");
        }

        var settings = SettingRules.Environment(manifests, api);
        reach.AllowsToOutside(api, $"{new Npgsql.NpgsqlConnectionStringBuilder(settings["ConnectionStrings__Polls"]).Port}").ShouldBeTrue();
        reach.AllowsToOutside(api, settings["ConnectionStrings__Redis"].Split(',')[0].Split(':')[1]).ShouldBeTrue();
        reach.AllowsToOutside(api, "443").ShouldBeFalse();
    }
}
