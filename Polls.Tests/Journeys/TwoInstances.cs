using System.Globalization;
using Polls.AppHost;
using Polls.Tests.Clients;

namespace Polls.Tests.Journeys;

/// <summary>Two real instances on real PostgreSQL and Redis, shared by the tests that break nothing.</summary>
public sealed class TwoInstances : IAsyncLifetime
{
    internal LocalCluster Cluster { get; private set; } = null!;

    internal TestApi A { get; private set; } = null!;

    internal TestApi B { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Cluster = await LocalCluster.StartNewAsync(new ClusterOptions { Throwaway = true, Instances = 2 });
        A = new TestApi(Cluster.Instances[0].Address);
        B = new TestApi(Cluster.Instances[1].Address);
    }

    /// <summary>What PostgreSQL says, as one number.</summary>
    internal async Task<long> CountAsync(string sql) =>
        long.Parse((await Cluster.Postgres.ExecuteAsync(sql)).Trim(), CultureInfo.InvariantCulture);

    /// <summary>The votes of a poll counted again from the votes themselves: voters, then marks per option.</summary>
    internal async Task<int[]> RecountAsync(Guid poll, int options)
    {
        var voters = await CountAsync($"SELECT count(*) FROM votes WHERE poll_id = '{poll}' AND cardinality(marks) > 0");
        var counts = new int[options + 1];
        counts[0] = (int)voters;
        for (var option = 0; option < options; option++)
        {
            counts[option + 1] = (int)await CountAsync(
                $"SELECT count(*) FROM votes, unnest(marks) AS mark WHERE poll_id = '{poll}' AND mark = {option}");
        }

        return counts;
    }

    public async Task DisposeAsync()
    {
        A.Dispose();
        B.Dispose();
        await Cluster.DisposeAsync();
    }
}

/// <summary>Tests that share the two instances.</summary>
[CollectionDefinition(nameof(TwoInstances))]
public sealed class TwoInstancesCollection : ICollectionFixture<TwoInstances>;
