namespace Polls.AppHost;

/// <summary>Looks for a file of the repository that this program was built in.</summary>
internal static class FileAbove
{
    /// <summary>The first <paramref name="path"/> in this program's folder or one above it; null when there is none.</summary>
    public static string? Find(string path)
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
