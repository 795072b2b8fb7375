using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Polls.AppHost.Processes;
using Polls.Tests.Clients;
using Polls.Tests.Redis;
using Polls.Tests.Servers;

namespace Polls.Tests.Journeys;

/// <summary>
/// Two instances whose parts the tests kill, stall and wipe, one test after the other; each test starts with all parts
/// healthy.
/// </summary>
public sealed class BreakableInstances : TwoInstances
{
    /// <summary>Restarts everything and waits until both instances are healthy.</summary>
    internal async Task MendAsync()
    {
        foreach (var part in Cluster.Parts)
        {
            part.Resume();
            await part.StartAsync();
        }

        await RedisCommandAsync("CONFIG", "SET", "maxmemory", "0");

        foreach (var api in new[] { A, B })
        {
            await Until.TrueAsync(async () => (await HealthAsync(api)).Status == "healthy", "the instance is healthy");
        }
    }

    /// <summary>The response of <c>/health</c> and its status.</summary>
    internal static async Task<(int Code, string Status, JsonElement Report)> HealthAsync(TestApi api)
    {
        using var response = await api.SendAsync(HttpMethod.Get, "/health", null, null);
        var report = await response.Content.ReadFromJsonAsync<JsonElement>();
        return ((int)response.StatusCode, report.GetProperty("status").GetString()!, report);
    }

    /// <summary>The status of <c>/health/ready</c>.</summary>
    internal static async Task<int> ReadyAsync(TestApi api)
    {
        using var response = await api.SendAsync(HttpMethod.Get, "/health/ready", null, null);
        return (int)response.StatusCode;
    }

    /// <summary>The product's own session store, used from outside the instances.</summary>
    internal Task<RedisInstance> LookIntoRedisAsync() => RedisInstance.ConnectedAsync(Cluster.Redis!.ConnectionString, "looker");

    internal async Task<IReadOnlyList<string>> RedisCommandAsync(params string[] command)
    {
        var run = await Tool.RunAsync(
            "redis-cli", ["-p", Cluster.Redis!.Port.ToString(CultureInfo.InvariantCulture), .. command],
            environment: new Dictionary<string, string> { ["REDISCLI_AUTH"] = Cluster.Redis.Password });
        return run.OrThrow("redis-cli").Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}

/// <summary>Tests that break parts of one cluster, one after the other.</summary>
[CollectionDefinition(nameof(BreakableInstances))]
public sealed class BreakableInstancesCollection : ICollectionFixture<BreakableInstances>;
