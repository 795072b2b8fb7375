namespace Polls.AppHost;

/// <summary>Finds the files of the repository that parts are run from.</summary>
internal static class RepositoryFiles
{
    /// <summary>The nearest such file above this program.</summary>
    public static string Find(string path)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, path);
            if (File.Exists(candidate))
                return candidate;
        }

        throw new StartFailedException($"{path} was found nowhere above '{AppContext.BaseDirectory}'.");
    }
}
