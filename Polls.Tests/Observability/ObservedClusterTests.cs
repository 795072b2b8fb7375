using System.Text.RegularExpressions;
using Npgsql;
using Polls.Tests.Clients;
using Polls.Tests.Journeys;
using Polls.Tests.Servers;

namespace Polls.Tests.Observability;

/// <summary>
/// A real Prometheus, two real instances and a real session: the queries of dashboards and rules return data, and the
/// data is correct.
/// </summary>
public sealed partial class ObservedClusterTests(ObservedInstances cluster) : IClassFixture<ObservedInstances>
{
    private const int Voters = 10;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    [Fact]
    public async Task Every_query_of_every_panel_returns_data()
    {
        using var stop = new CancellationTokenSource();
        var session = SessionAsync(stop.Token);
        try
        {
            await SeesBothAsync();
            await OpenConnectionsAsync();
            var queries = Dashboard.All.SelectMany(dashboard => dashboard.Queries).ToList();
            queries.Count.ShouldBeGreaterThan(100);
            // A zero that the query itself adds as a default proves nothing.
            var blank = queries.Select(query => query with { Query = Happens(query.Query) ? Fallback().Replace(query.Query, "") : query.Query }).ToList();
            await Until.TrueAsync(
                async () =>
                {
                    session.IsFaulted.ShouldBeFalse(session.Exception?.ToString());
                    blank = await BlankAsync(blank);
                    return blank.Count == 0;
                },
                () => "these return data too:\n" + string.Join('\n', blank.Select(query => $"{query.Panel}: {query.Query}")),
                Limit);
        }
        finally
        {
            await stop.CancelAsync();
            await session;
        }
    }

    [Fact]
    public async Task Every_metric_that_a_rule_or_a_dashboard_names_exists()
    {
        using var stop = new CancellationTokenSource();
        var session = SessionAsync(stop.Token);
        try
        {
            var named = Rules.Records.Concat(Rules.Alerts).Select(rule => rule.Expression)
                .Concat(Dashboard.All.SelectMany(dashboard => dashboard.Queries.Select(query => query.Query).Concat(dashboard.Marks)))
                .SelectMany(Promql.Metrics).Distinct().ToList();
            named.Count.ShouldBeGreaterThan(40);
            named.Where(name => !KnownMetrics.Contains(name)).ShouldBeEmpty("neither documented nor recorded");

            List<string> missing = [];
            await Until.TrueAsync(
                async () =>
                {
                    var there = await cluster.Prometheus.LabelValuesAsync("__name__");
                    missing = [.. named.Where(name => !KnownMetrics.AfterFirstEvent(name)).Except(there)];
                    return missing.Count == 0;
                },
                () => $"these exist: {string.Join(' ', missing)}",
                Limit);
        }
        finally
        {
            await stop.CancelAsync();
            await session;
        }
    }

    [Fact]
    public async Task Every_rule_of_the_repository_is_loaded_and_none_fails()
    {
        IReadOnlyList<(string Name, string Health, string Error)> rules = [];
        await Until.TrueAsync(
            async () => (rules = await cluster.Prometheus.RulesAsync()).Count > 0 && rules.All(rule => rule.Health != "unknown"), "every rule was evaluated");
        rules.Select(rule => rule.Name).ShouldBe(Rules.Records.Concat(Rules.Alerts).Select(rule => rule.Name), ignoreOrder: true);
        rules.Where(rule => rule.Health != "ok").ShouldBeEmpty();
    }

    [Fact]
    public async Task Accepted_votes_are_the_receipts_and_what_PostgreSQL_committed()
    {
        const string Accepted = "sum(polls_votes_total{outcome=\"accepted\"})";
        await SeesBothAsync();
        // Each voter's revision increases by one with each vote, so its highest revision is the number of its committed
        // votes.
        const string Committed = "SELECT coalesce(sum(revision), 0) FROM votes";
        await Until.TrueAsync(async () => await cluster.Prometheus.ValueAsync(Accepted) == await cluster.CountAsync(Committed), "all earlier votes are scraped");
        var before = await cluster.CountAsync(Committed);

        var (room, poll) = await cluster.OpenRoomAsync();
        await using var crowd = await Crowd.JoinAsync(cluster, room, Voters);
        await crowd.VoteAsync(poll, options: 3, rounds: 7);
        await RefusedAsync(crowd, poll);
        await crowd.ReceiptsAreStoredAsync(poll);

        crowd.Receipts.Count.ShouldBe(Voters * 7);
        (await cluster.CountAsync(Committed)).ShouldBe(before + crowd.Receipts.Count);
        await Until.TrueAsync(async () => await cluster.Prometheus.ValueAsync(Accepted) == before + crowd.Receipts.Count, "Prometheus has counted all of them");
        // It stays at that value: refused votes are not included.
        var scrapes = await ScrapesAsync();
        await Until.TrueAsync(async () => await ScrapesAsync() >= scrapes + 4, "both instances have been scraped twice more");
        (await cluster.Prometheus.ValueAsync(Accepted)).ShouldBe(before + crowd.Receipts.Count);
    }

    [Fact]
    public async Task A_new_instance_is_scraped_and_a_killed_one_is_reported_until_it_is_back()
    {
        await SeesBothAsync();
        var instance = await cluster.Cluster.AddInstanceAsync();
        var name = instance.ManagementAddress.Authority;
        await Until.TrueAsync(async () => (await cluster.Prometheus.TargetsAsync()).GetValueOrDefault(name) == "up", "the new instance is scraped");
        (await ReportedAsync()).ShouldNotContain(name);

        await instance.KillAsync();
        await Until.TrueAsync(async () => (await ReportedAsync()).SequenceEqual([name]), "InstanceDown fires for the killed instance, and only for it");

        await instance.StartAsync();
        await Until.TrueAsync(async () => (await ReportedAsync()).Count == 0, "InstanceDown has ended");
    }

