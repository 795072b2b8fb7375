using System.Net;
using System.Text.Json;
using Polls.Core.RoomPolls;

namespace Polls.Tests.Endpoints;

/// <summary>Every role and every invalid token at every endpoint of the product's own route table.</summary>
[Collection(nameof(EndpointInstances))]
public sealed class CrossingTests(EndpointInstances cluster) : IAsyncLifetime
{
    private readonly List<string> wrong = [];
    private HttpClient http = null!;

    public Task InitializeAsync()
    {
        http = new HttpClient { BaseAddress = cluster.B.Address, Timeout = TimeSpan.FromSeconds(60) };
        return Task.CompletedTask;
    }

    public Task DisposeAsync()
    {
        http.Dispose();
        return Task.CompletedTask;
    }

    private IEnumerable<ApiEndpoint> Endpoints => cluster.Program.Endpoints().Where(endpoint => endpoint.Roles.Count > 0);

    [Fact]
    public async Task Without_a_valid_token_requests_are_refused()
    {
        var testRoom = await TestRoom.MakeAsync(cluster.A);
        var before = await cluster.StoredAsync();
        foreach (var endpoint in cluster.Program.Endpoints().Where(endpoint => endpoint.Roles.Count > 0 || endpoint.IsHub))
        {
            foreach (var role in endpoint.IsHub ? Enum.GetValues<Role>() : endpoint.Roles)
            {
                foreach (var (name, token) in BadTokens.Of(testRoom, role, cluster.Program))
                {
                    await ExpectAsync(endpoint, testRoom, token, $"a token of the {role}, {name}", HttpStatusCode.Unauthorized, "auth.required");
                }
            }
        }

        wrong.ShouldBeEmpty();
        (await cluster.StoredAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task A_token_of_another_role_or_of_another_room_is_refused()
    {
        var (testRoom, other) = (await TestRoom.MakeAsync(cluster.A), await TestRoom.MakeAsync(cluster.A));
        var before = await cluster.StoredAsync();
        foreach (var endpoint in Endpoints)
        {
            foreach (var role in Enum.GetValues<Role>())
            {
                var code = endpoint.Roles.Contains(role) ? "auth.wrongRoom" : "auth.forbidden";
                await ExpectAsync(endpoint, testRoom, other.Token(role), $"another room's {role}", HttpStatusCode.Forbidden, code);
                if (!endpoint.Roles.Contains(role))
                {
                    await ExpectAsync(endpoint, testRoom, testRoom.Token(role), $"the {role}", HttpStatusCode.Forbidden, code);
                }
            }
        }

        wrong.ShouldBeEmpty();
        (await cluster.StoredAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task Room_tokens_are_not_valid_for_accounts_and_account_tokens_not_for_rooms()
    {
        var testRoom = await TestRoom.MakeAsync(cluster.A);
        var refresh = (await cluster.A.RegisterAsync()).RefreshToken;
        var before = await cluster.StoredAsync();
        var accounts = cluster.Program.Endpoints().Where(endpoint => endpoint.IsForAccounts).ToList();
        accounts.Count.ShouldBeGreaterThan(10);
        foreach (var endpoint in accounts)
        {
            foreach (var role in Enum.GetValues<Role>())
            {
                await ExpectAsync(endpoint, testRoom, testRoom.Token(role), $"the {role}", HttpStatusCode.Unauthorized, "auth.required");
            }

            foreach (var (name, token) in BadTokens.Of(testRoom, Role.Host, cluster.Program).Append(("a refresh token", refresh)))
            {
                await ExpectAsync(endpoint, testRoom, token, name, HttpStatusCode.Unauthorized, "auth.required");
            }
        }

        foreach (var endpoint in Endpoints)
        {
            await ExpectAsync(endpoint, testRoom, testRoom.Account, "an account", HttpStatusCode.Unauthorized, "auth.required");
        }

        wrong.ShouldBeEmpty();
        (await cluster.StoredAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task An_account_cannot_find_the_rooms_of_other_accounts()
    {
        var testRoom = await TestRoom.MakeAsync(cluster.A);
        foreach (var endpoint in cluster.Program.Endpoints().Where(endpoint => endpoint.IsForAccounts && endpoint.Pattern.Contains("{roomId}", StringComparison.Ordinal)))
        {
            await ExpectAsync(endpoint, testRoom, testRoom.Account, "a stranger", HttpStatusCode.NotFound, "room.notFound");
        }

        wrong.ShouldBeEmpty();
    }

    [Fact]
    public async Task Each_endpoint_accepts_the_right_token()
    {
        foreach (var endpoint in Endpoints)
        {
            foreach (var role in endpoint.Roles)
            {
                // Some commands need a draft, others an open poll; each succeeds with one of them.
                var testRoom = await TestRoom.MakeAsync(cluster.A);
                var answers = new[] { await AskAsync(endpoint, testRoom, testRoom.Draft, testRoom.Token(role)), await AskAsync(endpoint, testRoom, testRoom.Open, testRoom.Token(role)) };
                // This room has seat codes and discards no votes; BallotStuffingTests discards some.
                if ((!answers.Any(answer => (int)answer.Status is >= 200 and < 300) && !endpoint.Pattern.Contains("/discards", StringComparison.Ordinal))
                    || answers.Any(answer => answer.Status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden))
                {
                    wrong.Add($"{endpoint} by the {role}: {string.Join(", ", answers)}");
                }
            }
        }

        wrong.ShouldBeEmpty();
    }

    private async Task ExpectAsync(ApiEndpoint endpoint, TestRoom testRoom, string? token, string who, HttpStatusCode status, string code)
    {
        foreach (var poll in new[] { testRoom.Open, testRoom.Draft })
        {
            if (await AskAsync(endpoint, testRoom, poll, token) is var answer && answer != (status, code))
            {
                wrong.Add($"{endpoint} by {who}: {answer}");
            }
        }
    }

    private async Task<(HttpStatusCode Status, string? Code)> AskAsync(ApiEndpoint endpoint, TestRoom testRoom, Guid poll, string? token)
    {
        using var request = Samples.Request(endpoint, testRoom, poll, token);
        using var answer = await http.SendAsync(request);
        if (!endpoint.IsHub && answer.Headers.CacheControl is not ({ NoStore: true } or { Private: true, NoCache: true }))
        {
            wrong.Add($"{endpoint}: a browser or proxy may keep the answer ({answer.Headers.CacheControl})");
        }

        return (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType == "application/problem+json"
            ? JsonElement.Parse(await answer.Content.ReadAsStringAsync()).GetProperty("code").GetString()
            : null);
    }
}
