using System.Reflection;

namespace Polls.Api.Health;

/// <summary>What the build wrote into this assembly about itself; nothing is guessed.</summary>
internal static class BuildInfo
{
    private static readonly Assembly Own = typeof(BuildInfo).Assembly;

    /// <summary>The product's version.</summary>
    public static string Version => VersionAndCommit.Split('+', 2)[0];

    /// <summary>The commit: of the build argument, or of the git repository that was built; else null.</summary>
    public static string? Commit => VersionAndCommit.Split('+', 2) is [_, { Length: > 0 } commit] ? commit : null;

    /// <summary>When it was built; null unless the build was told, so that builds of one commit stay alike.</summary>
    public static string? BuiltAt { get; } =
        Own.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(metadata => metadata.Key == "BuiltAt")?.Value;

    /// <summary>Both in one, such as <c>0.1.0+4f2c…</c>, for whoever has one field for them.</summary>
    public static string VersionAndCommit { get; } =
        Own.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
}
