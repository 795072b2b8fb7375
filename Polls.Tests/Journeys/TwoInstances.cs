using System.Globalization;
using Polls.Api.Rooms;
using Polls.AppHost;
using Polls.Core.RoomPolls;
using Polls.Tests.Clients;
using Polls.Tests.Servers;

namespace Polls.Tests.Journeys;

/// <summary>Two real instances on real PostgreSQL and Redis, shared by tests that break nothing.</summary>
public class TwoInstances : IAsyncLifetime
{
    internal LocalCluster Cluster { get; private set; } = null!;

    private protected virtual ClusterOptions Options { get; } = new() { Throwaway = true, Instances = 2 };

    internal TestApi A { get; private set; } = null!;

    internal TestApi B { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Cluster = await LocalCluster.StartNewAsync(Options);
        A = new TestApi(Addresses[0]);
        B = new TestApi(Addresses[^1]);
    }

    /// <summary>The addresses that clients can connect to now.</summary>
    internal virtual IReadOnlyList<Uri> Addresses =>
        [.. Cluster.Instances.Where(instance => instance.IsRunning).Select(instance => instance.Address)];

    /// <summary>A single number from PostgreSQL.</summary>
    internal async Task<long> CountAsync(string sql) =>
        long.Parse((await Cluster.Postgres.ExecuteAsync(sql)).Trim(), CultureInfo.InvariantCulture);

    /// <summary>A room with one open poll of three options.</summary>
    internal async Task<(CreatedRoom Room, Guid Poll)> OpenRoomAsync(PollSettings? settings = null)
    {
        var room = await A.CreateRoomAsync(TestApi.Draft(settings: settings));
        var poll = (await A.StateAsync(room.Code, room.HostToken)).Polls[0].Id;
        await A.DoAsync(room, poll, "open");
        return (room, poll);
    }

    /// <summary>
    /// A text of all stored rows, except when a host was last seen and who has connected. Equal texts mean that nothing was added, changed or
    /// deleted.
    /// </summary>
    internal async Task<string> StoredAsync() => (await Cluster.Postgres.ExecuteAsync(
        """
        SELECT string_agg(tablename || ' ' || (xpath('//rows/text()', query_to_xml(
            'SELECT md5(string_agg((to_jsonb(t) - ''host_seen_at'' - ''connected'')::text, '''' ORDER BY to_jsonb(t)::text)) AS rows FROM ' || quote_ident(tablename) || ' t',
            true, false, '')))[1]::text, ', ' ORDER BY tablename)
        FROM pg_tables WHERE schemaname = 'public'
        """)).Trim();

    /// <summary>The stored tally: number of voters, then counts per option.</summary>
    internal Task<int[]> TallyAsync(Guid poll) =>
        NumbersAsync($"SELECT array_to_string(voters || counts, ' ') FROM tallies WHERE poll_id = '{poll}'");

    /// <summary>
    /// Asserts, after voting has stopped, that the stored tally, the recount and all of these screens agree.
    /// </summary>
    internal async Task ConvergedAsync(Guid poll, int options, params RoomClient[] screens)
    {
        var recount = await RecountAsync(poll, options);
        (await TallyAsync(poll)).ShouldBe(recount);
        await Until.TrueAsync(
            () => screens.All(screen => screen.Tallies.TryGetValue(poll, out var tally) && recount.SequenceEqual([tally.Voters, .. tally.Counts])),
            $"every screen shows {string.Join(' ', recount)}");
    }

    /// <summary>As if everybody had joined the room long enough ago to have connected.</summary>
    internal Task<string> JoinedBeforeAsync(CreatedRoom room) => Cluster.Postgres.ExecuteAsync(
        $"UPDATE participants SET joined_at = joined_at - interval '1 minute' WHERE room_id = '{room.RoomId}'");

    /// <summary>The votes of a poll recounted from the vote rows: number of voters, then marks per option.</summary>
    internal Task<int[]> RecountAsync(Guid poll, int options)
    {
        var marks = Enumerable.Range(0, options).Select(
            option => $", (SELECT count(*) FROM votes, unnest(marks) AS mark WHERE poll_id = '{poll}' AND mark = {option})");
        return NumbersAsync(
            $"SELECT concat_ws(' ', (SELECT count(*) FROM votes WHERE poll_id = '{poll}' AND (cardinality(marks) > 0 OR keys IS NOT NULL)){string.Concat(marks)})");
    }

    /// <summary>
    /// Takes the poll's votes back as the restore of an older backup does while the server runs: the rows are replaced,
    /// and the tally's version is lower than before.
    /// </summary>
    internal Task ForgetVotesAsync(Guid poll) => Cluster.Postgres.ExecuteAsync(
        $"""
        BEGIN;
        CREATE TEMPORARY TABLE backup ON COMMIT DROP AS SELECT * FROM tallies;
        TRUNCATE tallies;
        INSERT INTO tallies SELECT * FROM backup;
        DELETE FROM votes WHERE poll_id = '{poll}';
        UPDATE tallies SET version = 0, voters = 0, counts = array_fill(0, ARRAY[cardinality(counts)]) WHERE poll_id = '{poll}';
        COMMIT
        """);

    private async Task<int[]> NumbersAsync(string sql) =>
        [.. (await Cluster.Postgres.ExecuteAsync(sql)).Trim().Split(' ').Select(number => int.Parse(number, CultureInfo.InvariantCulture))];

    /// <summary>Resources to dispose of before the cluster.</summary>
    private protected virtual ValueTask EndAsync() => ValueTask.CompletedTask;

    public async Task DisposeAsync()
    {
        await EndAsync();
        A.Dispose();
        B.Dispose();
        await Cluster.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}

/// <summary>Tests that share the two instances.</summary>
[CollectionDefinition(nameof(TwoInstances))]
public sealed class TwoInstancesCollection : ICollectionFixture<TwoInstances>;
