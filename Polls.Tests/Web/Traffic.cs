using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Playwright;

namespace Polls.Tests.Web;

/// <summary>The traffic between a page and its server, and everything that the browser logs.</summary>
internal sealed class Traffic
{
    private readonly ConcurrentQueue<string> received = new();
    private readonly ConcurrentQueue<string> sent = new();
    private readonly ConcurrentQueue<string> addresses = new();
    private readonly ConcurrentQueue<string> complaints = new();
    private readonly ConcurrentQueue<Task<string>> answers = new();
    private readonly Uri home;
    private string[] expected = [];

    public Traffic(IPage page, Uri home)
    {
        this.home = home;
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
            {
                complaints.Enqueue(message.Text);
            }
        };
        page.PageError += (_, error) => complaints.Enqueue(error);
        page.Request += (_, request) =>
        {
            NoteAddress(request.Url);
            // Without WebSockets, calls of the hub are requests.
            if (request.Url.Contains("/hubs/", StringComparison.Ordinal) && request.PostData is { } body)
            {
                sent.Enqueue(body);
            }
        };
        page.Response += (_, response) =>
        {
            if (response.Url.Contains("/api/", StringComparison.Ordinal))
            {
                answers.Enqueue(response.TextAsync());
            }
        };
        page.WebSocket += (_, socket) =>
        {
            NoteAddress(socket.Url);
            socket.FrameReceived += (_, frame) => received.Enqueue(frame.Text ?? "");
            socket.FrameSent += (_, frame) => sent.Enqueue(frame.Text ?? "");
        };
    }

    /// <summary>
    /// Console errors (including Content-Security-Policy violations), exceptions, and requests to other origins.
    /// </summary>
    public IEnumerable<string> Complaints => complaints.Where(complaint => !expected.Any(complaint.Contains));

    /// <summary>Every requested address.</summary>
    public IReadOnlyCollection<string> Addresses => addresses;

    /// <summary>Everything received from the hub.</summary>
    public IReadOnlyCollection<string> Received => received;

    /// <summary>The different calls of this method of the hub. A call that gets no answer in time is repeated as it was.</summary>
    public IReadOnlyCollection<string> Called(string method) =>
    [
        .. sent.SelectMany(frame => frame.Split('\u001e'))
            .Where(message => message.Contains($"\"target\":\"{method}\"", StringComparison.Ordinal))
            .Select(message => JsonDocument.Parse(message).RootElement.GetProperty("arguments").GetRawText())
            .Distinct(),
    ];

    /// <summary>The bodies of all HTTP API responses.</summary>
    public Task<string[]> AnswersAsync() => Task.WhenAll(answers);

    /// <summary>The network or the server is taken down in this test: the browser may log this.</summary>
    public void ExpectBrokenConnections() => expected = [.. expected, "net::ERR_", "WebSocket connection to", "WebSocket is already in CLOSING", "error occurred when fetching the script"];

    /// <summary>The server refuses something in this test: the browser may log this.</summary>
    public void ExpectStatus(int status) => expected = [.. expected, $"the server responded with a status of {status}"];

    private void NoteAddress(string address)
    {
        addresses.Enqueue(address);
        var asked = new Uri(address);
        if (asked.Scheme is not ("data" or "blob" or "about") && asked.Authority != home.Authority)
        {
            complaints.Enqueue($"Asked somebody else: {address}");
        }

        // Proxies log addresses.
        if (asked.Query.Contains("token", StringComparison.Ordinal))
        {
            complaints.Enqueue($"A token in an address: {address}");
        }
    }
}
