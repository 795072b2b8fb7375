using Polls.AppHost;
using Polls.Tests.Journeys;

namespace Polls.Tests.Doors;

/// <summary>Two instances, and the program itself within the test as a third that knows their keys.</summary>
public sealed class DoorInstances : TwoInstances
{
    /// <summary>The second instance lets its pages in, the first nobody's but its own.</summary>
    public const string WelcomeOrigin = "https://slides.example";

    private RealProgram? program;

    private protected override ClusterOptions Options { get; } = new()
    {
        Throwaway = true, Instances = 2,
        InstanceEnvironment = number => new Dictionary<string, string> { ["Cors__Origins"] = number == 2 ? $"https://other.example, {WelcomeOrigin}" : "" },
    };

    internal RealProgram Program => program ??= new(Cluster.Postgres.ConnectionString, Cluster.Redis!.ConnectionString);

    private protected override async ValueTask EndAsync()
    {
        if (program is not null)
        {
            await program.DisposeAsync();
        }
    }
}

/// <summary>Tests of the ways in, one after the other.</summary>
[CollectionDefinition(nameof(DoorInstances))]
public sealed class DoorInstancesCollection : ICollectionFixture<DoorInstances>;
