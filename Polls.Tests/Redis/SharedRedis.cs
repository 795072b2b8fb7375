using Polls.Tests.Servers;

namespace Polls.Tests.Redis;

/// <summary>One server for the tests of a class.</summary>
public sealed class SharedRedis : IAsyncLifetime
{
    public RedisServer Server { get; private set; } = null!;

    public async Task InitializeAsync() => Server = await RedisServer.UpAsync();

    public async Task DisposeAsync() => await Server.DisposeAsync();
}
