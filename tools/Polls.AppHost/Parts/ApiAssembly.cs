namespace Polls.AppHost;

/// <summary>Finds the assembly of the API and the <c>dotnet</c> host.</summary>
internal static class ApiAssembly
{
    private const string FileName = "Polls.Api.dll";

    /// <summary>The <c>dotnet</c> that runs this program, or else the one on the path.</summary>
    public static string DotnetHost =>
        Path.GetFileName(Environment.ProcessPath) == "dotnet" ? Environment.ProcessPath! : "dotnet";

    /// <summary>
    /// The path of <c>Polls.Api.dll</c>: the given one, that of the environment variable <c>POLLS_API</c>, or the build
    /// that belongs to this program.
    /// </summary>
    /// <exception cref="StartFailedException">The file does not exist.</exception>
    public static string Find(string? given = null)
    {
        given ??= Environment.GetEnvironmentVariable("POLLS_API");
        if (given is not null)
            return File.Exists(given)
                ? Path.GetFullPath(given)
                : throw new StartFailedException($"'{given}' does not exist.");

        // The build of the API in the same bin/CONFIGURATION/FRAMEWORK as this program.
        var here = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd('/'));
        var build = Path.Combine(here.Parent?.Name ?? "", here.Name);
        if (RepositoryFiles.TryFind(Path.Combine("Polls.Api", "bin", build, FileName)) is { } built)
            return built;

        var beside = Path.Combine(AppContext.BaseDirectory, FileName);
        return File.Exists(beside)
            ? beside
            : throw new StartFailedException(
                $"{FileName} was found neither in a build of Polls.Api nor in '{AppContext.BaseDirectory}'.");
    }
}
