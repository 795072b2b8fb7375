using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Polls.Tests.Journeys;

/// <summary>Bad input over HTTP: the right status, problem details with a stable code, and nothing stored.</summary>
[Collection(nameof(TwoInstances))]
public sealed class BadRequestTests(TwoInstances cluster, BadInputScene scene) : IClassFixture<BadInputScene>
{
    private const string Vote = "/api/rooms/{room}/polls/{open}/vote";
    private const string GoodVote = """{"choices":[0],"revision":0}""";
    private const string GoodDraft = """{"question":"Q","kind":"singleChoice","options":["a","b"]}""";

    [Theory]
    [InlineData("""{}""", "room.badTitle")]
    [InlineData("""{"title":""}""", "room.badTitle")]
    [InlineData("""{"title":" \t "}""", "room.badTitle")]
    [InlineData("""{"title":"{text200}"}""", "room.badTitle")]
    [InlineData("""{"title":"a\u0000b"}""", "room.badTitle")]
    [InlineData("""{"title":"a\u202eb"}""", "room.badTitle")]
    [InlineData("""{"title":"a\ud800b"}""", "request.malformed")]
    [InlineData("""{"title":5}""", "request.malformed")]
    [InlineData("""{"title":"a","title":"b"}""", "request.malformed")]
    [InlineData("""{"title":"a","polls":{}}""", "request.malformed")]
    [InlineData("""{"title":"a","polls":[null]}""", "poll.badQuestion")]
    [InlineData("""{"title":"a","polls":[{"question":"Q","kind":"singleChoice","options":["a"]}]}""", "poll.badOptions")]
    [InlineData("""{"title":"a" """, "request.malformed")]
    [InlineData("""[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]""", "request.malformed")]
    [InlineData("null", "request.malformed")]
    [InlineData("\"title\"", "request.malformed")]
    [InlineData("", "request.malformed")]
    public Task A_bad_room_is_refused(string body, string code) => RefusedAsync("POST", "/api/rooms", "none", body, 400, code);

