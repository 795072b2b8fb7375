using Polls.Api.Sessions;
using Polls.Tests.Servers;
using Polls.Tests.Sessions;

namespace Polls.Tests.Redis;

public sealed class RedisSessionsTests(SharedRedis redis) : SessionsContract, IClassFixture<SharedRedis>, IAsyncLifetime
{
    private RedisInstance instance = null!;

    protected override ISessions Sessions => instance.Sessions;

    [Fact]
    public async Task A_session_lives_for_an_hour()
    {
        var session = Opened("c1", "one");
        await Sessions.OpenAsync(session, default);

        long.Parse(await redis.Server.CliAsync("PTTL", Key(session.ParticipantId)), null)
            .ShouldBeInRange(3_500_000, 3_600_000);
    }

    public async Task InitializeAsync() => instance = await RedisInstance.ConnectedAsync(redis.Server);

    public async Task DisposeAsync() => await instance.DisposeAsync();

    protected override Task NearlyRunOutAsync(Guid participantId) =>
        redis.Server.CliAsync("PEXPIRE", Key(participantId), "30000");

    // Does not wait: everything that would expire within the next minute expires now.
    protected override async Task PassTheRestAsync(Guid participantId)
    {
        if (long.Parse(await redis.Server.CliAsync("PTTL", Key(participantId)), null) > 60_000) return;
        await redis.Server.CliAsync("PEXPIRE", Key(participantId), "1");
        await Until.TrueAsync(async () => await redis.Server.CliAsync("EXISTS", Key(participantId)) == "0", "the session expired");
    }

    private static string Key(Guid participantId) => $"polls:session:{participantId}";
}
