using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Polls.AppHost;
using Polls.Tests.Journeys;
using Polls.Tests.Servers;

namespace Polls.Tests.Telemetry;

/// <summary>Two instances without other clients, whose housekeeping runs every second.</summary>
public sealed class TwoWatchedInstances : TwoInstances
{
    private protected override ClusterOptions Options { get; } = new()
    {
        Throwaway = true,
        Instances = 2,
        ApiEnvironment = new Dictionary<string, string> { ["Housekeeping__IntervalSeconds"] = "1", ["DOTNET_GCHeapHardLimit"] = "0x30000000" },
    };
}

/// <summary>
/// What two instances report to Prometheus about a real session is valid, correct, documented and without personal
/// data.
/// </summary>
public sealed partial class MetricsJourneyTests(TwoWatchedInstances cluster) : IClassFixture<TwoWatchedInstances>
{
    private const int Voters = 10;
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(20) };

    [Fact]
    public async Task Promtool_reports_no_problem()
    {
        await VoteAsync();
        foreach (var instance in cluster.Cluster.Instances)
        {
            var page = await Scrape.OfAsync(instance.ManagementAddress);
            // Framework metrics have names that we do not choose: some gauges end in "count".
            (await Promtool.CheckMetricsAsync(page.Text))
                .Where(complaint => !FrameworkName().IsMatch(complaint) || !complaint.Contains("\"_count\" suffix", StringComparison.Ordinal)).ShouldBeEmpty();
            page.Families.ShouldBeUnique();
        }
    }

    [Fact]
    public async Task The_documentation_lists_exactly_the_existing_metrics()
    {
        await VoteAsync();
        var documented = DocumentedMetrics.Read();
        var page = await Scrape.OfAsync(cluster.Cluster.Instances[0].ManagementAddress);
        // The duration of connections appears shortly after the first ones have closed.
        await Until.TrueAsync(
            async () => documented.Always.All((page = await Scrape.OfAsync(cluster.Cluster.Instances[0].ManagementAddress)).Families.Contains),
            () => $"/metrics has all that docs/metrics.md lists; missing: {string.Join(", ", documented.Always.Except(page.Families))}");
        page.Families.Except(documented.Always).Except(documented.AfterFirstEvent).ShouldBeEmpty("in /metrics, but not in docs/metrics.md");
        page.LabelNames.Except(documented.Labels).ShouldBeEmpty("labels that docs/metrics.md does not list");
    }

    [Fact]
    public async Task Every_loop_rule_and_event_that_is_known_beforehand_starts_at_0()
    {
        var page = await Scrape.OfAsync(cluster.Cluster.Instances[0].ManagementAddress);
        var documented = Repository.Read("docs/metrics.md");
        var loops = Values("polls_loop_failures_total");
        loops.ShouldBe(
            ["attendance", "backplaneHandler", "housekeeping", "liveRoom", "pollTimer", "presence", "redisConnection", "redisResync", "roomPublisher", "roomSync", "sessionJournal", "voteWriter"]);
        loops.ShouldAllBe(loop => documented.Contains($"`{loop}`"));
        Values("polls_broadcasts_total").ShouldBe(["closed", "myVotes", "poll", "presence", "state", "tally"]);
        Values("polls_rate_limited_total").ShouldContain("wrongCode");
        Values("polls_redis_failures_total").ShouldContain("timed out");

        string[] Values(string name) =>
            [.. page.Series.Where(series => series.Name.StartsWith(name, StringComparison.Ordinal)).Select(series => series.Name.Split('"')[1]).Order()];
    }

    [Fact]
    public async Task Accepted_votes_are_the_rows_that_were_committed()
    {
        var (room, poll) = await cluster.OpenRoomAsync();
        await using var crowd = await Crowd.JoinAsync(cluster, room, Voters);
        var before = await VotesAsync();
        await crowd.VoteAsync(poll, options: 3, rounds: 1);
        (await VotesAsync() - before).ShouldBe(new Votes { Accepted = await cluster.CountAsync($"SELECT count(*) FROM votes WHERE poll_id = '{poll}'") });

        // Every voter changes the vote twice, each time with the next revision; one repeats a vote and sends an old
        // one.
        await crowd.VoteAsync(poll, options: 3, rounds: 2);
        await crowd.Voters[0].Client.CastAsync(poll, 3, 0);
        await crowd.Voters[0].Client.CastAsync(poll, 2, 0);
        (await crowd.Voters[0].Client.RefusalAsync("CastVote", poll, new { choices = new[] { 7 }, revision = 4 })).ShouldBe("vote.badChoice");
        await cluster.A.DoAsync(room, poll, "close");
        (await crowd.Voters[1].Client.RefusalAsync("CastVote", poll, new { choices = new[] { 0 }, revision = 4 })).ShouldBe("poll.notOpen");
        (await VotesAsync() - before).ShouldBe(new Votes
        {
            Accepted = await cluster.CountAsync($"SELECT sum(revision) FROM votes WHERE poll_id = '{poll}'"),
            Repeated = 1,
            Superseded = 1,
            BadChoice = 1,
            PollNotOpen = 1,
        });
    }

    [Fact]
    public async Task Connections_participants_batches_and_lags_match_the_session()
    {
        var (room, poll) = await cluster.OpenRoomAsync();
        var before = await ScrapesAsync();
        await using (var crowd = await Crowd.JoinAsync(cluster, room, Voters))
        {
            // Half of the voters on each instance, and the host or the screen.
            await UntilAsync(pages => pages.All(page => page["websocket_connections_current"] == (Voters / 2) + 1), "connections are counted");
            await UntilAsync(pages => pages.All(page => page["polls_participants_live"] == Voters / 2), "participants are counted");
            await crowd.VoteAsync(poll, options: 3, rounds: 5);
            await cluster.ConvergedAsync(poll, 3, crowd.Screens);
        }

        await UntilAsync(pages => pages.All(page => page["websocket_connections_current"] == 0), "all connections are closed");
        var after = await ScrapesAsync();
        for (var i = 0; i < 2; i++)
        {
            Rise(i, "polls_vote_duration_seconds_count").ShouldBe(Voters / 2 * 5);
            Rise(i, "polls_vote_batch_size_sum").ShouldBe(Voters / 2 * 5);
            Rise(i, "polls_vote_batch_duration_seconds_count").ShouldBe(Rise(i, "polls_vote_batch_size_count"));
            Rise(i, "polls_tally_send_lag_seconds_count").ShouldBeGreaterThan(0);
            Rise(i, "polls_tally_screen_lag_seconds_count").ShouldBe(Rise(i, "polls_tally_send_lag_seconds_count"));
            Rise(i, "polls_tally_screen_lag_seconds_sum").ShouldBeGreaterThan(Rise(i, "polls_tally_send_lag_seconds_sum"));
            Rise(i, "polls_backplane_sent_total").ShouldBeGreaterThan(0);
            after[i]["polls_vote_queue_limit"].ShouldBe(10_000);
            after[i]["polls_vote_queue_depth"].ShouldBe(0);
            after[i]["polls_vote_queue_fullest"].ShouldBe(0);
            // A version of the tally is sent, skipped for a newer one, or included in the room's state.
            (Rise(i, "polls_broadcasts_total", "event=\"tally\"") + Rise(i, "polls_broadcasts_conflated_total"))
                .ShouldBeInRange(1, await cluster.CountAsync($"SELECT version FROM tallies WHERE poll_id = '{poll}'"));
        }

        double Rise(int instance, string name, string labels = "") => after[instance][name, labels] - before[instance][name, labels];
    }

    [Fact]
    public async Task No_room_poll_or_person_is_in_a_label()
    {
        var (room, poll) = await VoteAsync();
        var page = await Scrape.OfAsync(cluster.Cluster.Instances[0].ManagementAddress);
        // The product's version has digits.
        var names = page.Series.Select(series => series.Name).Where(name => !name.StartsWith("target_info", StringComparison.Ordinal)).ToList();
        names.ShouldAllBe(name => !name.Contains(room) && !name.Contains("Voter") && !IdPattern().IsMatch(name));
        names.ShouldContain(name => name.Contains("route=\"/api/rooms/{code}/"));
    }

    [Fact]
    public async Task Requests_are_counted_by_route_and_status_and_connections_are_not_timed()
    {
        var instance = cluster.Cluster.Instances[0];
        await VoteAsync();
        (await StatusAsync(instance.Address, "/api/rooms/000000")).ShouldBe(HttpStatusCode.NotFound);
        using var broken = new StringContent("{", Encoding.UTF8, "application/json");
        (await Http.PostAsync(new Uri(instance.Address, "/api/rooms"), broken)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        using var strange = new HttpRequestMessage(new HttpMethod("SCHEHERAZADE"), new Uri(instance.Address, "/api/rooms/000000"));
        using var refused = await Http.SendAsync(strange);
        // Request metrics are updated shortly after the response.
        Scrape page = null!;
        await Until.TrueAsync(
            async () => (page = await Scrape.OfAsync(instance.ManagementAddress))["http_requests_total", "route=\"/hubs/room\""] > 0
                && page["http_requests_total", "code=\"404\",method=\"GET\",route=\"/api/rooms/{code}\""] > 0
                && page["http_requests_total", "code=\"400\",method=\"POST\",route=\"/api/rooms/\""] > 0,
            () => $"the connections and the refusals are counted in {page.Text}");
        page.Text.ShouldNotContain("SCHEHERAZADE");
        page["http_request_duration_seconds_count", "code=\"404\",method=\"GET\",route=\"/api/rooms/{code}\""].ShouldBeGreaterThan(0);
        page["http_request_duration_seconds_count", "route=\"/hubs/room\""].ShouldBe(0);
        page["http_requests_total", "route=\"/metrics"].ShouldBe(0);
    }

    [Fact]
    public async Task Housekeeping_metrics_show_which_instance_did_the_work()
    {
        await UntilAsync(
            pages => pages.All(page => page["polls_housekeeping_turns_total"] > 0) && pages.Any(page => page["polls_housekeeping_leader"] == 1),
            "both had a turn and one of them did the work");
        (await ScrapesAsync()).Sum(page => page["polls_housekeeping_turns_total", "outcome=\"led\""]).ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task The_heap_limit_is_the_one_set_for_the_runtime() =>
        (await ScrapesAsync()).ShouldAllBe(page => page["polls_heap_limit_bytes"] == 0x30000000);

    [Fact]
    public async Task An_outage_of_Redis_shows_as_degraded()
    {
        await UntilAsync(pages => pages.All(page => page["polls_redis_up"] == 1 && page["polls_degraded"] == 0), "both stores are available");
        var before = await ScrapesAsync();
        await cluster.Cluster.Redis!.KillAsync();
        await UntilAsync(
            pages => pages.All(page => page["polls_redis_up"] == 0 && page["polls_degraded", "part=\"redis\""] == 1), "Redis is reported unavailable");
        await cluster.Cluster.Redis.StartAsync();
        await UntilAsync(pages => pages.All(page => page["polls_redis_up"] == 1 && page["polls_degraded"] == 0), "both stores are available again");
        (await ScrapesAsync()).Zip(before).ShouldAllBe(pair => pair.First["polls_redis_reconnects_total"] == pair.Second["polls_redis_reconnects_total"] + 1);
    }

    [Theory]
    [InlineData("/metrics", HttpStatusCode.OK)]
    [InlineData("/health", HttpStatusCode.OK)]
    [InlineData("/health/live", HttpStatusCode.OK)]
    [InlineData("/health/ready", HttpStatusCode.OK)]
    [InlineData("/healthy", HttpStatusCode.NotFound)]
    [InlineData("/metrics/x", HttpStatusCode.NotFound)]
    [InlineData("/", HttpStatusCode.NotFound)]
    [InlineData("/host", HttpStatusCode.NotFound)]
    [InlineData("/openapi/v1.json", HttpStatusCode.NotFound)]
    [InlineData("/api/rooms/123456", HttpStatusCode.NotFound)]
    [InlineData("/hubs/room", HttpStatusCode.NotFound)]
    public async Task The_management_port_answers_health_and_metrics_only(string path, HttpStatusCode expected)
    {
        var instance = cluster.Cluster.Instances[0];
        (await StatusAsync(instance.ManagementAddress, path)).ShouldBe(expected);
        // The Host header does not matter.
        (await StatusAsync(instance.ManagementAddress, path, host: instance.Address.Authority)).ShouldBe(expected);
    }

    [Theory]
    [InlineData("/metrics")]
    [InlineData("/Metrics")]
    [InlineData("//metrics")]
    [InlineData("/metrics/")]
    [InlineData("/health/../metrics")]
    [InlineData("/%6Detrics")]
    public async Task The_public_port_has_no_metrics_whatever_the_Host_header_says(string path)
    {
        var instance = cluster.Cluster.Instances[0];
        (await StatusAsync(instance.Address, path)).ShouldBe(HttpStatusCode.NotFound);
        (await StatusAsync(instance.Address, path, host: instance.ManagementAddress.Authority)).ShouldBe(HttpStatusCode.NotFound);
        (await StatusAsync(instance.Address, "/health/live", host: instance.ManagementAddress.Authority)).ShouldBe(HttpStatusCode.OK);
    }

    [GeneratedRegex("^(system_runtime|npgsql)_")]
    private static partial Regex FrameworkName();

    [GeneratedRegex("[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}", RegexOptions.IgnoreCase)]
    private static partial Regex IdPattern();

    private static async Task<HttpStatusCode> StatusAsync(Uri address, string path, string? host = null)
    {
        // Unchanged: a client would normalise it.
        var target = new Uri(address.OriginalString + path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        using var request = new HttpRequestMessage(HttpMethod.Get, target);
        if (host is not null)
        {
            request.Headers.Host = host;
            request.Headers.Add("X-Forwarded-Host", host);
            request.Headers.Add("X-Forwarded-Port", host.Split(':')[1]);
        }

        using var response = await Http.SendAsync(request);
        return response.StatusCode;
    }

    /// <summary>Several votes on both instances, and the requests around them.</summary>
    private async Task<(string Code, Guid Poll)> VoteAsync()
    {
        var (room, poll) = await cluster.OpenRoomAsync();
        await using var crowd = await Crowd.JoinAsync(cluster, room, Voters);
        await crowd.VoteAsync(poll, options: 3, rounds: 3);
        await cluster.ConvergedAsync(poll, 3, crowd.Screens);
        await UntilAsync(pages => pages.All(page => page["polls_tally_send_lag_seconds_count"] > 0), "both have sent tallies");
        return (room.Code, poll);
    }

    private async Task<Votes> VotesAsync()
    {
        var pages = await ScrapesAsync();
        return new()
        {
            Accepted = Sum("accepted"), Repeated = Sum("repeated"), Superseded = Sum("superseded"), BadChoice = Sum("badChoice"),
            PollNotOpen = Sum("pollNotOpen"), Others = pages.Sum(page => page["polls_votes_total"]) - Sum("accepted") - Sum("repeated")
                - Sum("superseded") - Sum("badChoice") - Sum("pollNotOpen"),
        };

        double Sum(string outcome) => pages.Sum(page => page["polls_votes_total", $"outcome=\"{outcome}\""]);
    }

    private Task<Scrape[]> ScrapesAsync() =>
        Task.WhenAll(cluster.Cluster.Instances.Select(instance => Scrape.OfAsync(instance.ManagementAddress)));

    private Task UntilAsync(Func<Scrape[], bool> condition, string what) => Until.TrueAsync(async () => condition(await ScrapesAsync()), what);

    private sealed record Votes
    {
        public double Accepted { get; init; }

        public double Repeated { get; init; }

        public double Superseded { get; init; }

        public double BadChoice { get; init; }

        public double PollNotOpen { get; init; }

        public double Others { get; init; }

        public static Votes operator -(Votes after, Votes before) => new()
        {
            Accepted = after.Accepted - before.Accepted, Repeated = after.Repeated - before.Repeated,
            Superseded = after.Superseded - before.Superseded, BadChoice = after.BadChoice - before.BadChoice,
            PollNotOpen = after.PollNotOpen - before.PollNotOpen, Others = after.Others - before.Others,
        };
    }
}
