using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Polls.Tests.Clients;
using Polls.Tests.Servers;

namespace Polls.Tests.Nginx;

/// <summary>Which requests nginx passes, how it refuses others, and what instances learn about the client.</summary>
[Collection(nameof(ThroughNginx))]
public sealed class ForwardingTests(ThroughNginx cluster) : IAsyncLifetime
{
    private static readonly string[] Languages =
        [.. Directory.GetDirectories(Repository.PathOf("Polls.Web", "src", "messages")).Select(folder => Path.GetFileName(folder)!)];

    public Task InitializeAsync() => cluster.MendAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [InlineData("/metrics")]
    [InlineData("/metrics/")]
    [InlineData("/%6detrics")]
    [InlineData("/x/../metrics")]
    public async Task Metrics_are_not_reachable(string path)
    {
        using var api = cluster.From("203.0.113.1");
        (await api.RefusalAsync(HttpMethod.Get, path)).ShouldBe((HttpStatusCode.NotFound, "notFound"));
    }

    [Fact]
    public async Task A_body_that_is_too_large_is_refused_with_the_stable_code()
    {
        using var api = cluster.From("203.0.113.2");
        (await api.RefusalAsync(HttpMethod.Post, "/api/rooms", body: new { title = new string('x', 3_000_000) }))
            .ShouldBe((HttpStatusCode.RequestEntityTooLarge, "request.tooLarge"));
        (await api.RefusalAsync(HttpMethod.Post, "/api/rooms", body: new { title = new string('x', 1_500_000) })).Status
            .ShouldBe(HttpStatusCode.BadRequest, "bodies that the API accepts pass nginx");
        (await api.RefusalAsync(HttpMethod.Post, "/join/000000", body: new { title = new string('x', 100_000) }))
            .ShouldBe((HttpStatusCode.RequestEntityTooLarge, "request.tooLarge"), "only /api accepts large bodies");
    }

    [Fact]
    public async Task A_single_client_is_limited_with_a_time_to_wait()
    {
        using var api = cluster.From("203.0.113.3");
        using var limited = await FirstAsync(
            () => api.SendAsync(HttpMethod.Get, "/api/rooms/000000/state", "a-token-that-nobody-gave-out", null),
            answer => answer.StatusCode == HttpStatusCode.TooManyRequests);
        limited.Headers.RetryAfter.ShouldNotBeNull().Delta.ShouldBe(TimeSpan.FromSeconds(1));
        limited.Content.Headers.ContentType?.MediaType.ShouldBe("application/problem+json");
        (await limited.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString().ShouldBe("rateLimited");

        using var signIn = await FirstAsync(
            () => api.SendAsync(HttpMethod.Post, "/api/accounts/login", null, null),
            answer => answer.StatusCode == HttpStatusCode.TooManyRequests);
        using var other = cluster.From("203.0.114.3");
        (await other.RefusalAsync(HttpMethod.Get, "/api/rooms/000000/state")).Status.ShouldBe(HttpStatusCode.Unauthorized, "another address is not limited");
    }

    [Fact]
    public async Task All_addresses_of_an_IPv6_network_are_one_client()
    {
        (await LimitedAsync(n => $"2001:db8:a:b::{n:x}")).ShouldBeTrue("devices choose the second half of their address");
        (await LimitedAsync(n => $"2001:db8:c:{n:x}::1")).ShouldBeFalse("these are different networks");

        async Task<bool> LimitedAsync(Func<int, string> address)
        {
            var answers = await Task.WhenAll(Enumerable.Range(1, 80).Select(async n =>
            {
                using var api = cluster.From(address(n));
                return (await api.RefusalAsync(HttpMethod.Post, "/api/accounts/login")).Status;
            }));
            return answers.Contains(HttpStatusCode.TooManyRequests);
        }
    }

    [Theory]
    [InlineData("https", "https://polls.example/")]
    [InlineData("http", "http://polls.example/")]
    [InlineData("gopher", "http://polls.example/")]
    public async Task The_scheme_is_taken_from_a_trusted_balancer(string scheme, string home)
    {
        using var http = new HttpClient { BaseAddress = cluster.Address };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/rooms")
        {
            Headers = { Host = "polls.example" }, Content = JsonContent.Create(new { title = "A room" }),
        };
        request.Headers.Add("X-Forwarded-For", "203.0.113.9");
        request.Headers.Add("X-Forwarded-Proto", scheme);
        request.Headers.Add("X-Forwarded-Host", "evil.example");
        request.Headers.Add("Forwarded", "host=evil.example;proto=https");
        using var answer = await http.SendAsync(request);
        var room = await answer.Content.ReadFromJsonAsync<JsonElement>();
        room.GetProperty("joinUrl").GetString().ShouldStartWith(home);
    }

    [Fact]
    public async Task Forwarded_headers_of_a_client_that_bypasses_nginx_are_ignored()
    {
        // An instance trusts only nginx.
        using var http = OtherAddress.Client(cluster.Cluster.Instances[0].Address);
        http.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");
        using var answer = await http.PostAsJsonAsync("/api/rooms", new { title = "A room" });
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("joinUrl").GetString().ShouldStartWith("http://");
    }

    [Fact]
    public async Task Without_any_instance_clients_are_told_to_retry()
    {
        await Task.WhenAll(cluster.Cluster.Instances.Select(instance => instance.KillAsync()));
        using var api = cluster.From("203.0.113.4");
        (await api.RefusalAsync(HttpMethod.Get, "/api/rooms/000000")).ShouldBe((HttpStatusCode.ServiceUnavailable, "unavailable"));
        (await api.RefusalAsync(HttpMethod.Post, "/api/rooms", body: new { title = "A room" })).ShouldBe((HttpStatusCode.ServiceUnavailable, "unavailable"));
    }

    [Fact]
    public async Task Without_any_instance_a_browser_shows_a_page_in_its_language_that_tries_again()
    {
        await Task.WhenAll(cluster.Cluster.Instances.Select(instance => instance.KillAsync()));
        var pages = await Task.WhenAll(Languages.Select(async language => (language, Page: await PageAsync("/", $"{language}-XX,en;q=0.5"))));
        pages.ShouldAllBe(page => page.Page.Status == HttpStatusCode.ServiceUnavailable && page.Page.Type == "text/html");
        pages.ShouldAllBe(page => page.Page.Text.Contains($"<html lang=\"{page.language}\"") && page.Page.Text.Contains("http-equiv=\"refresh\""));
        pages.Select(page => page.Page.Text[page.Page.Text.IndexOf("<p>", StringComparison.Ordinal)..]).Distinct().Count().ShouldBe(pages.Length);
        (await PageAsync("/", "xx")).Text.ShouldContain("<html lang=\"en\"");
    }

    [Fact]
    public async Task A_browser_that_is_limited_shows_a_page_that_tries_again()
    {
        (HttpStatusCode Status, string? Type, string? Text) limited = default;
        for (var sent = 0; limited.Status != HttpStatusCode.TooManyRequests; sent += 40)
        {
            sent.ShouldBeLessThan(8_000, "nothing was limited");
            var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => PageAsync("/api/accounts/login", "de", "203.0.113.6")));
            limited = answers.FirstOrDefault(answer => answer.Status == HttpStatusCode.TooManyRequests);
        }

