using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Polls.AppHost;
using Polls.Tests.Servers;
using Polls.Tests.Telemetry;

namespace Polls.Tests.Nginx;

/// <summary>One id finds a request in nginx's log, in an instance's log and in the answer.</summary>
public sealed class RequestIdTests : IAsyncLifetime
{
    private LocalCluster cluster = null!;
    private HttpClient http = null!;

    public async Task InitializeAsync()
    {
        cluster = await LocalCluster.StartNewAsync(new ClusterOptions
        {
            Throwaway = true,
            Instances = 1,
            RedisEnabled = false,
            NginxEnabled = true,
            ApiEnvironment = new Dictionary<string, string>
            {
                ["AccessLog__SampleRatio"] = "1", ["Logging__Console__FormatterName"] = "json", ["Logging__LogLevel__Default"] = "Information",
            },
        });
        http = new HttpClient { BaseAddress = cluster.Address };
    }

    public async Task DisposeAsync()
    {
        http.Dispose();
        await cluster.DisposeAsync();
    }

    [Fact]
    public async Task The_answer_both_logs_and_the_problem_have_the_same_id()
    {
        var refused = await AskAsync("/api/rooms/000000/state");
        refused.Status.ShouldBe(HttpStatusCode.Unauthorized);
        refused.InProblem.ShouldBe(refused.Id);
        var line = await LineOfAsync(refused.Id);
        line.Message.ShouldStartWith("GET /api/rooms/{code}/state answered 401 in ");
        await InNginxAsync(refused.Id, "GET /api/rooms/000000/state\" 401");

        // Another request has another id, also if a client chooses that of the first.
        var again = await AskAsync("/api/rooms/000000/state", refused.Id);
        again.Id.ShouldNotBe(refused.Id);
        await LineOfAsync(again.Id);
    }

    [Fact]
    public async Task What_nginx_itself_answers_has_an_id_too()
    {
        var (status, id, inProblem) = await AskAsync("/metrics");
        (status, inProblem).ShouldBe((HttpStatusCode.NotFound, id));
        await InNginxAsync(id, "GET /metrics\" 404");
    }

    [Fact]
    public async Task An_instance_takes_over_an_id_that_is_one()
    {
        const string id = "0f9619ff-8b86-d011-b42d-00c04fc964ff";
        http.Dispose();
        http = new HttpClient { BaseAddress = cluster.Instances[0].Address };
        (await AskAsync("/api/rooms/000000", id)).Id.ShouldBe(id);
        foreach (var none in (string[])["", "too-short", "ann@polls.example", new string('a', 65), "0f9619ff 8b86d011"])
        {
            (await AskAsync("/api/rooms/000000", none)).Id.ShouldMatch("^[0-9a-f]{32}$", none);
        }
    }

    private async Task<(HttpStatusCode Status, string Id, string? InProblem)> AskAsync(string path, string? id = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (id is not null)
        {
            request.Headers.TryAddWithoutValidation("X-Request-Id", id);
        }

        using var answer = await http.SendAsync(request);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return (answer.StatusCode, answer.Headers.GetValues("X-Request-Id").ShouldHaveSingleItem(),
            problem.TryGetProperty("requestId", out var told) ? told.GetString() : null);
    }

    private async Task<LogLine> LineOfAsync(string id)
    {
        LogLine? found = null;
        await Until.TrueAsync(
            async () =>
            {
                // The last line may still be being written.
                var lines = await File.ReadAllTextAsync(cluster.Instances[0].LogPath);
                found = LogLine.Parse(lines[..(lines.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries))
                    .SingleOrDefault(line => line.EventId == 2004 && line.RequestId == id);
                return found is not null;
            },
            "the instance's log has the request");
        return found!;
    }

    private Task InNginxAsync(string id, string request) => Until.TrueAsync(
        async () => (await File.ReadAllLinesAsync(cluster.Nginx!.LogPath)).Any(line => line.Contains(request, StringComparison.Ordinal) && line.EndsWith(id, StringComparison.Ordinal)),
        "nginx's log has the request");
}
