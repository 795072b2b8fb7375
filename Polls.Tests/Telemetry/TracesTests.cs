using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Npgsql;
using Polls.Prove.Faults;
using Polls.Tests.Clients;
using Polls.Tests.Connections;
using Polls.Tests.Servers;

namespace Polls.Tests.Telemetry;

/// <summary>
/// One vote can be followed from the phone's call to the screens of another instance, in what a collector receives.
/// </summary>
[Collection(nameof(TracedInstances))]
public sealed class TracesTests(TracedInstances cluster)
{
    private const string Foreign = "0af7651916cd43dd8448eb211c80319c";
    private const string Sampled = $"00-{Foreign}-b7ad6b7169203331-01";

    [Fact]
    public async Task A_vote_on_the_hub_is_traced_to_the_screens_of_another_instance()
    {
        var (code, poll, voter, screen) = await cluster.MeetAsync();
        await using (voter)
        await using (screen)
        {
            var vote = await VoteUntilSentAsync(code, poll, screen, revision => voter.CastAsync(poll, revision, revision % 3));
            var call = await ParentOfAsync(vote);
            (call.Source, call.Instance, call.ParentId).ShouldBe(("Microsoft.AspNetCore.SignalR.Server", "api-1", ""));
            call.Name.ShouldEndWith("RoomHub/CastVote");
            await FollowAsync(vote, poll);

            // The connection lasts for hours; it has its own trace, to which the call links.
            await voter.DisposeAsync();
            var connection = await cluster.Collector.FindOneAsync("the connection", span => call.LinksTo(span));
            (connection.Name, connection.TraceId == call.TraceId).ShouldBe(("GET /hubs/room", false));
        }
    }

    [Fact]
    public async Task A_vote_over_HTTP_is_traced_in_the_same_way()
    {
        var (code, poll, voter, screen) = await cluster.MeetAsync();
        await using (voter)
        await using (screen)
        {
            var token = (await cluster.A.JoinAsync(code)).Token;
            var vote = await VoteUntilSentAsync(code, poll, screen, revision => cluster.A.VoteAsync(code, poll, token, revision, revision % 3));
            var request = await ParentOfAsync(vote);
            (request.Name, request.ParentId).ShouldBe(("PUT /api/rooms/{code}/polls/{pollId}/vote/", ""));
            request.Attributes["http.response.status_code"].ShouldBe("200");
            await FollowAsync(vote, poll);
        }
    }

    [Fact]
    public async Task Work_for_a_whole_room_is_not_in_the_trace_of_its_first_client()
    {
        var (code, poll, voter, screen) = await cluster.MeetAsync();
        await using (voter)
        await using (screen)
        {
            var entered = await cluster.Collector.FindAsync(
                "the screen's request", span => span.Instance == "api-2" && span.Name.EndsWith("OnConnectedAsync", StringComparison.Ordinal));
            entered.ShouldContain(enter => cluster.Collector.Spans.Any(span => span.IsChildOf(enter)), "the room was read for it");
            // The loop started by that request reads the room again.
            using var closed = await cluster.A.SendAsync(HttpMethod.Post, $"/api/rooms/{code}/close", cluster.HostToken, null);
            await Until.TrueAsync(() => screen.RoomClosed, "the screen receives it");
            await cluster.B.RefusalAsync(HttpMethod.Get, $"/api/rooms/{code}/state");
            await cluster.Collector.FindAsync("what came after", span => span.Instance == "api-2" && span.Name == "GET /api/rooms/{code}/state");
            foreach (var late in cluster.Collector.Spans.Where(span => span.Source == "Npgsql"))
            {
                cluster.Collector.Spans.ShouldNotContain(span => late.IsChildOf(span) && late.Start > span.End, $"{late} was recorded after its trace had ended");
            }
        }
    }

    [Fact]
    public async Task Callers_can_neither_join_a_trace_nor_choose_its_id()
    {
        var (code, poll, voter, screen) = await cluster.MeetAsync();
        await using (voter)
        await using (screen)
        {
            using var http = new HttpClient { BaseAddress = cluster.A.Address };
            http.DefaultRequestHeaders.Add("traceparent", Sampled);
            http.DefaultRequestHeaders.Add("tracestate", "a=b");
            http.DefaultRequestHeaders.Add("baggage", "who=me");
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await cluster.A.JoinAsync(code)).Token);
            (await http.PutAsJsonAsync($"/api/rooms/{code}/polls/{poll}/vote", new { choices = new[] { 0 }, revision = 1 })).IsSuccessStatusCode.ShouldBeTrue();
            await VoteAsync(poll);

