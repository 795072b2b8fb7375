using System.Runtime.CompilerServices;

namespace Polls.Tests;

/// <summary>The folder that all of this is built from.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>The whole path of something in it.</summary>
    public static string PathOf(params ReadOnlySpan<string> parts) => Path.Combine([Root, .. parts]);

    /// <summary>The text of a file in it.</summary>
    public static string Read(string path) => File.ReadAllText(PathOf(path));

    private static string FindRoot([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(here, "../.."));
}
