using Microsoft.AspNetCore.SignalR;
using Polls.Api.Backplane;
using Polls.Tests.Backplane;
using Polls.Tests.Servers;

namespace Polls.Tests.Redis;

public sealed class RedisBackplaneTests(SharedRedis redis) : BackplaneContract, IClassFixture<SharedRedis>, IAsyncLifetime
{
    private readonly List<RedisInstance> instances = [];

    [Fact]
    public async Task Only_the_first_listener_of_a_room_subscribes_and_only_the_last_one_unsubscribes()
    {
        var one = await StartAsync();
        var room = Guid.NewGuid();
        // During a rollout, instances of two versions share this channel.
        var channel = $"polls:Polls.Api.Backplane.RoomBackplane:group:{room:N}";
        async Task<string> SubscribersAsync() => (await redis.Server.CliAsync("PUBSUB", "NUMSUB", channel)).Split('\n')[^1];

        var (_, first) = await ListenAsync(one.Listeners, room);
        var (_, second) = await ListenAsync(one.Listeners, room);
        (await SubscribersAsync()).ShouldBe("1");
        first.Dispose();
        (await SubscribersAsync()).ShouldBe("1");
        second.Dispose();

        await Until.TrueAsync(async () => await SubscribersAsync() == "0", "nobody is subscribed");
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var instance in instances) await instance.DisposeAsync();
    }

    protected override async Task<(IHubContext<RoomBackplane, IRoomBackplaneClient> Rooms, RoomGroups Listeners)> InstanceAsync()
    {
        var instance = await StartAsync();
        return (instance.Rooms, instance.Listeners);
    }

    private async Task<RedisInstance> StartAsync()
    {
        var instance = await RedisInstance.ConnectedAsync(redis.Server, $"instance-{instances.Count}");
        instances.Add(instance);
        return instance;
    }
}
