using Polls.Api.Presence;
using Polls.Tests.Sessions;

namespace Polls.Tests.Redis;

public sealed class RedisPresenceTests(SharedRedis redis) : PresenceContract, IClassFixture<SharedRedis>, IAsyncLifetime
{
    private readonly List<RedisInstance> instances = [];

    [Fact]
    public async Task Stale_and_unreadable_reports_are_removed()
    {
        var room = Guid.CreateVersion7();
        var one = await InstanceAsync("one");
        await redis.Server.CliAsync("HSET", $"polls:presence:{room}", "ghost", "9:1000", "odd", "x", "future", "9:99999999999999");

        (await one.CountAsync(room, default)).ShouldBe(0);
        (await one.ReportAsync([new(room, 2)], default)).ShouldBe([2]);

        (await redis.Server.CliAsync("HKEYS", $"polls:presence:{room}")).ShouldBe("one");
    }

    [Fact]
    public async Task A_rooms_reports_expire_together()
    {
        var room = Guid.CreateVersion7();
        await (await InstanceAsync("one")).ReportAsync([new(room, 2)], default);

        long.Parse(await redis.Server.CliAsync("PTTL", $"polls:presence:{room}"), null).ShouldBeInRange(1, 10_000);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var instance in instances) await instance.DisposeAsync();
    }

    protected override async Task<IPresence> InstanceAsync(string id)
    {
        var instance = await RedisInstance.ConnectedAsync(redis.Server, id);
        instances.Add(instance);
        return instance.Presence;
    }

    // Redis uses its own clock, so real time must pass.
    protected override Task PassLeaseAsync() => Task.Delay(IPresence.Lease + TimeSpan.FromMilliseconds(200));
}