    [Theory]
    [InlineData("POST /api/rooms HTTP/1.0\r\n")]
    [InlineData("POST /api/rooms HTTP/1.1\r\nHost:\r\n")]
    public async Task No_room_is_created_for_a_request_that_allows_no_valid_link(string head)
    {
        var before = await cluster.StoredAsync();
        using var socket = new TcpClient(cluster.A.Address.Host, cluster.A.Address.Port);
        await using var stream = socket.GetStream();
        const string body = """{"title":"A room"}""";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"{head}Content-Type: application/json\r\nConnection: close\r\nContent-Length: {body.Length}\r\n\r\n{body}"));
        var answer = await new StreamReader(stream).ReadToEndAsync();
        answer.ShouldStartWith("HTTP/1.1 400 ");
        answer.ShouldContain("\"code\":\"request.malformed\"");
        (await cluster.StoredAsync()).ShouldBe(before);
    }

    [Theory]
    [InlineData("{}", "poll.badOrder")]
    [InlineData("""{"polls":[]}""", "poll.badOrder")]
    [InlineData("""{"polls":["{open}","{foreign}"]}""", "poll.badOrder")]
    [InlineData("""{"polls":["{open}","{open}","{open}","{open}"]}""", "poll.badOrder")]
    [InlineData("""{"polls":["first"]}""", "request.malformed")]
    [InlineData("""{"polls":[null]}""", "request.malformed")]
    public Task A_bad_order_of_polls_is_refused(string body, string code) => RefusedAsync("PUT", "/api/rooms/{room}/polls/order", "host", body, 400, code);

    [Fact]
    public Task A_room_of_too_many_polls_is_refused() => RefusedAsync(
        "POST", "/api/rooms", "none", $$"""{"title":"a","polls":[{{string.Join(',', Enumerable.Repeat(GoodDraft, 201))}}]}""", 409, "room.tooManyPolls");

    [Theory]
    [InlineData("""{"kind":"singleChoice","options":["a","b"]}""", "poll.badQuestion")]
    [InlineData("""{"question":"","kind":"singleChoice","options":["a","b"]}""", "poll.badQuestion")]
    [InlineData("""{"question":"{text500}","kind":"singleChoice","options":["a","b"]}""", "poll.badQuestion")]
    [InlineData("""{"question":"a\u001bb","kind":"singleChoice","options":["a","b"]}""", "poll.badQuestion")]
    [InlineData("""{"question":"Q","options":["a","b"]}""", "poll.badKind")]
    [InlineData("""{"question":"Q","kind":"essay","options":["a","b"]}""", "poll.badKind")]
    [InlineData("""{"question":"Q","kind":"unknown","options":["a","b"]}""", "poll.badKind")]
    [InlineData("""{"question":"Q","kind":"rating","options":["a","b"]}""", "poll.badOptions")]
    [InlineData("""{"question":"Q","kind":0,"options":["a","b"]}""", "poll.badKind")]
    [InlineData("""{"question":"Q","kind":"singleChoice"}""", "poll.badOptions")]
    [InlineData("""{"question":"Q","kind":"singleChoice","options":[]}""", "poll.badOptions")]
    [InlineData("""{"question":"Q","kind":"singleChoice","options":["only"]}""", "poll.badOptions")]
    [InlineData("""{"question":"Q","kind":"singleChoice","options":["1","2","3","4","5","6","7","8","9","10","11","12","13","14","15","16","17","18","19","20","21"]}""", "poll.badOptions")]
    [InlineData("""{"question":"Q","kind":"singleChoice","options":["a",""]}""", "poll.badOptions")]
    [InlineData("""{"question":"Q","kind":"singleChoice","options":["a",null]}""", "poll.badOptions")]
    [InlineData("""{"question":"Q","kind":"singleChoice","options":["a","{text200}"]}""", "poll.badOptions")]
    [InlineData("""{"question":"Q","kind":"singleChoice","options":["a","b\nc"]}""", "poll.badOptions")]
    [InlineData("""{"question":"Q","kind":"singleChoice","options":"a"}""", "request.malformed")]
    [InlineData("""{"question":"Q","kind":"singleChoice","options":["a","b"],"settings":{"maxChoices":2}}""", "poll.badSettings")]
    [InlineData("""{"question":"Q","kind":"multipleChoice","options":["a","b"],"settings":{"maxChoices":0}}""", "poll.badSettings")]
    [InlineData("""{"question":"Q","kind":"multipleChoice","options":["a","b"],"settings":{"maxChoices":-1}}""", "poll.badSettings")]
    [InlineData("""{"question":"Q","kind":"multipleChoice","options":["a","b"],"settings":{"maxChoices":3}}""", "poll.badSettings")]
    [InlineData("""{"question":"Q","kind":"singleChoice","options":["a","b"],"settings":{"durationSeconds":0}}""", "poll.badSettings")]
    [InlineData("""{"question":"Q","kind":"singleChoice","options":["a","b"],"settings":{"durationSeconds":86401}}""", "poll.badSettings")]
    [InlineData("""{"question":"Q","kind":"singleChoice","options":["a","b"],"settings":{"durationSeconds":1.5}}""", "poll.badSettings")]
    [InlineData("""{"question":"Q","kind":"singleChoice","options":["a","b"],"settings":{"resultsVisibility":"never"}}""", "poll.badSettings")]
    [InlineData("""{"question":"Q","kind":"singleChoice","options":["a","b"],"settings":{"allowChange":"yes"}}""", "poll.badSettings")]
    [InlineData("""{"question":"Q","kind":"singleChoice","options":["a","b"],"settings":{"colour":"red"}}""", "poll.badSettings")]
    [InlineData("""{"question":"Q","kind":"singleChoice","options":["a","b"],"settings":[]}""", "poll.badSettings")]
    [InlineData("", "request.malformed")]
    public async Task A_bad_draft_is_neither_added_nor_takes_the_place_of_a_good_one(string body, string code)
    {
        await RefusedAsync("POST", "/api/rooms/{room}/polls", "host", body, 400, code);
        await RefusedAsync("PUT", "/api/rooms/{room}/polls/{draft}", "host", body, 400, code);
    }

    [Theory]
    [InlineData("""{"nickname":"{text40}"}""", "participant.badNickname")]
    [InlineData("""{"nickname":"a\u0007b"}""", "participant.badNickname")]
    [InlineData("""{"nickname":["a"]}""", "request.malformed")]
    [InlineData("""{"nickname":"a","nickname":"b"}""", "request.malformed")]
    [InlineData("""{"nickname":""", "request.malformed")]
    public Task A_bad_nickname_is_refused(string body, string code) =>
        RefusedAsync("POST", "/api/rooms/{room}/participants", "none", body, 400, code);

    [Theory]
    [InlineData("""{"choices":[],"revision":0}""", 400, "vote.badChoice")]
    [InlineData("""{"revision":0}""", 400, "vote.badChoice")]
    [InlineData("""{"choices":[0,1],"revision":0}""", 400, "vote.badChoice")]
    [InlineData("""{"choices":[-1],"revision":0}""", 400, "vote.badChoice")]
    [InlineData("""{"choices":[3],"revision":0}""", 400, "vote.badChoice")]
    [InlineData("""{"choices":[65536],"revision":0}""", 400, "vote.badChoice")]
    [InlineData("""{"choices":[0],"revision":-1}""", 400, "vote.badRevision")]
    [InlineData("""{"choices":[0]}""", 400, "vote.badRevision")]
    [InlineData("""{"choices":[0],"revision":2147483648}""", 400, "vote.badRevision")]
    [InlineData("""{"choices":[0],"revision":"1"}""", 400, "vote.badRevision")]
    [InlineData("""{"choices":[0.5],"revision":0}""", 400, "vote.badChoice")]
    [InlineData("""{"choices":["0"],"revision":0}""", 400, "vote.badChoice")]
    [InlineData("""{"choices":0,"revision":0}""", 400, "vote.badChoice")]
    [InlineData("""{"choices":[0],"choices":[1],"revision":0}""", 400, "request.malformed")]
    [InlineData("""{"choices":[0],"revision":0}}""", 400, "request.malformed")]
    [InlineData("null", 400, "request.malformed")]
    [InlineData("", 400, "request.malformed")]
    public Task A_bad_vote_is_not_counted(string body, int status, string code) => RefusedAsync("PUT", Vote, "participant", body, status, code);

    [Theory]
    [InlineData("{multiple}", """{"choices":[0,1,2],"revision":0}""", 400, "vote.badChoice")]
    [InlineData("{multiple}", """{"choices":[1,1],"revision":0}""", 400, "vote.badChoice")]
    [InlineData("{draft}", GoodVote, 409, "poll.notOpen")]
    [InlineData("{closed}", GoodVote, 409, "poll.notOpen")]
    [InlineData("{foreign}", GoodVote, 404, "poll.notFound")]
    [InlineData("{nobody}", GoodVote, 404, "poll.notFound")]
    [InlineData("no-id", GoodVote, 400, "request.malformed")]
    public Task A_vote_that_the_poll_does_not_accept_is_not_counted(string poll, string body, int status, string code) =>
        RefusedAsync("PUT", $"/api/rooms/{{room}}/polls/{poll}/vote", "participant", body, status, code);

    [Theory]
    [InlineData("{open}/vote?revision=-1", 400, "vote.badRevision")]
    [InlineData("{open}/vote", 400, "vote.badRevision")]
    [InlineData("{open}/vote?revision=one", 400, "vote.badRevision")]
    [InlineData("{open}/vote?revision=1.0", 400, "vote.badRevision")]
    [InlineData("{open}/vote?revision=2147483648", 400, "vote.badRevision")]
    [InlineData("{draft}/vote?revision=1", 409, "poll.notOpen")]
    [InlineData("{closed}/vote?revision=1", 409, "poll.notOpen")]
    [InlineData("{foreign}/vote?revision=1", 404, "poll.notFound")]
    public Task A_bad_withdrawal_changes_nothing(string path, int status, string code) =>
        RefusedAsync("DELETE", $"/api/rooms/{{room}}/polls/{path}", "participant", null, status, code);

    [Theory]
    [InlineData("POST", "/api/rooms/{room}/polls/{draft}/open", """{"durationSeconds":0}""", 400, "poll.badSettings")]
    [InlineData("POST", "/api/rooms/{room}/polls/{draft}/open", """{"durationSeconds":86401}""", 400, "poll.badSettings")]
    [InlineData("POST", "/api/rooms/{room}/polls/{draft}/open", """{"durationSeconds":"long"}""", 400, "request.malformed")]
    [InlineData("POST", "/api/rooms/{room}/polls/{draft}/close", null, 409, "poll.notOpen")]
    [InlineData("PUT", "/api/rooms/{room}/polls/{open}", GoodDraft, 409, "poll.notDraft")]
    [InlineData("DELETE", "/api/rooms/{room}/polls/{open}", null, 409, "poll.notDraft")]
    [InlineData("DELETE", "/api/rooms/{room}/polls/{closed}", null, 409, "poll.notDraft")]
    [InlineData("POST", "/api/rooms/{room}/polls/{draft}/explode", null, 404, "notFound")]
    [InlineData("PATCH", "/api/rooms/{room}/polls/{draft}", null, 405, "request.badMethod")]
    public Task A_host_cannot_do_what_the_poll_does_not_allow(string method, string path, string? body, int status, string code) =>
        RefusedAsync(method, path, "host", body, status, code);

    [Theory]
    [InlineData("PUT", "", GoodDraft)]
    [InlineData("DELETE", "", null)]
    [InlineData("POST", "/open", null)]
    [InlineData("POST", "/close", null)]
    [InlineData("POST", "/show-results", null)]
    [InlineData("POST", "/hide-results", null)]
    [InlineData("POST", "/reset", null)]
    public async Task A_poll_that_is_not_of_this_room_is_not_found(string method, string action, string? body)
    {
        await RefusedAsync(method, $"/api/rooms/{{room}}/polls/{{nobody}}{action}", "host", body, 404, "poll.notFound");
        await RefusedAsync(method, $"/api/rooms/{{room}}/polls/{{foreign}}{action}", "host", body, 404, "poll.notFound");
        await RefusedAsync(method, $"/api/rooms/{{room}}/polls/12345{action}", "host", body, 400, "request.malformed");
    }

    [Theory]
    [InlineData("GET", "/api/rooms/000000")]
    [InlineData("GET", "/api/rooms/12345")]
    [InlineData("GET", "/api/rooms/%D9%A1%D9%A2%D9%A3%D9%A4%D9%A5%D9%A6")]
    [InlineData("GET", "/api/rooms/'%20OR%201=1")]
    [InlineData("GET", "/api/rooms/000000/qr.svg")]
    [InlineData("POST", "/api/rooms/000000/participants")]
    public Task An_unknown_room_is_not_found(string method, string path) => RefusedAsync(method, path, "none", null, 404, "room.notFound");

    [Theory]
    [InlineData("POST", "/api/rooms/{endedRoom}/participants", "none", null)]
    [InlineData("POST", "/api/rooms/{endedRoom}/polls", "endedHost", GoodDraft)]
    public Task A_room_that_has_ended_accepts_no_changes(string method, string path, string token, string? body) =>
        RefusedAsync(method, path, token, body, 410, "room.ended");

    [Fact]
    public Task A_token_in_the_query_is_for_the_hub_only() =>
        RefusedAsync("POST", $"/api/rooms/{{room}}/close?access_token={scene.Token("host")}", "none", null, 401, "auth.required");

    [Theory]
    [InlineData("POST", "/api/rooms", "none", """{"title":"{tooLarge}"}""")]
    [InlineData("PUT", Vote, "participant", """{"choices":[0],"revision":0,"padding":"{tooLarge}"}""")]
    [InlineData("POST", "/api/rooms/{room}/polls", "host", """{"question":"{tooLarge}"}""")]
    public async Task A_body_too_large_is_refused(string method, string path, string token, string body)
    {
        using var request = Request(method, path, token, body);
        // If the client sends the whole body, the connection may be closed before the response can be read.
        request.Headers.ExpectContinue = true;
        await RefusedAsync(request, 413, "request.tooLarge");
    }

    [Fact]
    public async Task A_body_too_large_is_refused_even_without_a_content_length()
    {
        // Only a little too large: the server closes the connection after its answer, also while the client still sends.
        using var request = Request("POST", "/api/rooms", "none", $$"""{"title":"{{new string('x', 2 * 1024 * 1024)}}"}""");
        request.Headers.TransferEncodingChunked = true;
        await RefusedAsync(request, 413, "request.tooLarge");
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/xml")]
    public async Task Only_json_is_accepted(string mediaType)
    {
        using var room = Request("POST", "/api/rooms", "none", """{"title":"a"}""", mediaType);
        await RefusedAsync(room, 415, "request.badMediaType");
        using var vote = Request("PUT", Vote, "participant", GoodVote, mediaType);
        await RefusedAsync(vote, 415, "request.badMediaType");
    }

    private async Task RefusedAsync(string method, string path, string token, string? body, int status, string code)
    {
        using var request = Request(method, path, token, body);
        await RefusedAsync(request, status, code);
    }

    private async Task RefusedAsync(HttpRequestMessage request, int status, string code)
    {
        var before = await cluster.StoredAsync();
        using var http = new HttpClient { BaseAddress = cluster.B.Address, Timeout = TimeSpan.FromSeconds(60) };
        using var response = await http.SendAsync(request);

        var text = await response.Content.ReadAsStringAsync();
        ((int)response.StatusCode).ShouldBe(status, text);
        response.Content.Headers.ContentType?.MediaType.ShouldBe("application/problem+json");
        var problem = JsonElement.Parse(text);
        problem.GetProperty("code").GetString().ShouldBe(code);
        problem.GetProperty("status").GetInt32().ShouldBe(status);
        problem.TryGetProperty("exception", out _).ShouldBeFalse();
        (await cluster.StoredAsync()).ShouldBe(before);
    }

    private HttpRequestMessage Request(string method, string path, string token, string? body, string mediaType = "application/json")
    {
        var request = new HttpRequestMessage(new HttpMethod(method), scene.Fill(path));
        if (body is not null)
        {
            request.Content = new StringContent(scene.Fill(body), Encoding.UTF8, mediaType);
        }

        if (scene.Token(token) is { } bearer)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        }

        return request;
    }
}
