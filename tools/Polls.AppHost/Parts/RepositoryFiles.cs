namespace Polls.AppHost;

/// <summary>Finds files of the repository that contains this program's build.</summary>
internal static class RepositoryFiles
{
    /// <summary>Finds a file by its path relative to this program's folder or the nearest folder above it.</summary>
    /// <exception cref="StartFailedException">The file does not exist.</exception>
    public static string Find(string path) =>
        TryFind(path)
            ?? throw new StartFailedException(
                $"{path} was not found in '{AppContext.BaseDirectory}' or any folder above it.");

    /// <summary>Like <see cref="Find"/>; null if the file does not exist.</summary>
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
