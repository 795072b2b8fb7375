using Microsoft.AspNetCore.SignalR;
using Polls.Tests.Redis;

namespace Polls.Tests.Hubs;

/// <summary>Across instances that each have their own connection to a real Redis.</summary>
public sealed class RealRedisHubLifetimeManagerTests(SharedRedis redis)
    : AcrossInstancesContract, IClassFixture<SharedRedis>, IAsyncLifetime
{
    private readonly List<RedisInstance> instances = [];

    public Task InitializeAsync() => redis.Server.CliAsync("FLUSHALL");

    public async Task DisposeAsync()
    {
        foreach (var instance in instances) await instance.DisposeAsync();
    }

    protected override async Task<HubLifetimeManager<ContractHub>> InstanceAsync()
    {
        var instance = await RedisInstance.ConnectedAsync(redis.Server, $"i{instances.Count}");
        instances.Add(instance);
        return Over(instance.Backplane);
    }
}
