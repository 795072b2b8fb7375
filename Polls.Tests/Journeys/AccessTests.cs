using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Polls.Api.Accounts;
using Polls.Api.Health;
using Polls.Api.Limits;
using Polls.Api.Polls;
using Polls.Api.Redis;
using Polls.Api.Results;
using Polls.Api.Rooms;
using Polls.Api.Setup;
using Polls.Api.Tokens;
using Polls.Api.Votes;
using Polls.Core.Polls;

namespace Polls.Tests.Journeys;

/// <summary>Who may call what. The calls come from the product's own route table, so that a new one cannot be forgotten.</summary>
[Collection(nameof(TwoInstances))]
public sealed class AccessTests(TwoInstances cluster, BadInputScene scene) : IClassFixture<BadInputScene>
{
    private static readonly string[] Public =
    [
        "POST /api/accounts/register", "POST /api/accounts/login", "POST /api/accounts/refresh", "GET /api/accounts/settings",
        "POST /api/rooms/", "GET /api/rooms/{code}", "POST /api/rooms/{code}/participants", "GET /api/rooms/{code}/qr.svg",
        "GET /health/", "GET /health/live", "GET /health/ready",
    ];

    public static IEnumerable<object[]> Calls() =>
        Routes().Where(route => route.Roles.Count > 0).Select(route => new object[] { route.Method, route.Pattern });

    public static IEnumerable<object[]> AccountCalls() =>
        Routes().Where(route => route.ForAccounts).Select(route => new object[] { route.Method, route.Pattern });

    [Fact]
    public void Every_call_is_either_public_on_purpose_or_bound_to_roles_or_accounts() =>
        Routes().Where(route => route.Roles.Count == 0 && !route.ForAccounts).Select(route => $"{route.Method} {route.Pattern}").ShouldBe(Public, ignoreOrder: true);

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task A_call_is_refused_for_every_token_but_those_of_its_roles_in_its_room(string method, string pattern)
    {
        var roles = Routes().Single(route => route.Method == method && route.Pattern == pattern).Roles;
        var wrong = new Dictionary<string, (HttpStatusCode, string)>
        {
            ["none"] = (HttpStatusCode.Unauthorized, "auth.required"),
            ["garbage"] = (HttpStatusCode.Unauthorized, "auth.required"),
            ["tampered"] = (HttpStatusCode.Unauthorized, "auth.required"),
            ["account"] = (HttpStatusCode.Unauthorized, "auth.required"),
            ["otherHost"] = (HttpStatusCode.Forbidden, roles.Contains(Audience.Host) ? "auth.wrongRoom" : "auth.forbidden"),
            ["otherParticipant"] = (HttpStatusCode.Forbidden, roles.Contains(Audience.Participant) ? "auth.wrongRoom" : "auth.forbidden"),
        };
        foreach (var role in Enum.GetValues<Audience>().Where(role => !roles.Contains(role)))
        {
            wrong[JsonNamingPolicy.CamelCase.ConvertName(role.ToString())] = (HttpStatusCode.Forbidden, "auth.forbidden");
        }

        // A body and a query that fit every call that wants one: nothing but the token is wrong.
        var path = pattern.Replace("{code}", scene.Room.Code, StringComparison.Ordinal)
            .Replace("{pollId}", scene.Poll("open").ToString(), StringComparison.Ordinal).TrimEnd('/') + "?revision=9";
        var body = new { question = "Q", kind = "singleChoice", options = new[] { "a", "b" }, choices = new[] { 0 }, revision = 9 };
        var before = await cluster.StoredAsync();
        foreach (var (token, refusal) in wrong)
        {
            (await cluster.B.RefusalAsync(new HttpMethod(method), path, scene.Token(token), method is "POST" or "PUT" ? body : null))
                .ShouldBe(refusal, $"{method} {path} with the token '{token}'");
        }

        (await cluster.StoredAsync()).ShouldBe(before);
    }

