using Xunit.Abstractions;

[assembly: TestCollectionOrderer("Polls.Tests.LongestFirst", "Polls.Tests")]

namespace Polls.Tests;

/// <summary>
/// Starts the slowest collections first; otherwise one of them would run alone at the end while processors are idle.
/// </summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    // The display name of a collection; for a class without a collection it contains the class name.
    private static readonly string[] Longest =
        ["SharedPostgres", "PhonePages", "HostPages", "FaultSuiteTests", "ThroughNginx", "BreakableInstances", "LocalRunTests", "EndpointInstances"];

    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) =>
        testCollections.OrderBy(collection => Longest.TakeWhile(name => !collection.DisplayName.Contains(name, StringComparison.Ordinal)).Count());
}
