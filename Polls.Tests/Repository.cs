using System.Runtime.CompilerServices;

namespace Polls.Tests;

/// <summary>The root folder of the repository.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>The full path of a file or folder in it.</summary>
    public static string PathOf(params ReadOnlySpan<string> parts) => Path.Combine([Root, .. parts]);

    /// <summary>The text of a file in it.</summary>
    public static string Read(string path) => File.ReadAllText(PathOf(path));

    private static string FindRoot([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(here, "../.."));
}
