using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Polls.Api.Http;
using Polls.Api.Rooms;
using Polls.Core.RoomPolls;
using Polls.Core.Rooms;
using Polls.Core.Storage;
using Polls.Core.Votes;
using Polls.Tests.Servers;

namespace Polls.Tests.Clients;

/// <summary>The HTTP contract, written from a client's point of view.</summary>
internal sealed class TestApi : IDisposable
{
    private readonly HttpClient http;

    /// <summary>A client for which the load balancer reports this address.</summary>
    public TestApi(Uri address, string? from = null)
        : this(address, new HttpClientHandler())
    {
        if (from is not null)
        {
            http.DefaultRequestHeaders.Add("X-Forwarded-For", from);
        }
    }

    private TestApi(Uri address, HttpClientHandler handler)
    {
        Address = address;
        http = new(handler) { BaseAddress = address, Timeout = TimeSpan.FromSeconds(60) };
    }

    public Uri Address { get; }

    /// <summary>A client for a test's own certificate.</summary>
    public static TestApi TrustingAnyone(Uri address) => new(
        address, new HttpClientHandler { ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator });

    public static PollDraft Draft(
        string question = "Which one?", int options = 3, PollKind kind = PollKind.SingleChoice, PollSettings? settings = null) =>
        new(question, kind, [.. Enumerable.Range(1, options).Select(i => $"Option {i}")], settings);

    public Task<CreatedRoom> CreateRoomAsync(params PollDraft[] polls) => CreateRoomAsync("A room", polls);

    public Task<CreatedRoom> CreateRoomAsync(string title, params PollDraft[] polls) =>
        SendAsync<CreatedRoom>(HttpMethod.Post, "/api/rooms", null, new { title, polls });

    public Task<JoinedRoom> JoinAsync(string code, string? nickname = null) =>
        SendAsync<JoinedRoom>(HttpMethod.Post, $"/api/rooms/{code}/participants", null, new { nickname });

    public async Task<string> ScreenTokenAsync(CreatedRoom room) =>
        (await SendAsync<ScreenToken>(HttpMethod.Post, $"/api/rooms/{room.Code}/screens", room.HostToken)).Token;

    /// <summary>Creates an account; all test accounts have the same password.</summary>
    public Task<AccessTokenResponse> RegisterAsync(string? email = null, string? invitation = null) => SendAsync<AccessTokenResponse>(
        HttpMethod.Post, "/api/accounts/register", null, new { email = email ?? NewEmail(), password = Password, invitation });

    public Task<AccessTokenResponse> SignInAsync(string email, string password = Password) =>
        SendAsync<AccessTokenResponse>(HttpMethod.Post, "/api/accounts/login", null, new { email, password });

    /// <summary>Creates a room with an account.</summary>
    public Task<CreatedRoom> CreateRoomAsAsync(string account, params PollDraft[] polls) =>
        SendAsync<CreatedRoom>(HttpMethod.Post, "/api/rooms", account, new { title = "An owned room", polls });

    /// <summary>An unused account name.</summary>
    public static string NewEmail() => $"host-{Guid.NewGuid():N}@polls.example";

    public const string Password = "correct horse battery";

    public Task<RoomState> StateAsync(string code, string token) =>
        SendAsync<RoomState>(HttpMethod.Get, $"/api/rooms/{code}/state", token);

    public Task<PollView> WriteAsync(CreatedRoom room, PollDraft draft) =>
        SendAsync<PollView>(HttpMethod.Post, $"/api/rooms/{room.Code}/polls", room.HostToken, draft);

    /// <summary>open, close, show-results, hide-results or reset.</summary>
    public Task<PollView> DoAsync(CreatedRoom room, Guid poll, string action, object? body = null) =>
        SendAsync<PollView>(HttpMethod.Post, $"/api/rooms/{room.Code}/polls/{poll}/{action}", room.HostToken, body);

    public Task<VoteReceipt> VoteAsync(string code, Guid poll, string token, int revision, params int[] choices) =>
        SendAsync<VoteReceipt>(HttpMethod.Put, $"/api/rooms/{code}/polls/{poll}/vote", token, new { choices, revision });

    /// <summary>For requests that succeed. Like any client, this one repeats what a busy server could not do in time.</summary>
    public async Task<T> SendAsync<T>(HttpMethod method, string path, string? token = null, object? body = null)
    {
        for (var started = Stopwatch.GetTimestamp(); ; await Task.Delay(200))
        {
            using var response = await SendAsync(method, path, token, body is null ? null : JsonContent.Create(body, options: Json.Options));
            if (response.StatusCode == HttpStatusCode.ServiceUnavailable && Stopwatch.GetElapsedTime(started) < Until.Limit)
            {
                continue;
            }

            response.IsSuccessStatusCode.ShouldBeTrue($"{method} {path}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
            return (await response.Content.ReadFromJsonAsync<T>(Json.Options))!;
        }
    }

    /// <summary>The status and the stable code of a refused request.</summary>
    public async Task<(HttpStatusCode Status, string? Code)> RefusalAsync(
        HttpMethod method, string path, string? token = null, object? body = null)
    {
        using var response = await SendAsync(method, path, token, body switch
        {
            null => null,
            string raw => new StringContent(raw, MediaTypeHeaderValue.Parse("application/json")),
            _ => JsonContent.Create(body, options: Json.Options),
        });
        if (response.IsSuccessStatusCode)
        {
            return (response.StatusCode, null);
        }

        response.Content.Headers.ContentType?.MediaType.ShouldBe("application/problem+json", $"{method} {path}");
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        return (response.StatusCode, problem.GetProperty("code").GetString());
    }

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? token, HttpContent? content)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        return await http.SendAsync(request);
    }

    public void Dispose() => http.Dispose();
}
