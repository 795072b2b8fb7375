using Polls.Api.Backplane;
using Polls.Tests.Backplane;
using Polls.Tests.Servers;

namespace Polls.Tests.Redis;

public sealed class RedisStartTests
{
    [Fact]
    public async Task Starting_without_redis_is_disconnected_and_comes_up_when_redis_does()
    {
        await using var redis = await RedisServer.DownAsync();
        await using var one = await RedisInstance.StartAsync(redis);
        await Until.TrueAsync(() => one.Connection.LastError is not null, "a first attempt failed");
        one.Connection.State.ShouldBe(BackplaneState.Disconnected);
        one.Connection.LastError!.ShouldNotContain("127.0.0.1");

        await redis.StartAsync();
        await one.ConnectedAsync();

        (await one.TellAsync(Guid.NewGuid(), 1)).ShouldBeTrue();
        one.Metrics["polls.redis.reconnects"].ShouldBe(0);
    }

    [Fact]
    public async Task A_wrong_password_is_named_as_the_reason_and_the_right_one_works_without_a_restart()
    {
        await using var redis = await RedisServer.UpAsync();
        await redis.CliAsync("CONFIG", "SET", "requirepass", "other");
        await using var one = await RedisInstance.StartAsync(redis);
        await Until.TrueAsync(() => one.Connection.LastError == "authentication failed", "the reason is known");

        await redis.CliAsAsync("other", "CONFIG", "SET", "requirepass", redis.Password);

        await one.ConnectedAsync();
    }

    [Fact]
    public async Task Stopping_leaves_no_connection_behind()
    {
        await using var redis = await RedisServer.UpAsync();
        var one = await RedisInstance.ConnectedAsync(redis);
        await BackplaneContract.ListenAsync(one.Listeners, Guid.NewGuid());
        await one.DisposeAsync();

        await Until.TrueAsync(
            async () => !(await redis.CliAsync("CLIENT", "LIST")).Contains("name=polls-", StringComparison.Ordinal),
            "no connection is left");
    }
}
