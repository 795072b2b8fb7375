using System.Collections.Concurrent;
using Polls.AppHost.Processes;

namespace Polls.Tests.Kubernetes;

/// <summary>What <c>kubectl kustomize</c> makes of a folder of <c>k8s/</c>; each is rendered once.</summary>
internal static class Kustomize
{
    private static readonly ConcurrentDictionary<string, Task<string>> Rendered = new();

    /// <summary>Every overlay that there is.</summary>
    public static IReadOnlyList<string> Overlays { get; } =
        [.. Directory.GetDirectories(Repository.PathOf("k8s", "overlays")).Select(path => "overlays/" + Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    /// <summary>Base and overlays, for theories.</summary>
    public static TheoryData<string> Folders => [.. Overlays.Prepend("base")];

    /// <summary>The YAML of a folder below <c>k8s/</c>.</summary>
    public static Task<string> RenderAsync(string folder) => Rendered.GetOrAdd(folder, async _ =>
        (await Tool.RunAsync("kubectl", ["kustomize", Repository.PathOf("k8s", folder)])).OrThrow($"kubectl kustomize {folder}").Output);

    /// <summary>
    /// The objects of a folder below <c>k8s/</c>. Those for production come with the example of the secret, so that what
    /// refers to the secret refers to keys that people are told to make.
    /// </summary>
    public static async Task<Manifests> LoadAsync(string folder)
    {
        var text = await RenderAsync(folder);
        return Manifests.Parse(folder.Contains("production", StringComparison.Ordinal) ? $"{text}\n---\n{await SecretExampleAsync()}" : text);
    }

    /// <summary>The file that shows the keys of the secret.</summary>
    public static Task<string> SecretExampleAsync() =>
        File.ReadAllTextAsync(Repository.PathOf("k8s", "overlays", "production", "secret.example.yaml"));
}

/// <summary>Why tests that render manifests cannot run here; null when they can.</summary>
internal static class Kubectl
{
    public static string? Missing { get; } =
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, "kubectl")))
            ? null
            : "kubectl is not on this machine, so no manifest was rendered or checked. Debian's is too old; https://kubernetes.io/docs/tasks/tools has one.";
}

/// <summary>A fact about rendered manifests.</summary>
internal sealed class KubectlFactAttribute : FactAttribute
{
    public KubectlFactAttribute() => Skip = Kubectl.Missing;
}

/// <summary>A theory about rendered manifests.</summary>
internal sealed class KubectlTheoryAttribute : TheoryAttribute
{
    public KubectlTheoryAttribute() => Skip = Kubectl.Missing;
}
