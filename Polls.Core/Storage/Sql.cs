namespace Polls.Core.Storage;

/// <summary>Reads SQL files that are embedded in this assembly.</summary>
internal static class Sql
{
    /// <summary>The text of a file below <c>Storage/</c>.</summary>
    public static string Load(string path)
    {
        var name = $"Polls.Core.Storage.{path.Replace('/', '.')}";
        using var stream = typeof(Sql).Assembly.GetManifestResourceStream(name)
            ?? throw new FileNotFoundException($"{name} is not embedded.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
