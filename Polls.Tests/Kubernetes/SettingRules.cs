using Npgsql;
using YamlDotNet.RepresentationModel;

namespace Polls.Tests.Kubernetes;

/// <summary>The sources of settings exist, and the programs know the settings.</summary>
internal static class SettingRules
{
    /// <summary>
    /// Invalid references to ConfigMaps, Secrets and volumes. If there is no Secret, as in the base, references to
    /// secrets are not checked.
    /// </summary>
    public static IEnumerable<string> Complaints(Manifests manifests) =>
    [
        .. from workload in manifests.Workloads
           from reference in workload.Pod.Named("configMapRef").Concat(workload.Pod.Named("configMap"))
           where manifests.Find("ConfigMap", reference.At("name").Text()) is null
           select $"{workload}: no ConfigMap {reference.At("name").Text()}",
        .. from workload in manifests.Workloads
           from volume in workload.Pod.Named("configMap")
           let keys = Keys(manifests.Find("ConfigMap", volume.At("name").Text()))
           from item in volume.At("items").Items()
           where !keys.Contains(item.At("key").Text())
           select $"{workload}: the ConfigMap {volume.At("name").Text()} has no {item.At("key").Text()}",
        .. from workload in manifests.Workloads
           from reference in workload.Pod.Named("secretKeyRef")
           where manifests.Of("Secret").Any() && !Keys(manifests.Find("Secret", reference.At("name").Text())).Contains(reference.At("key").Text())
           select $"{workload}: no Secret {reference.At("name").Text()} with {reference.At("key").Text()}",
        .. from workload in manifests.Workloads
           let volumes = workload.Pod.At("volumes").Items().Concat(workload.Owner.Spec.At("volumeClaimTemplates").Items().Select(claim => claim.At("metadata")))
               .Select(volume => volume.At("name").Text())
           from mount in workload.Containers.SelectMany(container => container.At("volumeMounts").Items())
           where !volumes.Contains(mount.At("name").Text())
           select $"{workload}: no volume {mount.At("name").Text()}",
    ];

    /// <summary>
    /// The environment of a workload's container as text; values known only at run time are replaced by placeholders.
    /// </summary>
    public static Dictionary<string, string> Environment(Manifests manifests, Workload workload)
    {
        var environment = workload.Containers.SelectMany(container => container.At("envFrom").Items())
            .SelectMany(source => manifests.Find("ConfigMap", source.At("configMapRef", "name").Text())!.Root.At("data").Pairs())
            .ToDictionary();
        foreach (var variable in workload.Containers.SelectMany(container => container.At("env").Items()))
        {
            var secret = variable.At("valueFrom", "secretKeyRef");
            environment[variable.At("name").Text()] = secret is not null ? SecretValue(manifests, secret)
                : variable.At("valueFrom", "fieldRef") is not null ? workload.Owner.Name + "-5d4f8c7b9-x2x4z"
                : variable.At("value").Text();
        }

        return environment;
    }

    /// <summary>PostgreSQL and Redis addresses of the instances that are names in the cluster exist there.</summary>
    public static IEnumerable<string> UnknownHosts(Manifests manifests, IReadOnlyDictionary<string, string> environment)
    {
        var postgres = new NpgsqlConnectionStringBuilder(environment["ConnectionStrings__Polls"]);
        var redis = environment["ConnectionStrings__Redis"].Split(',')[0].Split(':');
        return new[] { (Host: postgres.Host!, Port: $"{postgres.Port}"), (Host: redis[0], Port: redis[1]) }
            .Where(server => !server.Host.Contains('.', StringComparison.Ordinal) && !PortRules.Serves(manifests, server.Host, server.Port))
            .Select(server => $"nothing serves {server.Host}:{server.Port}");
    }

    private static string SecretValue(Manifests manifests, YamlNode reference)
    {
        var secret = manifests.Find("Secret", reference.At("name").Text());
        var key = reference.At("key").Text();
        return secret?.Root.At("stringData", key)?.Text()
            ?? (secret?.Root.At("data", key) is { } value ? System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(value.Text())) : "");
    }

    private static HashSet<string> Keys(Manifest? source) =>
        [.. source?.Root.At("data").Pairs().Keys ?? [], .. source?.Root.At("stringData").Pairs().Keys ?? []];
}
