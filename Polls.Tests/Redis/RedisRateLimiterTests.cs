using Polls.Api.Limits;
using Polls.Api.Redis;
using Polls.Tests.Limits;

namespace Polls.Tests.Redis;

public sealed class RedisRateLimiterTests(SharedRedis redis) : RateLimiterContract, IClassFixture<SharedRedis>, IAsyncLifetime
{
    private readonly List<RedisInstance> instances = [];
    private readonly LimitKey key = LimitKey.Of(RateClass.Read, Guid.CreateVersion7());

    [Fact]
    public async Task All_instances_together_enforce_the_rule()
    {
        var rule = new RateRule(0.001, 10);
        IRateLimiter[] limiters = [await InstanceAsync("one"), await InstanceAsync("two"), await InstanceAsync("three")];
        var answers = await Task.WhenAll(Enumerable.Range(0, 300).Select(i => limiters[i % 3].TakeAsync(key, rule, 1, default).AsTask()));
        answers.Count(wait => wait == TimeSpan.Zero).ShouldBe(10);
    }

    [Fact]
    public async Task Occasional_votes_are_limited_per_instance_only()
    {
        var limiter = await InstanceAsync("one");
        var voter = key with { Class = RateClass.Vote };
        (await limiter.TakeAsync(voter, new RateRule(0.001, 10), 1, default)).ShouldBe(TimeSpan.Zero);
        (await redis.Server.CliAsync("EXISTS", RedisKeys.Limit(voter).ToString())).ShouldBe("0");
        for (var i = 0; i < 3; i++)
        {
            await limiter.TakeAsync(voter, new RateRule(0.001, 10), 1, default);
        }

        (await redis.Server.CliAsync("EXISTS", RedisKeys.Limit(voter).ToString())).ShouldBe("1");
    }

    [Fact]
    public async Task A_refused_key_does_not_cause_further_Redis_calls()
    {
        var limiter = await InstanceAsync("one");
        var rule = new RateRule(0.001, 1);
        await limiter.TakeAsync(key, rule, 1, default);
        (await limiter.TakeAsync(key, rule, 1, default)).ShouldBeGreaterThan(TimeSpan.Zero);
        await redis.Server.CliAsync("DEL", RedisKeys.Limit(key).ToString());
        (await limiter.TakeAsync(key, rule, 1, default)).ShouldBeGreaterThan(TimeSpan.Zero, "Redis was not asked");
    }

    [Fact]
    public async Task A_key_is_removed_from_Redis_when_its_bucket_is_full()
    {
        var limiter = await InstanceAsync("one");
        await limiter.TakeAsync(key, new RateRule(2, 10), 2, default);
        long.Parse(await redis.Server.CliAsync("PTTL", RedisKeys.Limit(key).ToString()), null).ShouldBeInRange(-2, 1_000);
    }

    [Fact]
    public async Task While_Redis_is_down_every_instance_counts_for_itself()
    {
        await using var server = await Servers.RedisServer.UpAsync();
        await using var instance = await RedisInstance.ConnectedAsync(server);
        var limiter = new RedisRateLimiter(instance.Connection, TimeProvider.System);
        await server.KillAsync();
        await instance.DisconnectedAsync();
        var rule = new RateRule(0.001, 3);
        for (var i = 0; i < 3; i++)
        {
            (await limiter.TakeAsync(key, rule, 1, default)).ShouldBe(TimeSpan.Zero);
        }

        (await limiter.TakeAsync(key, rule, 1, default)).ShouldBeGreaterThan(TimeSpan.Zero);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var instance in instances) await instance.DisposeAsync();
    }

    protected override async Task<IRateLimiter> InstanceAsync(string id)
    {
        var instance = await RedisInstance.ConnectedAsync(redis.Server, id);
        instances.Add(instance);
        return new RedisRateLimiter(instance.Connection, TimeProvider.System);
    }
}
