using Polls.AppHost;
using Polls.AppHost.Processes;

namespace Polls.Tests.AppHost;

/// <summary>A folder for one test, deleted after it.</summary>
internal sealed class Scratch : IDisposable
{
    private readonly string _root = Path.Combine(Path.GetTempPath(), $"polls-test-{Guid.NewGuid():N}");

    public Scratch() => Directory.CreateDirectory(Data);

    public string Root => _root;

    /// <summary>A path that contains a space, which every part must support.</summary>
    public string Data => Path.Combine(_root, "the data");

    public string DataFile(string name) => Path.Combine(Data, name);

    public void Dispose()
    {
        if (Directory.Exists(_root))
            Directory.Delete(_root, recursive: true);
    }

    /// <summary>Every process of a cluster, PostgreSQL's children included.</summary>
    public static IReadOnlyList<ProcessIdentity> ProcessesOf(LocalCluster cluster) =>
        WithDescendants([.. cluster.Parts.Select(part => part.ProcessId).Append(cluster.GuardProcessId).OfType<int>()
            .Select(id => ProcessIdentity.Of(id)).OfType<ProcessIdentity>()]);

    /// <summary>Every process that a program recorded in its data folder.</summary>
    public static IReadOnlyList<ProcessIdentity> ProcessesIn(string data) =>
        WithDescendants(Guard.ReadLedger(Path.Combine(data, "processes")));

    private static List<ProcessIdentity> WithDescendants(IReadOnlyList<ProcessIdentity> processes) =>
        [.. processes, .. processes.SelectMany(process => process.Descendants())];
}
