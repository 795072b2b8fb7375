using System.Net;
using System.Text.RegularExpressions;
using Polls.AppHost;
using Polls.AppHost.Processes;
using Polls.Tests.Clients;
using Polls.Tests.Storage;

namespace Polls.Tests.Telemetry;

/// <summary>The log lines of real processes: JSON by default, text in Development.</summary>
[Collection(nameof(SharedPostgres))]
public sealed partial class LogLinesTests(SharedPostgres postgres)
{
    [Fact]
    public async Task In_production_each_line_is_an_object()
    {
        var lines = LogLine.Parse(await LinesAsync(("Instance__Id", "line-1")));
        lines.ShouldAllBe(line => line.InstanceId == "line-1");
        lines.ShouldContain(line => line.EventId == 2202 && line.LogLevel == "Information" && line.Category == "Polls.Api");
    }

    [Theory]
    [InlineData("DOTNET_ENVIRONMENT", "Development")]
    [InlineData("Logging__Console__FormatterName", "simple")]
    public async Task In_development_each_line_is_text(string variable, string value) =>
        (await LinesAsync((variable, value), ("Instance__Id", "line-2"))).ShouldAllBe(line => TextPattern().IsMatch(line));

    [Fact]
    public async Task A_warning_within_a_request_has_the_trace_of_that_request()
    {
        await using var collector = await OtlpCollector.StartAsync();
        await using var cluster = await LocalCluster.StartNewAsync(new ClusterOptions
        {
            Throwaway = true,
            RedisEnabled = false,
            ApiEnvironment = new Dictionary<string, string>(collector.Environment(sampleRatio: 1)) { ["Logging__Console__FormatterName"] = "json" },
        });
        using var api = new TestApi(cluster.Address);
        var room = await api.CreateRoomAsync(TestApi.Draft());
        var poll = (await api.StateAsync(room.Code, room.HostToken)).Polls[0].Id;
        await api.DoAsync(room, poll, "open");
        var voter = await api.JoinAsync(room.Code);
        await api.VoteAsync(room.Code, poll, voter.Token, 1, 0);
        await cluster.Postgres.KillAsync();
        (await api.RefusalAsync(HttpMethod.Post, "/api/rooms", body: new { title = "Another" })).ShouldBe((HttpStatusCode.ServiceUnavailable, "unavailable"));
        (await api.RefusalAsync(HttpMethod.Put, $"/api/rooms/{room.Code}/polls/{poll}/vote", voter.Token, new { choices = new[] { 1 }, revision = 2 }))
            .ShouldBe((HttpStatusCode.ServiceUnavailable, "unavailable"));

        var request = await collector.FindOneAsync("the failed request", span => span.Name == "POST /api/rooms/" && span.IsError);
        var warning = LogLine.Parse(await File.ReadAllLinesAsync(cluster.Instances[0].LogPath)).First(line => line.EventId == 2000);
        (warning.LogLevel, warning.InstanceId, warning.Span).ShouldBe(("Warning", "api-1", (request.TraceId, request.Id)));
        warning.Exception.ShouldNotBeNull().ShouldContain("Npgsql");

        var vote = await collector.FindOneAsync("the refused vote", span => span.Name == "vote" && span.IsError);
        vote.Attributes["polls.vote.outcome"].ShouldBe("unavailable");
        (await collector.FindOneAsync("its batch", span => vote.LinksTo(span))).IsError.ShouldBeTrue();
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (info|warn|fail): [\w.]+\[\d+\] => line-2 \S")]
    private static partial Regex TextPattern();

    private async Task<string[]> LinesAsync(params (string Name, string Value)[] environment)
    {
        var migrated = await Tool.RunAsync("dotnet", [ApiAssembly.Find(), "migrate"], environment: new Dictionary<string, string>(
            environment.Select(variable => KeyValuePair.Create(variable.Name, variable.Value)))
        {
            ["ConnectionStrings__Polls"] = await postgres.EmptyDatabaseAsync(),
        });
        migrated.ExitCode.ShouldBe(0, migrated.Error + migrated.Output);
        var lines = migrated.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.ShouldNotBeEmpty();
        return lines;
    }
}
