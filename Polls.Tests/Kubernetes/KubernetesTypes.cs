using Polls.AppHost.Processes;

namespace Polls.Tests.Kubernetes;

/// <summary>The published Kubernetes types (npm's kubernetes-models), asked through <c>Types/kubernetes.mjs</c>.</summary>
internal static class KubernetesTypes
{
    private static readonly string Checker = Repository.PathOf("Polls.Tests", "Types", "kubernetes.mjs");

    /// <summary>What the types refuse in each of these texts, one line each. All at once: starting the compiler is what takes time.</summary>
    public static async Task<IReadOnlyList<IReadOnlyList<string>>> ComplaintsAsync(IEnumerable<string> texts)
    {
        var folder = Directory.CreateTempSubdirectory("polls-manifests-").FullName;
        try
        {
            var files = new List<string>();
            foreach (var text in texts)
            {
                files.Add(Path.Combine(folder, $"{files.Count}.yaml"));
                await File.WriteAllTextAsync(files[^1], text);
            }

            var check = await Tool.RunAsync("node", [Checker, .. files]);
            check.Error.ShouldBeEmpty();
            var lines = check.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            lines.ShouldAllBe(line => files.Any(file => line.StartsWith(file, StringComparison.Ordinal)));
            check.ExitCode.ShouldBe(lines.Length == 0 ? 0 : 1);
            return [.. files.Select(file => (IReadOnlyList<string>)[.. lines.Where(line => line.StartsWith(file, StringComparison.Ordinal))])];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
