using System.Text.Json;
using Polls.Prove.History;

namespace Polls.Prove.Checks;

/// <summary>
/// G10: reads the instances' logs, because a call that fails with an unexpected exception is answered with a code
/// that no client can act on, and only the log says why.
/// </summary>
internal static class LogCheck
{
    // HttpLog.CallFailed and HttpLog.RequestFailed.
    private static readonly int[] UnexpectedFailures = [2001, 2002];

    /// <summary>
    /// Breaks G10 for each kind of unexpected failure; returns how often each other kind of error was logged.
    /// </summary>
    public static IReadOnlyDictionary<string, int> Run(ProofCluster cluster, RunHistory history)
    {
        var errors = cluster.Local.Instances
            .SelectMany(instance => LinesOf(instance.LogPath).Select(line => (instance.Name, Line: Parse(line))))
            .Where(item => item.Line is { LogLevel: "Error" or "Critical" })
            .Select(item => (item.Name, Line: item.Line!))
            .ToList();
        var unexpected = errors.Where(item => UnexpectedFailures.Contains(item.Line.EventId)).ToList();
        foreach (var kind in unexpected.GroupBy(item => item.Line.Exception?.Split('\n')[0]))
        {
            var (name, line) = kind.First();
            history.Verdicts.Break(
                Guarantee.G10,
                $"{kind.Count()} unexpected failures, such as on {name}: {line.Message} {line.Exception}");
        }

        history.Verdicts.Checked(
            Guarantee.G10,
            "instances whose logs tell of no unexpected failure",
            cluster.Local.Instances.Count - unexpected.DistinctBy(item => item.Name).Count());
        return errors.Except(unexpected)
            .CountBy(item =>
                $"{item.Line.Category}[{item.Line.EventId}] {item.Line.Exception?.Split(':')[0]}".TrimEnd())
            .ToDictionary();
    }

    // A long log is renamed when its instance starts again.
    private static IEnumerable<string> LinesOf(string path) =>
        new[] { path + ".old", path }.Where(File.Exists).SelectMany(File.ReadLines);

    // The start and the end of a process can leave other lines, such as those of the runtime.
    private static LogLine? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<LogLine>(line);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private sealed record LogLine(int EventId, string LogLevel, string Category, string Message, string? Exception);
}
