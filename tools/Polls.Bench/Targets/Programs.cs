using Polls.AppHost;

namespace Polls.Bench.Targets;

/// <summary>Paths and environment of the programs that the benchmark starts.</summary>
internal static class Programs
{
    /// <summary>The <c>dotnet</c> host.</summary>
    public static string Dotnet => ApiAssembly.DotnetHost;

    /// <summary>This program, which is also the load client and the .NET peers.</summary>
    public static string Self { get; } = FindSelf();

    public static string NodePeer => RepositoryFiles.Find("tools/Polls.Bench/Peers/node/server.mjs");

    /// <summary>Environment variables of all .NET processes: no diagnostics port.</summary>
    public static IReadOnlyDictionary<string, string> ProcessEnvironment { get; } = new Dictionary<string, string>
    {
        ["DOTNET_EnableDiagnostics"] = "0"
    };

    private static string FindSelf()
    {
        // In a test, the base directory is that of the tests.
        var here = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd('/'));
        return RepositoryFiles.Find(Path.Combine(
            "tools", "Polls.Bench", "bin", here.Parent!.Name, here.Name, "Polls.Bench.dll"));
    }
}
