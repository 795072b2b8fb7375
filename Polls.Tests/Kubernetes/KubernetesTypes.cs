using System.Text.Json;
using System.Text.Json.Serialization;
using k8s;
using k8s.Models;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.Serialization;

namespace Polls.Tests.Kubernetes;

/// <summary>
/// Reads manifests with the types of KubernetesClient: every field must exist and have the right type. Like the API
/// server, it reads them as JSON. The package's own strict YAML reader would accept <c>"8080"</c> as a number and
/// <c>8080</c> as text.
/// </summary>
internal static class KubernetesTypes
{
    /// <summary>The kinds that we use, in their current API versions.</summary>
    private static readonly Dictionary<string, Type> Kinds = new()
    {
        ["v1 ConfigMap"] = typeof(V1ConfigMap),
        ["v1 Namespace"] = typeof(V1Namespace),
        ["v1 Secret"] = typeof(V1Secret),
        ["v1 Service"] = typeof(V1Service),
        ["v1 ServiceAccount"] = typeof(V1ServiceAccount),
        ["apps/v1 Deployment"] = typeof(V1Deployment),
        ["apps/v1 StatefulSet"] = typeof(V1StatefulSet),
        ["autoscaling/v2 HorizontalPodAutoscaler"] = typeof(V2HorizontalPodAutoscaler),
        ["batch/v1 Job"] = typeof(V1Job),
        ["networking.k8s.io/v1 Ingress"] = typeof(V1Ingress),
        ["networking.k8s.io/v1 NetworkPolicy"] = typeof(V1NetworkPolicy),
        ["policy/v1 PodDisruptionBudget"] = typeof(V1PodDisruptionBudget),
    };

    private static readonly JsonSerializerOptions Strict = StrictOptions();
    private static readonly IDeserializer Yaml = new DeserializerBuilder().WithDuplicateKeyChecking().WithAttemptingUnquotedStringTypeDeserialization().Build();
    private static readonly ISerializer Json = new SerializerBuilder().JsonCompatible().Build();

    /// <summary>The errors in the documents of this text: at most one line for each, the first error.</summary>
    public static IReadOnlyList<string> Complaints(string text)
    {
        var complaints = new List<string>();
        var parser = new Parser(new StringReader(text));
        parser.Consume<StreamStart>();
        while (parser.Accept<DocumentStart>(out _))
        {
            var document = "";
            try
            {
                var root = Yaml.Deserialize<Dictionary<string, object>?>(parser) ?? throw new YamlException("An empty document.");
                document = $"{root.GetValueOrDefault("apiVersion")} {root.GetValueOrDefault("kind")}";
                if (Kinds.TryGetValue(document, out var type))
                {
                    JsonSerializer.Deserialize(Json.Serialize(root), type, Strict);
                }
                else
                {
                    complaints.Add($"{document} is not on the list of kinds and versions");
                }
            }
            catch (YamlException unreadable)
            {
                return [.. complaints, unreadable.Message];
            }
            // Quantities, and fields that are a number or a text, are read by converters of the package.
            catch (Exception refused) when (refused is JsonException or FormatException or NotSupportedException)
            {
                complaints.Add($"{document}: {refused.Message}");
            }
        }

        return complaints;
    }

    /// <summary>The package's options, which are accessible only through a callback.</summary>
    private static JsonSerializerOptions StrictOptions()
    {
        JsonSerializerOptions? strict = null;
        KubernetesJson.AddJsonOptions(options => strict = new(options) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow });
        return strict!;
    }
}
