using System.Net;
using System.Text.Json;
using Polls.Core.RoomPolls;

namespace Polls.Tests.Doors;

/// <summary>Every role and every invalid token at every endpoint of the product's own route table.</summary>
[Collection(nameof(DoorInstances))]
public sealed class CrossingTests(DoorInstances cluster) : IAsyncLifetime
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

    private IEnumerable<Door> Doors => cluster.Program.Doors().Where(door => door.Roles.Count > 0);

    [Fact]
    public async Task Without_a_valid_token_requests_are_refused()
    {
        var hall = await Hall.MakeAsync(cluster.A);
        var before = await cluster.StoredAsync();
        foreach (var door in cluster.Program.Doors().Where(door => door.Roles.Count > 0 || door.IsHub))
        {
            foreach (var role in door.IsHub ? Enum.GetValues<Role>() : door.Roles)
            {
                foreach (var (name, token) in BadTokens.Of(hall, role, cluster.Program))
                {
                    await ExpectAsync(door, hall, token, $"a token of the {role}, {name}", HttpStatusCode.Unauthorized, "auth.required");
                }
            }
        }

        wrong.ShouldBeEmpty();
        (await cluster.StoredAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task A_token_of_another_role_or_of_another_room_is_refused()
    {
        var (hall, other) = (await Hall.MakeAsync(cluster.A), await Hall.MakeAsync(cluster.A));
        var before = await cluster.StoredAsync();
        foreach (var door in Doors)
        {
            foreach (var role in Enum.GetValues<Role>())
            {
                var code = door.Roles.Contains(role) ? "auth.wrongRoom" : "auth.forbidden";
                await ExpectAsync(door, hall, other.Token(role), $"another room's {role}", HttpStatusCode.Forbidden, code);
                if (!door.Roles.Contains(role))
                {
                    await ExpectAsync(door, hall, hall.Token(role), $"the {role}", HttpStatusCode.Forbidden, code);
                }
            }
        }

        wrong.ShouldBeEmpty();
        (await cluster.StoredAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task Room_tokens_are_not_valid_for_accounts_and_account_tokens_not_for_rooms()
    {
        var hall = await Hall.MakeAsync(cluster.A);
        var refresh = (await cluster.A.RegisterAsync()).RefreshToken;
        var before = await cluster.StoredAsync();
        var accounts = cluster.Program.Doors().Where(door => door.IsForAccounts).ToList();
        accounts.Count.ShouldBeGreaterThan(10);
        foreach (var door in accounts)
        {
            foreach (var role in Enum.GetValues<Role>())
            {
                await ExpectAsync(door, hall, hall.Token(role), $"the {role}", HttpStatusCode.Unauthorized, "auth.required");
            }

            foreach (var (name, token) in BadTokens.Of(hall, Role.Host, cluster.Program).Append(("a refresh token", refresh)))
            {
                await ExpectAsync(door, hall, token, name, HttpStatusCode.Unauthorized, "auth.required");
            }
        }

        foreach (var door in Doors)
        {
            await ExpectAsync(door, hall, hall.Account, "an account", HttpStatusCode.Unauthorized, "auth.required");
        }

        wrong.ShouldBeEmpty();
        (await cluster.StoredAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task An_account_cannot_find_the_rooms_of_other_accounts()
    {
        var hall = await Hall.MakeAsync(cluster.A);
        foreach (var door in cluster.Program.Doors().Where(door => door.IsForAccounts && door.Pattern.Contains("{roomId}", StringComparison.Ordinal)))
        {
            await ExpectAsync(door, hall, hall.Account, "a stranger", HttpStatusCode.NotFound, "room.notFound");
        }

        wrong.ShouldBeEmpty();
    }

    [Fact]
    public async Task Each_endpoint_accepts_the_right_token()
    {
        foreach (var door in Doors)
        {
            foreach (var role in door.Roles)
            {
                // Some commands need a draft, others an open poll; each succeeds with one of them.
                var hall = await Hall.MakeAsync(cluster.A);
                var answers = new[] { await AskAsync(door, hall, hall.Draft, hall.Token(role)), await AskAsync(door, hall, hall.Open, hall.Token(role)) };
                if (!answers.Any(answer => (int)answer.Status is >= 200 and < 300)
                    || answers.Any(answer => answer.Status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden))
                {
                    wrong.Add($"{door} by the {role}: {string.Join(", ", answers)}");
                }
            }
        }

        wrong.ShouldBeEmpty();
    }

    private async Task ExpectAsync(Door door, Hall hall, string? token, string who, HttpStatusCode status, string code)
    {
        foreach (var poll in new[] { hall.Open, hall.Draft })
        {
            if (await AskAsync(door, hall, poll, token) is var answer && answer != (status, code))
            {
                wrong.Add($"{door} by {who}: {answer}");
            }
        }
    }

    private async Task<(HttpStatusCode Status, string? Code)> AskAsync(Door door, Hall hall, Guid poll, string? token)
    {
        using var request = Samples.Request(door, hall, poll, token);
        using var answer = await http.SendAsync(request);
        return (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType == "application/problem+json"
            ? JsonElement.Parse(await answer.Content.ReadAsStringAsync()).GetProperty("code").GetString()
            : null);
    }
}