    /// <summary>The instances for which InstanceDown fires.</summary>
    private async Task<IReadOnlyList<string>> ReportedAsync() =>
        [.. (await cluster.Prometheus.AlertsAsync()).Where(alert => alert is { Name: "InstanceDown", State: "firing" }).Select(alert => alert.Instance)];

    private Task SeesBothAsync() => Until.TrueAsync(
        async () => (await cluster.Prometheus.TargetsAsync()).Count(target => target.Value == "up") >= 2, "Prometheus sees both instances");

    private async Task<double> ScrapesAsync() => await cluster.Prometheus.ValueAsync("sum(count_over_time(up[1h]))");

    /// <summary>The queries that return no number, evaluated like Grafana does.</summary>
    private async Task<List<(string Panel, string Query)>> BlankAsync(IEnumerable<(string Panel, string Query)> queries)
    {
        // The values of the variable "instance", which Grafana inserts into the pattern.
        var instances = await cluster.Prometheus.LabelValuesAsync(
            "instance", InstancesOf().Match(Dashboard.All.Select(dashboard => dashboard.Instances).Distinct().ShouldHaveSingleItem()).Groups[1].Value);
        var pattern = $"({string.Join('|', instances.Select(instance => Regex.Escape(instance).Replace("\\", "\\\\", StringComparison.Ordinal)))})";
        List<(string Panel, string Query)> blank = [];
        foreach (var (panel, query) in queries)
        {
            var asked = query.Replace("$__rate_interval", "1m", StringComparison.Ordinal).Replace("$__range", "1h", StringComparison.Ordinal)
                .Replace("$instance", pattern, StringComparison.Ordinal);
            Variable().IsMatch(asked).ShouldBeFalse($"{panel} has a variable without a value: {asked}");
            if (!(await cluster.Prometheus.QueryAsync(asked)).Any(sample => double.IsFinite(sample.Value)))
            {
                blank.Add((panel, query));
            }
        }

        return blank;
    }

    /// <summary>
    /// Whether the query returns data in a normal session, without a stopped instance or a server error.
    /// </summary>
    private static bool Happens(string query) =>
        !Promql.Metrics(query).Any(KnownMetrics.AfterFirstEvent) && !query.Contains("\"5..\"", StringComparison.Ordinal) && !query.Contains("== 0", StringComparison.Ordinal);

    /// <summary>
    /// A typical session, until it is stopped: votes on both instances, over the hub and over HTTP, some refused.
    /// </summary>
    private async Task SessionAsync(CancellationToken stop)
    {
        var (room, poll) = await cluster.OpenRoomAsync();
        await using var crowd = await Crowd.JoinAsync(cluster, room, Voters);
        var phone = await cluster.A.JoinAsync(room.Code);
        for (var revision = 1; !stop.IsCancellationRequested; revision++)
        {
            await crowd.VoteAsync(poll, options: 3, rounds: 1);
            await cluster.A.VoteAsync(room.Code, poll, phone.Token, revision, revision % 3);
            await RefusedAsync(crowd, poll);
            await using (await RoomClient.ConnectAsync((revision % 2 == 0 ? cluster.A : cluster.B).Address, phone.Token))
            {
                // Connects and disconnects.
            }

            await Task.Delay(200, CancellationToken.None);
        }

        await cluster.ConvergedAsync(poll, 3, crowd.Screens);
    }

    /// <summary>
    /// Makes an instance open more connections to PostgreSQL than it has, whatever the tests before needed: many requests
    /// wait for a lock, each with a connection of its own.
    /// </summary>
    private async Task OpenConnectionsAsync()
    {
        const string Waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'";
        await using var other = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(cluster.Cluster.Postgres.ConnectionString) { Pooling = false });
        await using var connection = await other.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var locking = new NpgsqlCommand("LOCK TABLE rooms IN ACCESS EXCLUSIVE MODE", connection);
        await locking.ExecuteNonQueryAsync();
        // Lookups of the same code would share a connection.
        var requests = Enumerable.Range(0, 20).Select(i => cluster.A.RefusalAsync(HttpMethod.Get, $"/api/rooms/{i:000000}")).ToList();
        await Until.TrueAsync(async () => await cluster.CountAsync(Waiting) >= 15, "requests hold fifteen connections");
        await transaction.RollbackAsync();
        (await Task.WhenAll(requests)).ShouldAllBe(answer => answer.Code == "room.notFound");
    }

    private async Task RefusedAsync(Crowd crowd, Guid poll)
    {
        (await crowd.Voters[0].Client.RefusalAsync("CastVote", poll, new { choices = new[] { 7 }, revision = 1_000_000 })).ShouldBe("vote.badChoice");
        (await crowd.Voters[1].Client.RefusalAsync("CastVote", Guid.NewGuid(), new { choices = new[] { 0 }, revision = 1_000_000 })).ShouldBe("poll.notFound");
        (await cluster.B.RefusalAsync(HttpMethod.Get, "/api/rooms/000000")).Code.ShouldBe("room.notFound");
    }

    [GeneratedRegex(@"^label_values\((.+), instance\)$")]
    private static partial Regex InstancesOf();

    [GeneratedRegex(""" or (?:vector\(0\)|on \(\) label_replace\(vector\(0\)(?:, "[^"]*"){4}\))""")]
    private static partial Regex Fallback();

    [GeneratedRegex(@"\$\{?\w")]
    private static partial Regex Variable();
}
