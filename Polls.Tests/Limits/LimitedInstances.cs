using Polls.AppHost;
using Polls.Tests.Clients;
using Polls.Tests.Journeys;

namespace Polls.Tests.Limits;

/// <summary>
/// Three instances with the product's limits, except for lower ones where a test would need too many requests. They
/// trust loopback to report client addresses.
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
            // None comes back while a test runs.
            ["Limits__WrongCode__PerSecond"] = "0.01",
            ["Limits__Content__Burst"] = "1500",
            ["Limits__Content__PerSecond"] = "0.01",
            ["Limits__NewDevice__Burst"] = "400",
            ["Limits__NewDevice__PerSecond"] = "0.1",
        },
    };

    /// <summary>A client with its own address, on one of the instances.</summary>
    internal TestApi From(string address, int instance = 0) => new(Cluster.Instances[instance].Address, address);
}

/// <summary>Tests that share the instances.</summary>
[CollectionDefinition(nameof(LimitedInstances))]
public sealed class LimitedInstancesCollection : ICollectionFixture<LimitedInstances>;
