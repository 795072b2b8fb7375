namespace Polls.AppHost;

/// <summary>Finds the files of the repository that this program was built in.</summary>
internal static class RepositoryFiles
{
    /// <summary>The nearest such file in this program's folder or above it.</summary>
    public static string Find(string path) =>
        TryFind(path) ?? throw new StartFailedException($"{path} was found nowhere above '{AppContext.BaseDirectory}'.");

    /// <summary>The same; null when there is none.</summary>
    public static string? TryFind(string path)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, path);
            if (File.Exists(candidate))
                return candidate;
        }

        return null;
    }
}
