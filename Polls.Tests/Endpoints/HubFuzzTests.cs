using System.Net.WebSockets;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Text.Unicode;
using Polls.Tests.Connections;
using Xunit.Abstractions;

namespace Polls.Tests.Endpoints;

/// <summary>
/// Hundreds of malformed records sent to the hub over one WebSocket: each call gets a stable code, the connection stays
/// open, and nothing is stored.
/// </summary>
[Collection(nameof(EndpointInstances))]
public sealed partial class HubFuzzTests(EndpointInstances cluster, ITestOutputHelper output)
{
    private readonly Fuzz fuzz = new(output);
    private readonly List<string> wrong = [];
    private RawHubClient client = null!;
    private int refused;
    private int passed;
    private int ignored;

    [Fact]
    public async Task Every_fuzzed_hub_record_is_refused_with_a_code_and_the_connection_stays_open()
    {
        var log = new LogMark(cluster);
        var testRoom = await TestRoom.MakeAsync(cluster.A);
        var cases = Enumerable.Range(0, fuzz.Cases(800)).Select(number => HubCase.Make(testRoom, number, fuzz.Dice("hub", number))).ToList();
        client = await ConnectAsync(testRoom);

        var before = await cluster.StoredAsync();
        await SendAsync(testRoom, cases.Where(item => !item.MayPass));
        if (await cluster.StoredAsync() != before)
        {
            wrong.Add("something was stored by a call that was refused");
        }

        await SendAsync(testRoom, cases.Where(item => item.MayPass));
        client.Dispose();

        output.WriteLine($"{refused} refused, {passed} passed, {ignored} not to be answered");
        wrong.ForEach(output.WriteLine);
        wrong.Count.ShouldBe(0, $"the first: {wrong.FirstOrDefault()}");
        refused.ShouldBeGreaterThan(fuzz.Cases(400));
        passed.ShouldBeGreaterThan(0);
        (await log.FailuresAsync()).ShouldBeEmpty("the instances log no error");
    }

    private async Task SendAsync(TestRoom testRoom, IEnumerable<HubCase> cases)
    {
        var number = 0;
        foreach (var item in cases)
        {
            try
            {
                // Invalid UTF-8 in a text message violates the WebSocket protocol and ends the connection; in a binary
                // message it is only invalid JSON.
                await client.SendAsync(item.Record, Utf8.IsValid(item.Record) ? WebSocketMessageType.Text : WebSocketMessageType.Binary);
                if (await ComplaintAsync(item, $"g{++number}") is { } violation)
                {
                    wrong.Add(fuzz.Tell(violation, item.Record));
                }
            }
            catch (Exception exception) when (exception is WebSocketException or ShouldAssertException or OperationCanceledException)
            {
                wrong.Add(fuzz.Tell($"the connection ended: {exception.Message}", item.Record));
                client.Dispose();
                client = await ConnectAsync(testRoom);
            }
        }
    }

    /// <summary>
    /// A valid call follows each record; everything received before its answer is the answer to the record.
    /// </summary>
    private async Task<string?> ComplaintAsync(HubCase item, string good)
    {
        await client.CallAsync(good, "GetState", "");
        string? violation = null;
        var answers = 0;
        while (true)
        {
            var said = await client.ReadAsync();
            if (said.GetProperty("type").GetInt32() != 3)
            {
                // The room's own events.
                continue;
            }

            if (said.GetProperty("invocationId").GetString() == good)
            {
                violation ??= said.TryGetProperty("result", out _) ? null : $"the next call fails: {said}";
                ignored += answers == 0 ? 1 : 0;
                return violation ?? (item.Id is not null && answers != 1 ? $"{answers} answers" : null);
            }

            answers++;
            violation ??= ComplaintOf(item, said);
        }
    }

    private string? ComplaintOf(HubCase item, JsonElement answer)
    {
        if (item.Id is not null && answer.GetProperty("invocationId").GetString() != item.Id)
        {
            return $"another call is answered: {answer}";
        }

        if (!answer.TryGetProperty("error", out var error))
        {
            passed++;
            return item.MayPass ? null : $"was accepted: {answer}";
        }

        refused++;
        return Coded().IsMatch(error.GetString()!) ? null : $"has no stable code: {answer}";
    }

    private Task<RawHubClient> ConnectAsync(TestRoom testRoom) => RawHubClient.ConnectAsync(
        new UriBuilder(cluster.A.Address) { Scheme = "ws", Path = "/hubs/room", Query = $"access_token={testRoom.Person.Token}" }.Uri);

    [GeneratedRegex(@"^(?!internal:|auth\.forged)[a-z][A-Za-z0-9]*(\.[a-z][A-Za-z0-9]*)*: ")]
    private static partial Regex Coded();
}
