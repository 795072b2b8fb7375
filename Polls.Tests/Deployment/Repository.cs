using System.Runtime.CompilerServices;

namespace Polls.Tests.Deployment;

/// <summary>The files that deployments are made of.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    private static string FindRoot([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(here, "../../.."));
}
