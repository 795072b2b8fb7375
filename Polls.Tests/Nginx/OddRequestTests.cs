using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Polls.Tests.Nginx;

/// <summary>
/// Requests that no browser sends can neither bypass the limits nor get a response in another format.
/// </summary>
[Collection(nameof(ThroughNginx))]
public sealed class OddRequestTests(ThroughNginx cluster) : IAsyncLifetime
{
    public Task InitializeAsync() => cluster.MendAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [InlineData("GET /x#/../api/rooms/000000/state HTTP/1.1")]
    [InlineData("GET /api/%zz HTTP/1.1")]
    [InlineData("GET /api/%00 HTTP/1.1")]
    [InlineData("TRACE /api/rooms HTTP/1.1")]
    [InlineData("GET /api/rooms HTTP/1.1\r\nHost: a/b")]
    [InlineData("GET /api/rooms HTTP/1.1\r\nTransfer-Encoding: gzip")]
    public Task Unreadable_requests_are_refused_in_the_format_of_the_API(string head) => IsRefusedAsync(head);

    [Fact]
    public async Task A_header_that_is_too_long_is_refused_in_the_format_of_the_API()
    {
        var tooLong = new string('a', 9_000);
        await IsRefusedAsync($"GET /api/rooms?{tooLong} HTTP/1.1");
        await IsRefusedAsync($"GET /api/rooms HTTP/1.1\r\nX-Much: {tooLong}");
    }

    [Theory]
    [InlineData("/API/rooms/000000/state", "203.0.113.20")]
    [InlineData("/API/accounts/login", "203.0.113.21")]
    public async Task Limits_apply_to_paths_in_any_letter_case(string path, string address)
    {
        using var api = cluster.From(address);
        var limited = false;
        for (var sent = 0; !limited; sent += 80)
        {
            sent.ShouldBeLessThan(8_000, "nothing was limited");
            var answers = await Task.WhenAll(Enumerable.Range(0, 80).Select(_ => api.RefusalAsync(HttpMethod.Get, path)));
            limited = answers.Contains((HttpStatusCode.TooManyRequests, "rateLimited"));
        }
    }

    private async Task IsRefusedAsync(string head)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var client = new TcpClient();
        await client.ConnectAsync(cluster.Address.Host, cluster.Address.Port, limit.Token);
        var host = head.Contains("Host:", StringComparison.Ordinal) ? "" : "Host: polls.example\r\n";
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"{head}\r\n{host}Connection: close\r\n\r\n"), limit.Token);
        using var reader = new StreamReader(client.GetStream());
        var answer = await reader.ReadToEndAsync(limit.Token);
        answer.ShouldStartWith("HTTP/1.1 400 ");
        answer.ShouldContain("Content-Type: application/problem+json");
        answer.ShouldContain("\"code\":\"request.malformed\"");
    }
}
