using Polls.Api.Backplane;
using Polls.Tests.Backplane;
using Polls.Tests.Servers;

namespace Polls.Tests.Redis;

public sealed class RedisBackplaneTests(SharedRedis redis) : BackplaneContract, IClassFixture<SharedRedis>, IAsyncLifetime
{
    private readonly List<RedisInstance> instances = [];

    protected override long HandlerFailures => instances.Sum(instance => instance.Metrics["polls.loop.failures"]);

    [Fact]
    public async Task Only_the_first_subscriber_subscribes_and_only_the_last_one_unsubscribes()
    {
        var one = await InstanceAsync();
        var channel = $"count:{Guid.NewGuid():N}";
        async Task<string> SubscribersAsync() => (await redis.Server.CliAsync("PUBSUB", "NUMSUB", $"polls:bus:{channel}")).Split('\n')[^1];

        var first = await one.SubscribeAsync(channel, _ => { }, default);
        var second = await one.SubscribeAsync(channel, _ => { }, default);
        (await SubscribersAsync()).ShouldBe("1");
        await first.DisposeAsync();
        (await SubscribersAsync()).ShouldBe("1");
        await second.DisposeAsync();

        await Until.TrueAsync(async () => await SubscribersAsync() == "0", "nobody is subscribed");
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var instance in instances) await instance.DisposeAsync();
    }

    protected override async Task<IBackplane> InstanceAsync()
    {
        var instance = await RedisInstance.ConnectedAsync(redis.Server, $"instance-{instances.Count}");
        instances.Add(instance);
        return instance.Backplane;
    }
}
