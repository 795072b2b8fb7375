using Polls.AppHost;
using Polls.Core.Votes;

namespace Polls.Tests.Storage;

/// <summary>A PostgreSQL for tests that kill it; each leaves it running for the next.</summary>
public sealed class BreakablePostgres : IAsyncLifetime
{
    private LocalCluster cluster = null!;

    internal PostgresServer Server => cluster.Postgres;

    public async Task InitializeAsync()
    {
        cluster = await LocalCluster.StartNewAsync(new ClusterOptions { Throwaway = true, Instances = 0, RedisEnabled = false });
        await using var core = Core();
        await core.MigrateAsync();
    }

    internal TestCore Core(VoteOptions? votes = null) => new(Server.ConnectionString, votes);

    public async Task DisposeAsync() => await cluster.DisposeAsync();
}

/// <summary>Tests that kill one PostgreSQL, which run one after the other.</summary>
[CollectionDefinition(nameof(BreakablePostgres))]
public sealed class BreakablePostgresCollection : ICollectionFixture<BreakablePostgres>;
