using System.Reflection;

namespace Polls.Api.Health;

/// <summary>Build information from the assembly's metadata.</summary>
internal static class BuildInfo
{
    private static readonly Assembly Own = typeof(BuildInfo).Assembly;

    /// <summary>The product's version.</summary>
    public static string Version => VersionAndCommit.Split('+', 2)[0];

    /// <summary>The commit, from the build argument or the git repository; otherwise null.</summary>
    public static string? Commit => VersionAndCommit.Split('+', 2) is [_, { Length: > 0 } commit] ? commit : null;

    /// <summary>The build time; null unless passed to the build, so that builds of one commit are identical.</summary>
    public static string? BuiltAt { get; } =
        Own.GetCustomAttributes<AssemblyMetadataAttribute>()
            .FirstOrDefault(metadata => metadata.Key == "BuiltAt")?.Value;

    /// <summary>Version and commit in one value, such as <c>0.1.0+4f2c…</c>.</summary>
    public static string VersionAndCommit { get; } =
        Own.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
}
