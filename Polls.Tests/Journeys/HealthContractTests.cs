using System.Text.Json;
using Polls.Tests.Clients;
using Polls.Tests.Servers;

namespace Polls.Tests.Journeys;

/// <summary>Health and identity of an instance.</summary>
[Collection(nameof(TwoInstances))]
public sealed class HealthContractTests(TwoInstances cluster)
{
    [Fact]
    public async Task Health_identifies_the_instance_and_reports_the_state_of_its_parts()
    {
        await Until.TrueAsync(
            async () => (await BreakableInstances.HealthAsync(cluster.B)).Status == "healthy", "the instance is healthy");
        var (code, _, report) = await BreakableInstances.HealthAsync(cluster.B);
        code.ShouldBe(200);
        report.GetProperty("instanceId").GetString().ShouldBe("api-2");
        report.GetProperty("version").GetString()!.ShouldMatch(@"^\d+\.\d+\.\d+[^+]*$");
        report.GetProperty("database").GetProperty("status").GetString().ShouldBe("up");
        report.GetProperty("redis").GetProperty("status").GetString().ShouldBe("up");
        report.GetProperty("usingRedisBackplane").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task Only_the_management_port_tells_the_commit_and_the_pool()
    {
        var instance = cluster.Cluster.Instances[0];
        using var operators = new TestApi(instance.ManagementAddress);
        var (_, _, stranger) = await BreakableInstances.HealthAsync(cluster.A);
        var (_, _, own) = await BreakableInstances.HealthAsync(operators);
        string[] open = ["status", "instanceId", "version", "database", "redis", "usingRedisBackplane", "connections"];
        Names(stranger).ShouldBe(open);
        Names(stranger.GetProperty("database")).ShouldBe(["status"]);
        // The commit is known if the built tree is a git tree; the build time only if the build sets it.
        Names(own).Except(["commit", "builtAt"]).ShouldBe(open);
        var pool = own.GetProperty("database").GetProperty("pool");
        Names(pool).ShouldBe(["busy", "idle", "waiting", "max"]);
        pool.GetProperty("max").GetInt32().ShouldBe(20);
        (pool.GetProperty("idle").GetInt32() + pool.GetProperty("busy").GetInt32()).ShouldBeInRange(1, 20);

        static IEnumerable<string> Names(JsonElement part) => part.EnumerateObject().Select(property => property.Name);
    }

    [Fact]
    public async Task Health_counts_the_connections_of_its_own_instance()
    {
        var (room, _) = await cluster.OpenRoomAsync();
        await Until.TrueAsync(async () => await ConnectionsAsync() == 0, "the connections of the previous test are closed");
        await using (await RoomClient.ConnectAsync(cluster.A.Address, room.HostToken))
        await using (await RoomClient.ConnectAsync(cluster.B.Address, room.HostToken))
        {
            await Until.TrueAsync(async () => await ConnectionsAsync() == 1, "the connection is counted");
        }

        await Until.TrueAsync(async () => await ConnectionsAsync() == 0, "the closed connection is no longer counted");
    }

    [Theory]
    [InlineData("/health/live", "live")]
    [InlineData("/health/ready", "ready")]
    public async Task Orchestrators_get_a_plain_answer(string path, string status) =>
        (await cluster.A.SendAsync<JsonElement>(HttpMethod.Get, path)).GetProperty("status").GetString().ShouldBe(status);

    private async Task<int> ConnectionsAsync() =>
        (await BreakableInstances.HealthAsync(cluster.B)).Report.GetProperty("connections").GetInt32();
}
