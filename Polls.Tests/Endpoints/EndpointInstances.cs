using Polls.AppHost;
using Polls.Tests.Journeys;

namespace Polls.Tests.Endpoints;

/// <summary>Two instances, and a third one inside the test process that shares their keys.</summary>
public sealed class EndpointInstances : TwoInstances
{
    /// <summary>The second instance lists the origin of its pages; the first allows only its own.</summary>
    public const string AllowedOrigin = "https://slides.example";

    private RealProgram? program;

    private protected override ClusterOptions Options { get; } = new()
    {
        Throwaway = true, Instances = 2,
        InstanceEnvironment = number => new Dictionary<string, string> { ["Cors__Origins"] = number == 2 ? $"https://other.example, {AllowedOrigin}" : "" },
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

/// <summary>Tests of the endpoints, which run one after the other.</summary>
[CollectionDefinition(nameof(EndpointInstances))]
public sealed class EndpointInstancesCollection : ICollectionFixture<EndpointInstances>;
