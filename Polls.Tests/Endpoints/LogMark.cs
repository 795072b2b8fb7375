namespace Polls.Tests.Endpoints;

/// <summary>What the instances log from now on.</summary>
internal sealed class LogMark(EndpointInstances cluster)
{
    private readonly Dictionary<string, long> lengths = cluster.Cluster.Instances.ToDictionary(instance => instance.LogPath, instance => new FileInfo(instance.LogPath).Length);

    /// <summary>Lines about failures, that is, unexpected exceptions.</summary>
    public async Task<IReadOnlyList<string>> FailuresAsync()
    {
        var failures = new List<string>();
        foreach (var (path, length) in lengths)
        {
            await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            file.Seek(length, SeekOrigin.Begin);
            using var reader = new StreamReader(file);
            var said = await reader.ReadToEndAsync();
            failures.AddRange(said.Split('\n').Where(line => line.Contains(" fail: ", StringComparison.Ordinal) || line.Contains(" crit: ", StringComparison.Ordinal)));
        }

        return failures;
    }
}
