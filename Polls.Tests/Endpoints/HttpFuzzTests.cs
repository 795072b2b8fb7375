using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Xunit.Abstractions;

namespace Polls.Tests.Endpoints;

/// <summary>
/// Malformed requests to every endpoint of the route table, hundreds by default and thousands with
/// <c>POLLS_FUZZ_TIMES=10</c>: no server error, always a stable code, and nothing stored.
/// </summary>
[Collection(nameof(EndpointInstances))]
public sealed partial class HttpFuzzTests(EndpointInstances cluster, ITestOutputHelper output)
{
    private readonly Fuzz fuzz = new(output);
    private readonly List<string> wrong = [];
    private int refused;
    private int passed;

    [Fact]
    public async Task Every_fuzzed_request_gets_a_proper_response_and_refused_ones_store_nothing()
    {
        var log = new LogMark(cluster);
        using var http = Client();
        foreach (var endpoint in cluster.Program.Endpoints().Where(endpoint => endpoint.Method != "HEAD"))
        {
            var testRoom = await TestRoom.MakeAsync(cluster.A);
            var wanted = fuzz.Cases(endpoint.Body is null ? 10 : endpoint.IsOfAccounts ? 20 : 70);
            var cases = Enumerable.Range(0, wanted * 4).Select(number => HttpCase.Make(endpoint, testRoom, fuzz.Dice(endpoint.ToString(), number)))
                .DistinctBy(item => fuzz.Tell(item.ToString(), item.Body)).Take(wanted).ToList();

            // First all requests that must be refused; valid ones change the room that later ones use.
            var before = await cluster.StoredAsync();
            await SendAsync(http, testRoom, cases.Where(item => !item.MayPass));
            if (await cluster.StoredAsync() != before)
            {
                wrong.Add(fuzz.Tell($"{endpoint}: something was stored by a request that was refused", null));
            }

            await SendAsync(http, testRoom, cases.Where(item => item.MayPass));
        }

        output.WriteLine($"{refused} refused, {passed} passed");
        wrong.ForEach(output.WriteLine);
        wrong.Count.ShouldBe(0, $"the first: {wrong.FirstOrDefault()}");
        refused.ShouldBeGreaterThan(fuzz.Cases(400));
        passed.ShouldBeGreaterThan(0);
        (await log.FailuresAsync()).ShouldBeEmpty("the instances log no error");
        await TestRoom.MakeAsync(cluster.B);
    }

    private async Task SendAsync(HttpClient http, TestRoom testRoom, IEnumerable<HttpCase> cases)
    {
        foreach (var item in cases)
        {
            var token = item.Endpoint.IsHub ? testRoom.Screen : item.Endpoint.IsForAccounts ? testRoom.Account : item.Endpoint.Roles.Count == 0 ? null : testRoom.Token(item.Endpoint.Roles[0]);
            try
            {
                using var request = item.Request(token);
                using var answer = await http.SendAsync(request);
                if (await ComplaintAsync(item, answer) is { } violation)
                {
                    wrong.Add(fuzz.Tell($"{item}: {(int)answer.StatusCode} {violation}", item.Body));
                }
            }
            catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
            {
                wrong.Add(fuzz.Tell($"{item}: no answer: {exception.Message} {exception.InnerException?.Message}", item.Body));
            }
        }
    }

    /// <summary>What is wrong with a response; null if nothing is.</summary>
    private async Task<string?> ComplaintAsync(HttpCase item, HttpResponseMessage answer)
    {
        var status = (int)answer.StatusCode;
        var text = await answer.Content.ReadAsStringAsync();
        if (status is >= 500 or < 200)
        {
            return text;
        }

        if (status < 400)
        {
            passed++;
            return item.MayPass ? null : $"was accepted: {text}";
        }

        refused++;
        if (item.Endpoint.IsHub && answer.Content.Headers.ContentType?.MediaType == "text/plain")
        {
            // Sent by SignalR's transport to SignalR's clients.
            return null;
        }

        if (item.IsUnreadable && status == 400 && text.Length == 0)
        {
            return null;
        }

        if (answer.Content.Headers.ContentType?.MediaType != "application/problem+json")
        {
            return $"is no problem but {answer.Content.Headers.ContentType}: '{text}'";
        }

        var problem = JsonElement.Parse(text);
        return problem.TryGetProperty("code", out var code) && Code().IsMatch(code.GetString()!) && problem.GetProperty("status").GetInt32() == status
            ? null
            : $"has no stable code: {text}";
    }

    private HttpClient Client() => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        RequestHeaderEncodingSelector = (_, _) => Encoding.Latin1,
        ConnectCallback = async (_, cancellationToken) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(cluster.A.Address.Host, cluster.A.Address.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        },
    }) { Timeout = TimeSpan.FromSeconds(30) };

    [GeneratedRegex(@"^(?!internal$)[a-z][A-Za-z0-9]*(\.[a-z][A-Za-z0-9]*)*$")]
    private static partial Regex Code();
}
