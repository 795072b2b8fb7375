using Polls.AppHost.Processes;

namespace Polls.Tests.Kubernetes;

/// <summary>The published Kubernetes types (npm's kubernetes-models), asked through <c>types/check.mjs</c>.</summary>
internal static class KubernetesTypes
{
    /// <summary>What the types refuse in these documents, one line each.</summary>
    public static async Task<IReadOnlyList<string>> ComplaintsAsync(string yaml)
    {
        var file = Path.Combine(Path.GetTempPath(), $"polls-{Guid.NewGuid():N}.yaml");
        try
        {
            await File.WriteAllTextAsync(file, yaml);
            var checker = Path.Combine(Kustomize.Root, "Polls.Tests", "Kubernetes", "types", "check.mjs");
            var check = await Tool.RunAsync("node", [checker, file]);
            check.Error.ShouldBeEmpty();
            var complaints = check.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            check.ExitCode.ShouldBe(complaints.Length == 0 ? 0 : 1);
            return complaints;
        }
        finally
        {
            File.Delete(file);
        }
    }
}
