using System.Text.RegularExpressions;

namespace Polls.Tests.Kubernetes;

/// <summary>Kubernetes accepts the base and every overlay, and their parts are consistent.</summary>
public sealed partial class ManifestTests
{
    public static TheoryData<string> Folders => Kustomize.Folders;

    [KubectlTheory]
    [MemberData(nameof(Folders))]
    public async Task Every_object_has_the_published_type(string folder) =>
        KubernetesTypes.Complaints(await Kustomize.RenderAsync(folder)).ShouldBeEmpty();

    [Fact]
    public async Task The_example_of_the_secret_has_the_published_type() =>
        KubernetesTypes.Complaints(await Kustomize.SecretExampleAsync()).ShouldBeEmpty();

    [KubectlTheory]
    [MemberData(nameof(Folders))]
    public async Task Every_object_has_the_fields_and_values_that_Kubernetes_requires(string folder) =>
        FieldRules.Complaints(await Kustomize.LoadAsync(folder)).ShouldBeEmpty();

    [Fact]
    public async Task The_example_of_the_secret_contains_no_secret() =>
        Password().Matches(await Kustomize.SecretExampleAsync()).Select(match => match.Groups[1].Value).ShouldBe(["REPLACE-ME", "REPLACE-ME"]);

    [KubectlTheory]
    [MemberData(nameof(Folders))]
    public async Task Every_reference_and_selector_has_a_match(string folder)
    {
        var manifests = await Kustomize.LoadAsync(folder);
        SelectorRules.Complaints(manifests).ShouldBeEmpty();
        PortRules.Complaints(manifests).ShouldBeEmpty();
        SettingRules.Complaints(manifests).ShouldBeEmpty();
        manifests.Workloads.Count.ShouldBeGreaterThan(1);
    }

    [KubectlTheory]
    [MemberData(nameof(Folders))]
    public async Task Every_container_is_restricted_and_has_limits(string folder)
    {
        foreach (var workload in (await Kustomize.LoadAsync(folder)).Workloads)
        {
            workload.Pod.At("automountServiceAccountToken").Text().ShouldBe("false", $"{workload}");
            workload.Pod.At("enableServiceLinks").Text().ShouldBe("false", $"{workload}");
            workload.Pod.At("securityContext", "runAsNonRoot").Text().ShouldBe("true", $"{workload}");
            workload.Pod.At("securityContext", "seccompProfile", "type").Text().ShouldBe("RuntimeDefault", $"{workload}");
            foreach (var container in workload.Containers)
            {
                var security = container.At("securityContext");
                security.At("allowPrivilegeEscalation").Text().ShouldBe("false", $"{workload}");
                security.At("readOnlyRootFilesystem").Text().ShouldBe("true", $"{workload}");
                security.At("capabilities", "drop").Items().Select(Yaml.Text).ShouldBe(["ALL"], $"{workload}");
                foreach (var bound in (string[])["requests", "limits"])
                {
                    container.At("resources", bound).Pairs().Keys.ShouldBe(["cpu", "memory"], ignoreOrder: true, $"{workload}");
                }
            }
        }
    }

    [KubectlFact]
    public async Task Production_uses_an_image_digest_https_and_at_least_three_instances()
    {
        foreach (var folder in Kustomize.Overlays.Where(overlay => overlay.Contains("production", StringComparison.Ordinal)))
        {
            var manifests = await Kustomize.LoadAsync(folder);
            foreach (var name in (string[])["polls-api", "polls-migrate"])
            {
                manifests.Workload(name).Containers.Single().At("image").Text().ShouldMatch("@sha256:[0-9a-f]{64}$");
            }

            var ingress = manifests.Of("Ingress").Single();
            var hosts = ingress.Spec.At("rules").Items().Select(rule => rule.At("host").Text()).ToList();
            ingress.Spec.At("tls").Items().SelectMany(tls => tls.At("hosts").Items()).Select(Yaml.Text).ShouldBe(hosts);
            var settings = SettingRules.Environment(manifests, manifests.Workload("polls-api"));
            settings["Public__BaseUrl"].ShouldBe($"https://{hosts.Single()}");
            manifests.Of("HorizontalPodAutoscaler").Single().Spec.At("minReplicas").Number().ShouldBe(3);
        }
    }

    [KubectlTheory]
    [MemberData(nameof(Folders))]
    public async Task PostgreSQL_allows_the_connections_of_all_instances(string folder)
    {
        var manifests = await Kustomize.LoadAsync(folder);
        var api = manifests.Workload("polls-api");
        var instances = manifests.Of("HorizontalPodAutoscaler").SingleOrDefault()?.Spec.At("maxReplicas").Number()
            ?? api.Owner.Spec.At("replicas").Number();
        var surge = api.Owner.Spec.At("strategy", "rollingUpdate", "maxSurge").Number();
        var pool = int.Parse(SettingRules.Environment(manifests, api)["Database__MaxPoolSize"], System.Globalization.CultureInfo.InvariantCulture);

        // The migration is a process with its own pool. PostgreSQL allows 100 connections by default, three of them for
        // superusers.
        ((instances + surge + 1) * pool).ShouldBeLessThanOrEqualTo(97);
    }

    [KubectlFact]
    public async Task The_gateway_mounts_every_file_of_our_nginx_in_its_place_and_sets_only_what_start_reads()
    {
        var folder = Repository.PathOf("nginx");
        var files = Directory.GetFiles(folder, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(folder, file)).Where(file => file != "kustomization.yaml");
        var gateway = (await Kustomize.LoadAsync("overlays/production-gateway")).Workload("polls-gateway");
        var mounted = gateway.Pod.Named("configMap").Single().At("items").Items();
        mounted.Select(item => item.At("path").Text()).ShouldBe(files, ignoreOrder: true);
        mounted.ShouldAllBe(item => item.At("key").Text() == item.At("path").Text().Replace('/', '-'));
        gateway.Containers.Single().At("command").Items().Single().Text().ShouldBe("/etc/polls-nginx/start");

        var start = await File.ReadAllTextAsync(Path.Combine(folder, "start"));
        gateway.Containers.Single().At("env").Items().ShouldAllBe(variable => start.Contains("${" + variable.At("name").Text() + ":-"));
    }

    [GeneratedRegex("password=([^;,\\s]+)", RegexOptions.IgnoreCase)]
    private static partial Regex Password();
}