            var token = (await cluster.A.JoinAsync(code)).Token;
            using var raw = await RawHubClient.ConnectAsync(
                new UriBuilder(cluster.A.Address) { Scheme = "ws", Path = "/hubs/room", Query = $"access_token={token}" }.Uri);
            await raw.SendAsync(
                $"{{\"type\":1,\"headers\":{{\"traceparent\":\"{Sampled}\"}},\"invocationId\":\"1\",\"target\":\"CastVote\","
                + $"\"arguments\":[\"{poll}\",{{\"choices\":[0],\"revision\":1}}]}}\u001e");
            await Until.TrueAsync(() => cluster.Collector.Spans.Count(span => IsOf(span, "vote", poll)) == 2, "both votes are traced");
            cluster.Collector.Spans.ShouldAllBe(span => span.TraceId != Foreign && span.Links.All(link => link.TraceId != Foreign));
        }
    }

    [Fact]
    public async Task Callers_cannot_have_their_requests_sampled()
    {
        await using var collector = await OtlpCollector.StartAsync();
        var instance = await cluster.Cluster.AddInstanceAsync(collector.Environment(sampleRatio: 0.000001));
        using var http = new HttpClient { BaseAddress = instance.Address };
        http.DefaultRequestHeaders.Add("traceparent", Sampled);
        for (var i = 0; i < 50; i++)
        {
            using var answer = await http.GetAsync(new Uri("/api/rooms/000000", UriKind.Relative));
            answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        }

        // A stopping instance pushes all remaining spans.
        await instance.StopAsync();
        collector.Spans.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_warning_within_a_request_has_the_trace_of_that_request()
    {
        await using var link = new FaultyLink(() => cluster.Cluster.Postgres.Port);
        var instance = await cluster.Cluster.AddInstanceAsync(new Dictionary<string, string>
        {
            ["ConnectionStrings__Polls"] = new NpgsqlConnectionStringBuilder(cluster.Cluster.Postgres.ConnectionString) { Port = link.Port }.ConnectionString,
        });
        using var api = new TestApi(instance.Address);
        var (room, poll) = await cluster.OpenRoomAsync();
        var voter = await api.JoinAsync(room.Code);
        await api.VoteAsync(room.Code, poll, voter.Token, 1, 0);
        link.Cut();
        (await api.RefusalAsync(HttpMethod.Post, "/api/rooms", body: new { title = "Another" })).ShouldBe((HttpStatusCode.ServiceUnavailable, "unavailable"));
        (await api.RefusalAsync(HttpMethod.Put, $"/api/rooms/{room.Code}/polls/{poll}/vote", voter.Token, new { choices = new[] { 1 }, revision = 2 }))
            .ShouldBe((HttpStatusCode.ServiceUnavailable, "unavailable"));

        var request = await cluster.Collector.FindOneAsync("the failed request", span => span.Name == "POST /api/rooms/" && span.IsError);
        var warning = LogLine.Parse(await File.ReadAllLinesAsync(instance.LogPath)).First(line => line.EventId == 2000);
        (warning.LogLevel, warning.InstanceId, warning.Span).ShouldBe(("Warning", instance.Name, (request.TraceId, request.Id)));
        (warning.Message.Length > 100, warning.Exception).ShouldBe((true, null), warning.Message);

        var vote = await cluster.Collector.FindOneAsync("the refused vote", span => span.Name == "vote" && span.IsError);
        vote.Attributes["polls.vote.outcome"].ShouldBe("unavailable");
        (await cluster.Collector.FindOneAsync("its batch", span => vote.LinksTo(span))).IsError.ShouldBeTrue();
        await instance.StopAsync();
    }

    [Fact]
    public async Task Health_checks_and_scrapes_are_not_traced()
    {
        var instance = cluster.Cluster.Instances[1];
        using var http = new HttpClient();
        foreach (var look in (Uri[])[new(instance.Address, "/health/ready"), new(instance.ManagementAddress, "/health"), new(instance.ManagementAddress, "/metrics")])
        {
            (await http.GetAsync(look)).IsSuccessStatusCode.ShouldBeTrue();
        }

        await cluster.B.RefusalAsync(HttpMethod.Get, "/api/rooms/000000/results.csv");
        await cluster.Collector.FindAsync("what came after", span => span.Instance == "api-2" && span.Name == "GET /api/rooms/{code}/results.csv");
        cluster.Collector.Spans.Where(span => span.Source == "Microsoft.AspNetCore" && span.Instance == "api-2").Select(span => span.Attributes.GetValueOrDefault("http.route"))
            .ShouldAllBe(route => route != null && !route.Contains("health"));
    }

    private Task<Span> VoteAsync(Guid poll) => cluster.Collector.FindOneAsync("the vote", span => IsOf(span, "vote", poll));

    /// <summary>
    /// Votes, and retries if a comparison with PostgreSQL was faster than the message, on either instance: then the
    /// tally reaches the screens without a trace, as docs/tracing.md says. Returns the traced vote, or the last of
    /// five.
    /// </summary>
    private async Task<Span> VoteUntilSentAsync(string code, Guid poll, RoomClient screen, Func<int, Task> castAsync)
    {
        for (var revision = 1; ; revision++)
        {
            await castAsync(revision);
            await cluster.ConvergedAsync(poll, 3, screen);
            await Until.TrueAsync(() => Votes().Count == revision, "the vote is traced");
            var (here, there) = (Looks("api-1"), Looks("api-2"));
            await cluster.A.StateAsync(code, cluster.HostToken);
            await cluster.B.StateAsync(code, cluster.HostToken);
            await Until.TrueAsync(() => Looks("api-1") > here && Looks("api-2") > there, "all earlier activity of the instances is traced");
            var vote = Votes().MaxBy(span => span.Start)!;
            var spans = cluster.Collector.Spans;
            if (revision == 5 || spans.Any(batch => vote.LinksTo(batch)
                && spans.Any(send => IsOf(send, "tally send", poll) && send.IsChildOf(batch))
                && spans.Any(publish => publish.Name == "tally publish" && publish.IsChildOf(batch)
                    && spans.Any(send => IsOf(send, "tally send", poll) && send.IsChildOf(publish)))))
            {
                return vote;
            }
        }

        List<Span> Votes() => [.. cluster.Collector.Spans.Where(span => IsOf(span, "vote", poll))];

        int Looks(string instance) => cluster.Collector.Spans.Count(span => span.Instance == instance && span.Name == "GET /api/rooms/{code}/state");
    }

    private Task<Span> ParentOfAsync(Span child) => cluster.Collector.FindOneAsync($"the parent of {child.Name}", span => child.IsChildOf(span));

    /// <summary>From the vote through its link to the batch, and from there to its child spans.</summary>
    private async Task FollowAsync(Span vote, Guid poll)
    {
        (vote.Attributes["polls.vote.outcome"], vote.IsError).ShouldBe(("accepted", false));
        var batch = await cluster.Collector.FindOneAsync("the batch", span => vote.LinksTo(span));
        (batch.Name, batch.Instance, batch.ParentId, batch.IsError).ShouldBe(("votes commit", vote.Instance, "", false));
        batch.LinksTo(vote).ShouldBeTrue();
        batch.Attributes["polls.batch.size"].ShouldBe("1");

        await cluster.Collector.FindOneAsync("its statement", span => span.IsChildOf(batch) && span.Source == "Npgsql"
            && span.Attributes.GetValueOrDefault("db.query.text", "").Contains("cast_votes_v1", StringComparison.Ordinal));
        var publish = await cluster.Collector.FindOneAsync("its publishing", span => span.IsChildOf(batch) && span.Name == "tally publish");
        publish.Instance.ShouldBe(vote.Instance);
        var away = await cluster.Collector.FindOneAsync("the send on the other instance", span => IsOf(span, "tally send", poll) && span.IsChildOf(publish));
        away.Instance.ShouldNotBe(vote.Instance);
        away.Attributes["polls.connections"].ShouldBe("1");
        var here = await cluster.Collector.FindOneAsync("the send on the same instance", span => IsOf(span, "tally send", poll) && span.IsChildOf(batch));
        here.Instance.ShouldBe(vote.Instance);
    }

    private static bool IsOf(Span span, string name, Guid poll) => span.Name == name && span.Attributes.GetValueOrDefault("polls.poll.id") == poll.ToString();
}
