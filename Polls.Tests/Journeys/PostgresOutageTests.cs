using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Polls.Tests.Clients;
using Polls.Tests.Connections;
using Polls.Tests.Servers;

namespace Polls.Tests.Journeys;

/// <summary>
/// PostgreSQL is down: a clear refusal that a retry repairs, and nothing acknowledged that is not stored (G9).
/// </summary>
[Collection(nameof(BreakableInstances))]
public sealed class PostgresOutageTests(BreakableInstances cluster) : IAsyncLifetime
{
    // What PostgreSQL reports when it cannot extend the file of a table.
    private const string FillTheDisk =
        """
        CREATE FUNCTION disk_is_full() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$;
        CREATE TRIGGER disk_is_full BEFORE INSERT OR UPDATE ON votes EXECUTE FUNCTION disk_is_full();
        """;

    public Task InitializeAsync() => cluster.MendAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Votes_are_refused_while_PostgreSQL_is_down_and_accepted_when_retried_afterwards()
    {
        var (room, poll) = await cluster.OpenRoomAsync();
        await using var crowd = await Crowd.JoinAsync(cluster, room, voters: 6);
        await crowd.VoteAsync(poll, options: 3, rounds: 1);
        RoomClient[] connections = [.. crowd.Voters.Select(voter => voter.Client)];
        int?[] processes = [.. cluster.Cluster.Instances.Select(instance => instance.ProcessId)];

        await cluster.Cluster.Postgres.KillAsync();

        var refusals = await Task.WhenAll(crowd.Voters.SelectMany(voter => new[]
        {
            voter.Client.RefusalAsync("CastVote", poll, new { choices = new[] { 2 }, revision = 50 }),
            voter.Client.RefusalAsync("WithdrawVote", poll, 51),
        }));
        refusals.ShouldAllBe(code => code == "unavailable");
        foreach (var api in new[] { cluster.A, cluster.B })
        {
            await Task.WhenAll(
                IsUnavailableAsync(api, HttpMethod.Put, $"/api/rooms/{room.Code}/polls/{poll}/vote", crowd.Voters[0].Token, new { choices = new[] { 2 }, revision = 50 }),
                IsUnavailableAsync(api, HttpMethod.Post, $"/api/rooms/{room.Code}/polls/{poll}/close", room.HostToken, null),
                IsUnavailableAsync(api, HttpMethod.Post, "/api/rooms", null, new { title = "A room" }),
                IsUnavailableAsync(api, HttpMethod.Post, $"/api/rooms/{room.Code}/participants", null, new { }),
                IsUnavailableAsync(api, HttpMethod.Get, $"/api/rooms/{room.Code}", null, null),
                IsUnavailableAsync(api, HttpMethod.Get, $"/api/rooms/{room.Code}/state", crowd.Voters[0].Token, null),
                IsUnavailableAsync(api, HttpMethod.Get, $"/api/rooms/{room.Code}/results", room.HostToken, null));
            await Until.TrueAsync(async () => await BreakableInstances.ReadyAsync(api) == 503, "the instance is not ready");
            var (code, status, report) = await BreakableInstances.HealthAsync(api);
            (code, status).ShouldBe((503, "unhealthy"));
            report.GetProperty("database").GetProperty("status").GetString().ShouldBe("down");
            using var live = await api.SendAsync(HttpMethod.Get, "/health/live", null, null);
            live.StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        connections.ShouldAllBe(connection => connection.IsConnected);

        await cluster.Cluster.Postgres.StartAsync();

        foreach (var api in new[] { cluster.A, cluster.B })
        {
            await Until.TrueAsync(async () => await BreakableInstances.ReadyAsync(api) == 200, "the instance is ready");
            await Until.TrueAsync(async () => (await BreakableInstances.HealthAsync(api)).Status == "healthy", "health says healthy");
        }

        (await cluster.CountAsync($"SELECT count(*) FROM votes WHERE poll_id = '{poll}' AND revision >= 50")).ShouldBe(0, "refused votes are not stored");
        foreach (var voter in crowd.Voters)
        {
            (await voter.Client.CastAsync(poll, 50, 2)).Revision.ShouldBe(50);
        }

        connections.ShouldAllBe(connection => connection.IsConnected);
        cluster.Cluster.Instances.Select(instance => instance.ProcessId).ShouldBe(processes, "no instance was restarted");
        (await cluster.RecountAsync(poll, 3)).ShouldBe([6, 0, 0, 6]);
        await cluster.ConvergedAsync(poll, 3, crowd.Screens);
    }

    [Fact]
    public async Task If_PostgreSQL_is_killed_during_voting_every_acknowledged_vote_is_stored()
    {
        var (room, poll) = await cluster.OpenRoomAsync();
        await using var crowd = await Crowd.JoinAsync(cluster, room, voters: 12);
        var voting = crowd.VoteAsync(poll, options: 3, rounds: 60);
        await Until.TrueAsync(() => crowd.Receipts.Count > 60, "voting is in progress");

        await cluster.Cluster.Postgres.KillAsync();
        await Until.TrueAsync(() => !crowd.Refusals.IsEmpty, "votes are refused");
        await cluster.Cluster.Postgres.StartAsync();
        await crowd.ReceiptsAreStoredAsync(poll);

        await voting;
        crowd.Refusals.Distinct().ShouldBe(["unavailable"]);
        await crowd.ReceiptsAreStoredAsync(poll);
        await cluster.ConvergedAsync(poll, 3, crowd.Screens);
        (await cluster.TallyAsync(poll))[0].ShouldBe(12);
    }

    [Fact]
    public Task A_PostgreSQL_that_is_read_only_is_reported_and_used_again_afterwards() =>
        IsReportedAndUsedAgainAsync(
            "readOnly",
            () => cluster.Cluster.Postgres.SetAsync("default_transaction_read_only", "on"),
            () => cluster.Cluster.Postgres.SetAsync("default_transaction_read_only", "off"));

    [Fact]
    public Task A_PostgreSQL_whose_disk_is_full_is_reported_and_used_again_afterwards() =>
        IsReportedAndUsedAgainAsync(
            "diskFull", () => ExecuteAsync(FillTheDisk), () => ExecuteAsync("DROP FUNCTION disk_is_full CASCADE"));

    [Fact]
    public async Task A_primary_that_became_a_standby_is_reported_until_it_is_promoted()
    {
        var (room, poll) = await cluster.OpenRoomAsync();
        await using var crowd = await Crowd.JoinAsync(cluster, room, voters: 3);
        await cluster.Cluster.Postgres.KillAsync();
        await File.WriteAllTextAsync(Path.Combine(cluster.Cluster.Postgres.FilesDirectory, "standby.signal"), "");
        await cluster.Cluster.Postgres.StartAsync();

        try
        {
            await IsUnhealthyAsync("readOnly");
            (await crowd.Voters[0].Client.RefusalAsync("CastVote", poll, new { choices = new[] { 2 }, revision = 50 })).ShouldBe("unavailable");
        }
        finally
        {
            await ExecuteAsync("SELECT pg_promote()");
        }

        await IsHealthyAsync();
        (await crowd.Voters[0].Client.CastAsync(poll, 50, 2)).Revision.ShouldBe(50);
        await cluster.ConvergedAsync(poll, 3, crowd.Screens);
    }

    [Fact]
    public async Task Clients_that_connect_while_PostgreSQL_is_down_may_reconnect_and_succeed_when_it_is_back()
    {
        var (room, poll) = await cluster.OpenRoomAsync();
        var tokens = new[] { room.HostToken, (await cluster.A.JoinAsync(room.Code)).Token };
        await cluster.Cluster.Postgres.KillAsync();

        foreach (var token in tokens)
        {
            using var client = await RawHubClient.ConnectAsync(
                new UriBuilder(cluster.A.Address) { Scheme = "ws", Path = "/hubs/room", Query = $"access_token={token}" }.Uri);
            var lastWords = (await client.LastWordsAsync()).Select(record => JsonDocument.Parse(record).RootElement);
            // SignalR's clients reconnect after a lost connection and after a Close that allows it, but not after any
            // other Close.
            lastWords.Where(word => word.GetProperty("type").GetInt32() == 7).ShouldAllBe(close => close.GetRawText().Contains("\"allowReconnect\":true"));
        }

        await cluster.Cluster.Postgres.StartAsync();
        await Until.TrueAsync(async () => await BreakableInstances.ReadyAsync(cluster.A) == 200, "the instance is ready");
        await using var host = await RoomClient.ConnectAsync(cluster.A.Address, tokens[0]);
        await using var phone = await RoomClient.ConnectAsync(cluster.A.Address, tokens[1]);
        await phone.CastAsync(poll, 0, 1);
        await cluster.ConvergedAsync(poll, 3, host, phone);
        await Until.TrueAsync(() => host.Participants == 1, "the participant is counted once");
    }

    private async Task IsReportedAndUsedAgainAsync(string reason, Func<Task> refuse, Func<Task> allow)
    {
        var (room, poll) = await cluster.OpenRoomAsync();
        await using var crowd = await Crowd.JoinAsync(cluster, room, voters: 6);
        await crowd.VoteAsync(poll, options: 3, rounds: 1);
        int?[] processes = [.. cluster.Cluster.Instances.Select(instance => instance.ProcessId)];
        try
        {
            await refuse();
            foreach (var voter in crowd.Voters)
            {
                (await voter.Client.RefusalAsync("CastVote", poll, new { choices = new[] { 2 }, revision = 50 })).ShouldBe("unavailable");
            }

            await IsUnhealthyAsync(reason);
        }
        finally
        {
            await allow();
        }

        await IsHealthyAsync();
        cluster.Cluster.Instances.Select(instance => instance.ProcessId).ShouldBe(processes, "no instance was restarted");
        (await cluster.CountAsync($"SELECT count(*) FROM votes WHERE poll_id = '{poll}' AND revision >= 50")).ShouldBe(0, "refused votes are not stored");
        foreach (var voter in crowd.Voters)
        {
            (await voter.Client.CastAsync(poll, 50, 2)).Revision.ShouldBe(50);
        }

        await cluster.ConvergedAsync(poll, 3, crowd.Screens);
    }

    private Task<string> ExecuteAsync(string sql) => cluster.Cluster.Postgres.ExecuteAsync(sql, role: "postgres");

    private async Task IsUnhealthyAsync(string reason)
    {
        foreach (var api in new[] { cluster.A, cluster.B })
        {
            await Until.TrueAsync(
                async () => (await BreakableInstances.HealthAsync(api)) is { Code: 503, Status: "unhealthy" } health
                    && health.Report.GetProperty("database").GetProperty("reason").GetString() == reason,
                $"health says unhealthy, and {reason}");
            (await BreakableInstances.ReadyAsync(api)).ShouldBe(503);
            using var live = await api.SendAsync(HttpMethod.Get, "/health/live", null, null);
            live.StatusCode.ShouldBe(HttpStatusCode.OK);
        }
    }

    private async Task IsHealthyAsync()
    {
        foreach (var api in new[] { cluster.A, cluster.B })
        {
            await Until.TrueAsync(async () => (await BreakableInstances.HealthAsync(api)).Status == "healthy", "health says healthy");
            (await BreakableInstances.ReadyAsync(api)).ShouldBe(200);
        }
    }

    private static async Task IsUnavailableAsync(TestApi api, HttpMethod method, string path, string? token, object? body)
    {
        using var response = await api.SendAsync(method, path, token, body is null ? null : JsonContent.Create(body));
        var text = await response.Content.ReadAsStringAsync();
        response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable, $"{method} {path}: {text}");
        response.Headers.RetryAfter.ShouldBeOfType<RetryConditionHeaderValue>().Delta!.Value.ShouldBeGreaterThan(TimeSpan.Zero);
        response.Content.Headers.ContentType?.MediaType.ShouldBe("application/problem+json");
        text.ShouldContain("\"code\":\"unavailable\"");
    }
}