        limited.Type.ShouldBe("text/html");
        limited.Text.ShouldNotBeNull().ShouldContain("http-equiv=\"refresh\"");
    }

    [Fact]
    public async Task Tokens_are_in_no_log()
    {
        var (room, poll) = await cluster.OpenRoomAsync();
        var person = await cluster.A.JoinAsync(room.Code);
        await using (var phone = await RoomClient.ConnectAsync(cluster.Address, person.Token))
        {
            await phone.CastAsync(poll, 1, 0);
        }

        await Task.WhenAll(cluster.Cluster.Instances.Select(instance => instance.KillAsync()));
        await Should.ThrowAsync<Exception>(() => RoomClient.ConnectAsync(cluster.Address, person.Token));
        using var api = cluster.From("203.0.113.5");
        await api.RefusalAsync(HttpMethod.Get, $"/api/rooms/{room.Code}?access_token={person.Token}");
        foreach (var part in cluster.Cluster.Parts)
        {
            (await File.ReadAllTextAsync(part.LogPath)).ShouldNotContain(person.Token, Case.Sensitive, part.Name);
        }
    }

    [Fact]
    public async Task Tokens_are_in_no_log_of_a_flood_either()
    {
        const string token = "a-token-that-nobody-gave-out";
        using var api = cluster.From("203.0.113.6");
        using var limited = await FirstAsync(
            () => api.SendAsync(HttpMethod.Get, $"/api/rooms/000000/state?access_token={token}", null, null),
            answer => answer.StatusCode == HttpStatusCode.TooManyRequests);
        await Until.TrueAsync(
            async () => (await File.ReadAllTextAsync(cluster.Cluster.Nginx!.LogPath)).Contains("GET /api/rooms/000000/state\" 429", StringComparison.Ordinal),
            "the access log has it");
        foreach (var part in cluster.Cluster.Parts)
        {
            (await File.ReadAllTextAsync(part.LogPath)).ShouldNotContain(token, Case.Sensitive, part.Name);
        }
    }

    private static async Task<HttpResponseMessage> FirstAsync(Func<Task<HttpResponseMessage>> ask, Func<HttpResponseMessage, bool> wanted)
    {
        for (var round = 0; round < 100; round++)
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 80).Select(_ => ask()));
            if (answers.FirstOrDefault(wanted) is { } found)
            {
                return found;
            }
        }

        throw new InvalidOperationException("No request got this response.");
    }

    /// <summary>What a browser gets that opens an address.</summary>
    private async Task<(HttpStatusCode Status, string? Type, string Text)> PageAsync(string path, string languages, string from = "203.0.113.7")
    {
        using var http = new HttpClient { BaseAddress = cluster.Address };
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("X-Forwarded-For", from);
        request.Headers.Add("Accept", "text/html,application/xhtml+xml,*/*;q=0.8");
        request.Headers.Add("Accept-Language", languages);
        using var answer = await http.SendAsync(request);
        return (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType, await answer.Content.ReadAsStringAsync());
    }
}
