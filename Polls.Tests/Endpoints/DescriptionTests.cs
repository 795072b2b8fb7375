using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Polls.Api.Tokens;

namespace Polls.Tests.Endpoints;

/// <summary>Compares <c>/openapi/v1.json</c> with the product's own route table.</summary>
[Collection(nameof(EndpointInstances))]
public sealed class DescriptionTests(EndpointInstances cluster)
{
    private List<ApiEndpoint> Described => [.. cluster.Program.Endpoints().Where(endpoint => endpoint.IsDescribed)];

    [Fact]
    public async Task The_published_description_lists_every_call()
    {
        using var response = await cluster.A.SendAsync(HttpMethod.Get, "/openapi/v1.json", null, null);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var paths = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("paths");
        var described = paths.EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(call => $"{call.Name.ToUpperInvariant()} {path.Name.TrimEnd('/')}")).ToList();
        described.ShouldBe(Described.Select(endpoint => $"{endpoint.Method} {endpoint.Pattern.TrimEnd('/')}"), ignoreOrder: true);
        described.ShouldBeSubsetOf(
        [
            "POST /api/rooms", "GET /api/rooms/{code}", "GET /api/rooms/{code}/state", "POST /api/rooms/{code}/participants",
            "POST /api/rooms/{code}/screens", "POST /api/rooms/{code}/close", "DELETE /api/rooms/{code}", "POST /api/rooms/{code}/polls",
            "PUT /api/rooms/{code}/polls/order", "GET /api/rooms/{code}/polls/{pollId}",
            "PUT /api/rooms/{code}/polls/{pollId}", "DELETE /api/rooms/{code}/polls/{pollId}",
            "POST /api/rooms/{code}/polls/{pollId}/open", "POST /api/rooms/{code}/polls/{pollId}/close",
            "POST /api/rooms/{code}/polls/{pollId}/show-results", "POST /api/rooms/{code}/polls/{pollId}/hide-results",
            "POST /api/rooms/{code}/polls/{pollId}/reset", "PUT /api/rooms/{code}/polls/{pollId}/vote",
            "DELETE /api/rooms/{code}/polls/{pollId}/vote", "GET /api/rooms/{code}/results", "GET /api/rooms/{code}/results.csv", "GET /api/rooms/{code}/summary.csv",
            "GET /api/rooms/{code}/results.xlsx",
            "GET /api/rooms/{code}/polls/{pollId}/entries", "POST /api/rooms/{code}/polls/{pollId}/entries/actions",
            "POST /api/rooms/{code}/polls/{pollId}/entries/{n}/hide", "POST /api/rooms/{code}/polls/{pollId}/entries/{n}/show",
            "POST /api/rooms/{code}/polls/{pollId}/entries/{n}/merge", "POST /api/rooms/{code}/polls/{pollId}/entries/{n}/split",
            "GET /api/rooms/{code}/qr.svg", "GET /health/live", "GET /health/ready", "GET /health",
            "GET /api/rooms/{code}/joins", "POST /api/rooms/{code}/lock-joining", "POST /api/rooms/{code}/unlock-joining",
            "POST /api/rooms/{code}/discards", "POST /api/rooms/{code}/discards/{discardId}/restore",
            "POST /api/rooms/{code}/seats", "GET /api/rooms/{code}/seats", "GET /api/rooms/{code}/seats/sheets/{page}.svg",
            "POST /api/accounts/register", "POST /api/accounts/login", "POST /api/accounts/refresh", "GET /api/accounts/settings",
            "POST /api/accounts/logout-everywhere", "POST /api/accounts/logout", "GET /api/accounts/sessions",
            "DELETE /api/accounts/sessions/{sessionId}", "POST /api/accounts/delete", "POST /api/rooms/{code}/revoke-host-tokens", "POST /api/accounts/invitations", "GET /api/accounts/manage/info",
            "POST /api/accounts/manage/info", "POST /api/accounts/manage/2fa", "GET /api/accounts/rooms",
            "POST /api/accounts/rooms/{roomId}/host-token", "POST /api/accounts/rooms/{roomId}/reopen",
            "DELETE /api/accounts/rooms/{roomId}", "GET /api/accounts/rooms/{roomId}/hosts",
            "DELETE /api/accounts/rooms/{roomId}/hosts/{accountId}", "POST /api/accounts/rooms/{roomId}/host-invitations",
            "DELETE /api/accounts/rooms/{roomId}/host-invitations/{invitationId}", "POST /api/accounts/host-invitations/accept",
        ]);
        described.Count.ShouldBe(64);
    }

    [Fact]
    public async Task The_published_description_has_parameters_tokens_and_errors()
    {
        using var response = await cluster.A.SendAsync(HttpMethod.Get, "/openapi/v1.json", null, null);
        var document = await response.Content.ReadFromJsonAsync<JsonElement>();
        document.GetProperty("components").GetProperty("schemas").GetProperty("PollView").GetProperty("properties").GetProperty("question")
            .GetProperty("type").GetString().ShouldBe("string");
        document.GetProperty("paths").GetProperty("/api/rooms/{code}/polls/{pollId}/vote").GetProperty("delete").GetProperty("parameters").EnumerateArray()
            .Single(parameter => parameter.GetProperty("name").GetString() == "revision").GetProperty("schema").GetProperty("type").GetString().ShouldBe("integer");
        var ids = new List<string>();
        foreach (var path in document.GetProperty("paths").EnumerateObject())
        {
            foreach (var call in path.Value.EnumerateObject())
            {
                var what = $"{call.Name} {path.Name}";
                ids.Add(call.Value.GetProperty("operationId").GetString()!);
                var declared = call.Value.TryGetProperty("parameters", out var parameters)
                    ? parameters.EnumerateArray().Where(parameter => parameter.GetProperty("in").GetString() == "path")
                        .Select(parameter => parameter.GetProperty("name").GetString()!).ToList()
                    : [];
                declared.ShouldBe(path.Name.Split('/').Where(part => part.StartsWith('{')).Select(part => part.Trim('{').Split('}')[0]), ignoreOrder: true, what);
                var endpoint = Described.Single(endpoint => endpoint.Pattern.TrimEnd('/') == path.Name.TrimEnd('/')
                    && endpoint.Method.Equals(call.Name, StringComparison.OrdinalIgnoreCase));
                call.Value.TryGetProperty("security", out _).ShouldBe(endpoint.Roles.Count > 0 || endpoint.Metadata.GetMetadata<AccountRule>() is not null, what);
                var answers = call.Value.GetProperty("responses");
                answers.GetProperty("4XX").GetProperty("content").TryGetProperty("application/problem+json", out _).ShouldBeTrue(what);
                answers.TryGetProperty("503", out _).ShouldBeTrue(what);
            }
        }

        ids.ShouldBeUnique();
        var view = document.GetProperty("components").GetProperty("schemas").GetProperty("PollView").GetProperty("required")
            .EnumerateArray().Select(name => name.GetString()).ToList();
        view.ShouldContain("question");
        view.ShouldNotContain("tally", "null values are omitted from responses");
    }
}
