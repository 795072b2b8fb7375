namespace Polls.AppHost;

/// <summary>Finds what an instance is started from.</summary>
internal static class ApiAssembly
{
    private const string FileName = "Polls.Api.dll";

    /// <summary>The very <c>dotnet</c> that runs this program, where it does; else the one on the path.</summary>
    public static string DotnetHost =>
        Path.GetFileName(Environment.ProcessPath) == "dotnet" ? Environment.ProcessPath! : "dotnet";

    /// <summary>
    /// The path of <c>Polls.Api.dll</c>: the given one, or that of the variable <c>POLLS_API</c>, or the build of the API that belongs to
    /// this program.
    /// </summary>
    /// <exception cref="StartFailedException">There is none.</exception>
    public static string Find(string? given = null)
    {
        given ??= Environment.GetEnvironmentVariable("POLLS_API");
        if (given is not null)
            return File.Exists(given) ? Path.GetFullPath(given) : throw new StartFailedException($"There is no '{given}'.");

        // bin/CONFIGURATION/FRAMEWORK of this build tells which build of the API belongs to it.
        var here = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd('/'));
        var build = Path.Combine(here.Parent?.Name ?? "", here.Name);
        if (RepositoryFiles.TryFind(Path.Combine("Polls.Api", "bin", build, FileName)) is { } built)
            return built;

        var beside = Path.Combine(AppContext.BaseDirectory, FileName);
        return File.Exists(beside)
            ? beside
            : throw new StartFailedException($"{FileName} was found neither in a build of Polls.Api nor beside '{AppContext.BaseDirectory}'.");
    }
}
