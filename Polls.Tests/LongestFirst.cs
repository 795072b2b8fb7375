using Xunit.Abstractions;

[assembly: TestCollectionOrderer("Polls.Tests.LongestFirst", "Polls.Tests")]

namespace Polls.Tests;

/// <summary>Starts what takes minutes before the rest, or one of them would run alone at the end while processors wait.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    // As collections are called; one of a class alone has the class's name in it.
    private static readonly string[] Longest =
        ["SharedPostgres", "Chromium", "FaultSuiteTests", "ThroughNginx", "BreakableInstances", "LocalRunTests", "DoorInstances"];

    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) =>
        testCollections.OrderBy(collection => Longest.TakeWhile(name => !collection.DisplayName.Contains(name, StringComparison.Ordinal)).Count());
}
