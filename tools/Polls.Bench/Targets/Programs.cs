using Polls.AppHost;

namespace Polls.Bench.Targets;

/// <summary>What is started, and from where.</summary>
internal static class Programs
{
    /// <summary>The dotnet that runs this.</summary>
    public static string Dotnet => ApiAssembly.DotnetHost;

    /// <summary>This very program, which plays several parts.</summary>
    public static string Self { get; } = FindSelf();

    public static string NodePeer => RepositoryFiles.Find("tools/Polls.Bench/Peers/node/server.mjs");

    /// <summary>For every process of ours: no diagnostics port.</summary>
    public static IReadOnlyDictionary<string, string> Quiet { get; } = new Dictionary<string, string> { ["DOTNET_EnableDiagnostics"] = "0" };

    private static string FindSelf()
    {
        // In a test the program's own folder is that of the tests.
        var here = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd('/'));
        return RepositoryFiles.Find(Path.Combine("tools", "Polls.Bench", "bin", here.Parent!.Name, here.Name, "Polls.Bench.dll"));
    }
}
