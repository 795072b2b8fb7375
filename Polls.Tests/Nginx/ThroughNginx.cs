using System.Net.Http.Json;
using System.Text.Json;
using Polls.AppHost;
using Polls.Tests.Clients;
using Polls.Tests.Journeys;
using Polls.Tests.Servers;

namespace Polls.Tests.Nginx;

/// <summary>
/// Three instances behind nginx, which trusts loopback to report client addresses; each test starts with all parts
/// healthy.
/// </summary>
public sealed class ThroughNginx : TwoInstances
{
    private protected override ClusterOptions Options { get; } = new()
    {
        Throwaway = true,
        Instances = 3,
        NginxEnabled = true,
        NginxEnvironment = new Dictionary<string, string> { ["POLLS_TRUSTED_BALANCERS"] = "127.0.0.1" },
    };

    internal Uri Address => Cluster.Address;

    internal override IReadOnlyList<Uri> Addresses => [Cluster.Address];

    /// <summary>A client with its own address.</summary>
    internal TestApi From(string address) => new(Address, address);

    internal async Task MendAsync()
    {
        foreach (var part in Cluster.Parts)
        {
            part.Resume();
            await part.StartAsync();
        }

        foreach (var instance in Cluster.Instances)
        {
            await Until.TrueAsync(async () => (await HealthAsync(instance)).GetProperty("status").GetString() == "healthy", $"{instance.Name} is healthy");
        }
    }

    /// <summary>The health of an instance, requested without nginx.</summary>
    internal static async Task<JsonElement> HealthAsync(ApiInstance instance)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(30) };
        return await http.GetFromJsonAsync<JsonElement>(new Uri(instance.Address, "/health"));
    }

    /// <summary>Hub connections per running instance.</summary>
    internal async Task<int[]> ConnectionsAsync() => await Task.WhenAll(Cluster.Instances
        .Where(instance => instance.IsRunning)
        .Select(async instance => (await HealthAsync(instance)).GetProperty("connections").GetInt32()));
}

/// <summary>Tests that share the three instances behind nginx, one after the other.</summary>
[CollectionDefinition(nameof(ThroughNginx))]
public sealed class ThroughNginxCollection : ICollectionFixture<ThroughNginx>;
