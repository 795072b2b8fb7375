using Polls.AppHost.Processes;

namespace Polls.Tests.Observability;

/// <summary>The published types of Grafana (npm's @grafana/schema), checked by <c>Types/grafana.mjs</c>.</summary>
internal static class GrafanaTypes
{
    /// <summary>The type errors in these files, one line each.</summary>
    public static async Task<IReadOnlyList<string>> ComplaintsAsync(IEnumerable<string> files)
    {
        var check = await Tool.RunAsync("node", [Path.Combine(Repository.Root, "Polls.Tests", "Types", "grafana.mjs"), .. files]);
        check.Error.ShouldBeEmpty();
        var lines = check.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        check.ExitCode.ShouldBe(lines.Length == 0 ? 0 : 1);
        return lines;
    }
}
