using Polls.AppHost;
using Polls.Tests.Clients;
using Polls.Tests.Journeys;

namespace Polls.Tests.Limits;

/// <summary>
/// Three instances with the limits that the product has, except for smaller ones where a test would have to do very much.
/// They believe loopback when it says where a client is.
/// </summary>
public sealed class LimitedInstances : TwoInstances
{
    internal const double ReadsPerSecond = 50;
    internal const int ReadBurst = 200;

    private protected override ClusterOptions Options { get; } = new()
    {
        Throwaway = true,
        Instances = 3,
        ApiEnvironment = new Dictionary<string, string>
        {
            ["Limits__Enabled"] = "true",
            ["Proxy__Trusted"] = "127.0.0.1",
            ["Limits__Read__PerSecond"] = "50",
            ["Limits__Read__Burst"] = "200",
            ["Limits__Vote__PerSecond"] = "10",
            ["Limits__Vote__Burst"] = "50",
            ["Limits__Refused__Burst"] = "100",
            ["Limits__NewDevice__Burst"] = "400",
        },
    };

    /// <summary>A client of its own address, on one of the instances.</summary>
    internal TestApi From(string address, int instance = 0) => new(Cluster.Instances[instance].Address, address);
}

/// <summary>Tests that share the instances.</summary>
[CollectionDefinition(nameof(LimitedInstances))]
public sealed class LimitedInstancesCollection : ICollectionFixture<LimitedInstances>;
