using YamlDotNet.RepresentationModel;

namespace Polls.Tests.Kubernetes;

/// <summary>One Kubernetes object.</summary>
internal sealed record Manifest(YamlNode Root)
{
    public string ApiVersion => Root.At("apiVersion").Text();

    public string Kind => Root.At("kind").Text();

    public string Name => Root.At("metadata", "name").Text();

    public string? Namespace => Root.At("metadata", "namespace")?.Text();

    public YamlNode? Spec => Root.At("spec");

    public override string ToString() => $"{Kind}/{Name}";
}

/// <summary>An object that creates pods.</summary>
internal sealed record Workload(Manifest Owner)
{
    private YamlNode Template => Owner.Spec.At("template")!;

    public IReadOnlyDictionary<string, string> Labels => Template.At("metadata", "labels").Pairs();

    public YamlNode Pod => Template.At("spec")!;

    public IReadOnlyList<YamlNode> Containers => Pod.At("containers").Items();

    /// <summary>The container's port with this name or number; zero if there is none.</summary>
    public int Port(string nameOrNumber) => Containers.SelectMany(container => container.At("ports").Items())
        .Where(port => port.At("name").Text() == nameOrNumber || port.At("containerPort").Text() == nameOrNumber)
        .Select(port => port.At("containerPort").Number()).FirstOrDefault();

    public override string ToString() => Owner.ToString();
}

/// <summary>All objects of one overlay.</summary>
internal sealed record Manifests(IReadOnlyList<Manifest> All)
{
    public IReadOnlyList<Workload> Workloads { get; } =
        [.. All.Where(manifest => manifest.Spec.At("template", "spec", "containers") is not null).Select(manifest => new Workload(manifest))];

    public static Manifests Parse(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        return new([.. stream.Documents.Where(document => document.RootNode is YamlMappingNode).Select(document => new Manifest(document.RootNode))]);
    }

    public IEnumerable<Manifest> Of(string kind) => All.Where(manifest => manifest.Kind == kind);

    public Manifest? Find(string kind, string? name) => Of(kind).FirstOrDefault(manifest => manifest.Name == name);

    public Workload Workload(string name) => Workloads.Single(workload => workload.Owner.Name == name);

    /// <summary>The objects that a selector of <c>matchLabels</c> and <c>matchExpressions</c> selects.</summary>
    public IEnumerable<Workload> Selected(YamlNode? selector) => Workloads.Where(workload => Selector.Matches(selector, workload.Labels));
}
