using System.Collections.Concurrent;
using Polls.AppHost.Processes;

namespace Polls.Tests.Kubernetes;

/// <summary>The output of <c>kubectl kustomize</c> for a folder of <c>k8s/</c>; each is rendered once.</summary>
internal static class Kustomize
{
    private static readonly ConcurrentDictionary<string, Task<string>> Rendered = new();

    /// <summary>All overlays.</summary>
    public static IReadOnlyList<string> Overlays { get; } =
        [.. Directory.GetDirectories(Repository.PathOf("k8s", "overlays")).Select(path => "overlays/" + Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    /// <summary>Base and overlays, for theories.</summary>
    public static TheoryData<string> Folders => [.. Overlays.Prepend("base")];

    /// <summary>The YAML of a folder below <c>k8s/</c>.</summary>
    public static Task<string> RenderAsync(string folder) => Rendered.GetOrAdd(folder, async _ =>
        (await Tool.RunAsync("kubectl", ["kustomize", Repository.PathOf("k8s", folder)])).OrThrow($"kubectl kustomize {folder}").Output);

    /// <summary>
    /// The objects of a folder below <c>k8s/</c>. Production overlays include the example secret, so that references to
    /// the secret can be checked.
    /// </summary>
    public static async Task<Manifests> LoadAsync(string folder)
    {
        var text = await RenderAsync(folder);
        return Manifests.Parse(folder.Contains("production", StringComparison.Ordinal) ? $"{text}\n---\n{await SecretExampleAsync()}" : text);
    }

    /// <summary>The example of the secret.</summary>
    public static Task<string> SecretExampleAsync() =>
        File.ReadAllTextAsync(Repository.PathOf("k8s", "overlays", "production", "secret.example.yaml"));
}

/// <summary>Why tests that render manifests cannot run here; null if they can.</summary>
internal static class Kubectl
{
    public static string? Missing { get; } =
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, "kubectl")))
            ? null
            : "kubectl is not on this machine, so no manifest was rendered or checked. Debian's is too old; https://kubernetes.io/docs/tasks/tools has one.";
}

/// <summary>A fact that needs rendered manifests.</summary>
internal sealed class KubectlFactAttribute : FactAttribute
{
    public KubectlFactAttribute() => Skip = Kubectl.Missing;
}

/// <summary>A theory that needs rendered manifests.</summary>
internal sealed class KubectlTheoryAttribute : TheoryAttribute
{
    public KubectlTheoryAttribute() => Skip = Kubectl.Missing;
}
