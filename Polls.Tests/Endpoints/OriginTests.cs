using System.Net;
using System.Net.Http.Headers;
using System.Net.WebSockets;
using Polls.Tests.Clients;

namespace Polls.Tests.Endpoints;

/// <summary>
/// Pages of other sites may connect only where their origin is listed; programs, which send no origin, may connect
/// everywhere.
/// </summary>
[Collection(nameof(EndpointInstances))]
public sealed class OriginTests(EndpointInstances cluster)
{
    private const string Welcome = EndpointInstances.AllowedOrigin;
    private const string Foreign = "https://evil.example";

    [Fact]
    public async Task A_preflight_allows_a_listed_origin_what_our_clients_need_and_other_origins_nothing()
    {
        using var allowed = await PreflightAsync(cluster.B, Welcome, "PUT", "authorization,content-type,x-requested-with,x-signalr-user-agent");
        allowed.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        Header(allowed, "Access-Control-Allow-Origin").ShouldBe(Welcome);
        Header(allowed, "Access-Control-Allow-Methods").ShouldBe("GET,POST,PUT,DELETE");
        Header(allowed, "Access-Control-Allow-Headers").ShouldBe("Authorization,Content-Type,If-Match,If-None-Match,X-Requested-With,X-SignalR-User-Agent");
        Header(allowed, "Vary").ShouldBe("Origin");
        foreach (var (api, origin) in new[] { (cluster.B, Foreign), (cluster.B, "null"), (cluster.B, "http://slides.example"), (cluster.B, Welcome + ":8443"), (cluster.A, Welcome) })
        {
            using var refused = await PreflightAsync(api, origin, "PUT", "authorization");
            Names(refused).ShouldBeEmpty($"{origin} at {api.Address}");
        }
    }

    [Fact]
    public async Task Responses_and_refusals_are_readable_only_for_listed_origins()
    {
        foreach (var path in new[] { "/api/accounts/settings", "/api/rooms/000000", "/api/rooms/000000/state", "/nowhere" })
        {
            using var listed = await GetAsync(cluster.B, path, Welcome);
            Header(listed, "Access-Control-Allow-Origin").ShouldBe(Welcome, path);
            Header(listed, "Access-Control-Expose-Headers").ShouldBe("Retry-After,Content-Disposition,ETag,X-Request-Id", path);
            foreach (var (api, origin) in new[] { (cluster.B, Foreign), (cluster.B, null), (cluster.A, Welcome) })
            {
                using var other = await GetAsync(api, path, origin);
                other.StatusCode.ShouldBe(listed.StatusCode, "the browser hides the response from the page");
                Names(other).ShouldBeEmpty($"{path} for {origin}");
            }
        }
    }

    [Fact]
    public async Task A_WebSocket_opens_for_our_own_pages_listed_ones_and_programs()
    {
        var token = (await TestRoom.MakeAsync(cluster.A)).Person.Token;
        var own = cluster.A.Address.GetLeftPart(UriPartial.Authority);
        (await UpgradeAsync(cluster.A, token, null)).ShouldBe(HttpStatusCode.SwitchingProtocols);
        (await UpgradeAsync(cluster.A, token, own)).ShouldBe(HttpStatusCode.SwitchingProtocols);
        // A load balancer that is not trusted says that it received HTTPS.
        (await UpgradeAsync(cluster.A, token, "https" + own[4..])).ShouldBe(HttpStatusCode.SwitchingProtocols);
        (await UpgradeAsync(cluster.B, token, Welcome)).ShouldBe(HttpStatusCode.SwitchingProtocols);

        (await UpgradeAsync(cluster.A, token, Welcome)).ShouldBe(HttpStatusCode.Forbidden);
        (await UpgradeAsync(cluster.B, token, own)).ShouldBe(HttpStatusCode.Forbidden, "another port is another origin");
        (await UpgradeAsync(cluster.B, token, Foreign)).ShouldBe(HttpStatusCode.Forbidden);
        (await UpgradeAsync(cluster.B, token, "null")).ShouldBe(HttpStatusCode.Forbidden);
        (await UpgradeAsync(cluster.B, token, $"{Welcome}, {Foreign}")).ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task The_hubs_other_transports_are_closed_to_foreign_pages_just_as_well()
    {
        var token = (await TestRoom.MakeAsync(cluster.A)).Person.Token;
        foreach (var (api, origin, status) in new[]
        {
            (cluster.B, Welcome, HttpStatusCode.OK), (cluster.B, null, HttpStatusCode.OK), (cluster.B, Foreign, HttpStatusCode.Forbidden), (cluster.A, Welcome, HttpStatusCode.Forbidden),
        })
        {
            using var http = new HttpClient { BaseAddress = api.Address };
            using var request = Request(HttpMethod.Post, "/hubs/room/negotiate?negotiateVersion=1", origin);
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            using var answer = await http.SendAsync(request);
            answer.StatusCode.ShouldBe(status, $"{origin} at {api.Address}");
            if (status == HttpStatusCode.Forbidden)
            {
                (await answer.Content.ReadAsStringAsync()).ShouldContain("\"code\":\"auth.wrongOrigin\"");
            }
        }
    }

    private static async Task<HttpStatusCode> UpgradeAsync(TestApi api, string token, string? origin)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var socket = new ClientWebSocket { Options = { CollectHttpResponseDetails = true } };
        if (origin is not null)
        {
            socket.Options.SetRequestHeader("Origin", origin);
        }

        try
        {
            await socket.ConnectAsync(new UriBuilder(api.Address) { Scheme = "ws", Path = "/hubs/room", Query = $"access_token={token}" }.Uri, limit.Token);
        }
        catch (WebSocketException)
        {
            // The test asserts the status of the refusal.
        }

        return socket.HttpStatusCode;
    }

    private static async Task<HttpResponseMessage> PreflightAsync(TestApi api, string origin, string method, string headers)
    {
        using var http = new HttpClient { BaseAddress = api.Address };
        using var request = Request(HttpMethod.Options, "/api/rooms/123456/polls/0199a000-0000-7000-8000-000000000000/vote", origin);
        request.Headers.Add("Access-Control-Request-Method", method);
        request.Headers.Add("Access-Control-Request-Headers", headers);
        return await http.SendAsync(request);
    }

    private static async Task<HttpResponseMessage> GetAsync(TestApi api, string path, string? origin)
    {
        using var http = new HttpClient { BaseAddress = api.Address };
        using var request = Request(HttpMethod.Get, path, origin);
        return await http.SendAsync(request);
    }

    private static HttpRequestMessage Request(HttpMethod method, string path, string? origin)
    {
        var request = new HttpRequestMessage(method, path);
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }

        return request;
    }

    private static IEnumerable<string> Names(HttpResponseMessage answer) =>
        answer.Headers.Select(header => header.Key).Where(name => name.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase));

    private static string? Header(HttpResponseMessage answer, string name) =>
        answer.Headers.TryGetValues(name, out var values) ? string.Join(',', values) : null;
}