    [Theory]
    [MemberData(nameof(AccountCalls))]
    public async Task A_call_of_accounts_is_refused_for_everything_that_is_no_access_token_of_an_account(string method, string pattern)
    {
        var path = pattern.Replace("{roomId}", scene.Room.RoomId.ToString(), StringComparison.Ordinal)
            .Replace("{accountId}", Guid.NewGuid().ToString(), StringComparison.Ordinal)
            .Replace("{invitationId}", Guid.NewGuid().ToString(), StringComparison.Ordinal);
        var tokens = await cluster.A.RegisterAsync();
        var before = await cluster.StoredAsync();
        foreach (var token in (string?[])["none", "garbage", "tampered", "host", "participant", "screen"])
        {
            (await cluster.B.RefusalAsync(new HttpMethod(method), path, scene.Token(token!), method == "POST" ? new { } : null))
                .ShouldBe((HttpStatusCode.Unauthorized, "auth.required"), $"{method} {path} with the token '{token}'");
        }

        (await cluster.B.RefusalAsync(new HttpMethod(method), path, tokens.RefreshToken, method == "POST" ? new { } : null))
            .ShouldBe((HttpStatusCode.Unauthorized, "auth.required"), $"{method} {path} with a refresh token");
        (await cluster.StoredAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task A_token_of_one_instance_is_good_on_the_other()
    {
        var (room, poll) = await cluster.OpenRoomAsync();
        var onA = await cluster.A.JoinAsync(room.Code);
        var onB = await cluster.B.JoinAsync(room.Code);
        await cluster.B.VoteAsync(room.Code, poll, onA.Token, 0, 0);
        await cluster.A.VoteAsync(room.Code, poll, onB.Token, 0, 1);
        var screen = await cluster.B.ScreenTokenAsync(room);
        (await cluster.A.StateAsync(room.Code, screen)).Polls.ShouldHaveSingleItem().Tally!.Counts.ShouldBe([1, 1, 0]);
        (await cluster.B.DoAsync(room, poll, "close")).State.ShouldBe(PollState.Closed);
    }

    [Fact]
    public async Task The_published_description_lists_every_call()
    {
        using var response = await cluster.A.SendAsync(HttpMethod.Get, "/openapi/v1.json", null, null);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var paths = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("paths");
        var described = paths.EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(call => $"{call.Name.ToUpperInvariant()} {path.Name.TrimEnd('/')}")).ToList();
        described.ShouldBe(Routes().Select(route => $"{route.Method} {route.Pattern.TrimEnd('/')}"), ignoreOrder: true);
        described.ShouldBeSubsetOf(
        [
            "POST /api/rooms", "GET /api/rooms/{code}", "GET /api/rooms/{code}/state", "POST /api/rooms/{code}/participants",
            "POST /api/rooms/{code}/screens", "POST /api/rooms/{code}/close", "POST /api/rooms/{code}/polls",
            "PUT /api/rooms/{code}/polls/order", "GET /api/rooms/{code}/polls/{pollId}",
            "PUT /api/rooms/{code}/polls/{pollId}", "DELETE /api/rooms/{code}/polls/{pollId}",
            "POST /api/rooms/{code}/polls/{pollId}/open", "POST /api/rooms/{code}/polls/{pollId}/close",
            "POST /api/rooms/{code}/polls/{pollId}/show-results", "POST /api/rooms/{code}/polls/{pollId}/hide-results",
            "POST /api/rooms/{code}/polls/{pollId}/reset", "PUT /api/rooms/{code}/polls/{pollId}/vote",
            "DELETE /api/rooms/{code}/polls/{pollId}/vote", "GET /api/rooms/{code}/results", "GET /api/rooms/{code}/results.csv",
            "GET /api/rooms/{code}/qr.svg", "GET /health/live", "GET /health/ready", "GET /health",
            "POST /api/accounts/register", "POST /api/accounts/login", "POST /api/accounts/refresh", "GET /api/accounts/settings",
            "POST /api/accounts/logout-everywhere", "POST /api/accounts/invitations", "GET /api/accounts/manage/info",
            "POST /api/accounts/manage/info", "POST /api/accounts/manage/2fa", "GET /api/accounts/rooms",
            "POST /api/accounts/rooms/{roomId}/host-token", "POST /api/accounts/rooms/{roomId}/reopen",
            "DELETE /api/accounts/rooms/{roomId}", "GET /api/accounts/rooms/{roomId}/hosts",
            "DELETE /api/accounts/rooms/{roomId}/hosts/{accountId}", "POST /api/accounts/rooms/{roomId}/host-invitations",
            "DELETE /api/accounts/rooms/{roomId}/host-invitations/{invitationId}", "POST /api/accounts/host-invitations/accept",
        ]);
        described.Count.ShouldBe(42);
    }

    [Fact]
    public async Task The_published_description_tells_of_parameters_tokens_and_errors()
    {
        using var response = await cluster.A.SendAsync(HttpMethod.Get, "/openapi/v1.json", null, null);
        var document = await response.Content.ReadFromJsonAsync<JsonElement>();
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
                declared.ShouldBe(path.Name.Split('/').Where(part => part.StartsWith('{')).Select(part => part.Trim('{', '}')), ignoreOrder: true, what);
                var route = Routes().Single(route => route.Pattern.TrimEnd('/') == path.Name.TrimEnd('/')
                    && route.Method.Equals(call.Name, StringComparison.OrdinalIgnoreCase));
                call.Value.TryGetProperty("security", out _).ShouldBe(route.Roles.Count > 0 || route.TakesAccounts, what);
                var answers = call.Value.GetProperty("responses");
                answers.GetProperty("4XX").GetProperty("content").TryGetProperty("application/problem+json", out _).ShouldBeTrue(what);
                answers.TryGetProperty("503", out _).ShouldBeTrue(what);
            }
        }

        ids.ShouldBeUnique();
        var view = document.GetProperty("components").GetProperty("schemas").GetProperty("PollView").GetProperty("required")
            .EnumerateArray().Select(name => name.GetString()).ToList();
        view.ShouldContain("question");
        view.ShouldNotContain("tally", "what has no value is left out of answers");
    }

    private static List<Route> Routes()
    {
        // Registered as in Program.cs, so that handlers' parameters are told from bodies; nothing of it is ever started.
        var builder = WebApplication.CreateBuilder();
        builder.AddPollsRedis();
        builder.AddStorage();
        builder.AddRealtime();
        builder.AddVotePath();
        builder.Services.AddRoomTokens();
        builder.Services.AddAccounts();
        builder.Services.AddRateLimits();
        builder.AddHttp();
        IEndpointRouteBuilder routes = builder.Build();
        routes.MapAccounts();
        routes.MapRooms();
        routes.MapPolls();
        routes.MapVotes();
        routes.MapResults();
        routes.MapHealth();
        return [.. routes.DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>().Select(endpoint => new Route(
            endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods.Single(),
            endpoint.RoutePattern.RawText!,
            endpoint.Metadata.GetMetadata<RoomRoles>()?.Roles ?? [],
            endpoint.Metadata.GetMetadata<AccountRule>()?.Required))];
    }

    private sealed record Route(string Method, string Pattern, IReadOnlyList<Audience> Roles, bool? AccountRequired)
    {
        public bool ForAccounts => AccountRequired == true;

        public bool TakesAccounts => AccountRequired is not null;
    }
}
