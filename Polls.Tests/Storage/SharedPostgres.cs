using Npgsql;
using Polls.AppHost;
using Polls.Core.Rooms;
using Polls.Core.Votes;
using Polls.Tests.Servers;

namespace Polls.Tests.Storage;

/// <summary>One real PostgreSQL for all tests that do not break it, with a migrated database.</summary>
public sealed class SharedPostgres : IAsyncLifetime
{
    private int databases;

    internal LocalCluster Cluster { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Cluster = await LocalCluster.StartNewAsync(new ClusterOptions { Throwaway = true, Instances = 0, RedisEnabled = false });
        await using var core = Core();
        await core.MigrateAsync();
    }

    /// <summary>Another instance on the migrated database.</summary>
    internal TestCore Core(VoteOptions? votes = null, RoomOptions? rooms = null) =>
        new(Cluster.Postgres.ConnectionString, votes, rooms: rooms);

    /// <summary>The connection string of a new database without tables.</summary>
    internal async Task<string> EmptyDatabaseAsync()
    {
        var name = $"empty_{Interlocked.Increment(ref databases)}";
        await Cluster.Postgres.ExecuteAsync($"CREATE DATABASE {name} OWNER polls", role: "postgres");
        return new NpgsqlConnectionStringBuilder(Cluster.Postgres.ConnectionString) { Database = name }.ConnectionString;
    }

    /// <summary>An instance inside the test process, on the migrated database unless a setting names another.</summary>
    internal Task<InProcessInstance> InstanceAsync(params (string Name, string Value)[] settings) =>
        InProcessInstance.StartAsync([("ConnectionStrings:Polls", Cluster.Postgres.ConnectionString), .. settings]);

    /// <summary>The number of deadlocks that PostgreSQL has detected so far.</summary>
    internal int Deadlocks() =>
        File.ReadLines(Cluster.Postgres.LogPath).Count(line => line.Contains("deadlock detected", StringComparison.Ordinal));

    public async Task DisposeAsync() => await Cluster.DisposeAsync();
}

/// <summary>Tests that share one PostgreSQL.</summary>
[CollectionDefinition(nameof(SharedPostgres))]
public sealed class SharedPostgresCollection : ICollectionFixture<SharedPostgres>;
