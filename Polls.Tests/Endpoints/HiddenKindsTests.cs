using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Connections;
using Polls.Api.Rooms;
using Polls.Core.RoomPolls;
using Polls.Core.Storage;
using Polls.Tests.Clients;
using Polls.Tests.Servers;

namespace Polls.Tests.Endpoints;

/// <summary>
/// Hidden results of every kind are in nothing that a participant receives: on no transport of the hub, in no answer, no header, no receipt.
/// </summary>
[Collection(nameof(EndpointInstances))]
public sealed class HiddenKindsTests(EndpointInstances cluster)
{
    // What only tallies, pages of entries and receipts of visible results have.
    private static readonly string[] Traces = ["\"counts\":", "\"voters\":", "\"entries\":", "\"items\":", "\"numbers\":", "\"tally\":", "\"tallyVersion\":"];

    private static readonly HttpTransportType[] Transports =
        [HttpTransportType.WebSockets, HttpTransportType.ServerSentEvents, HttpTransportType.LongPolling];

    private static readonly Dictionary<string, (int Options, object Settings, string Others, string Own)> Kinds = new()
    {
        ["singleChoice"] = (3, new { }, """{"choices":[1]}""", """{"choices":[0]}"""),
        ["multipleChoice"] = (3, new { }, """{"choices":[1,2]}""", """{"choices":[0]}"""),
        ["rating"] = (0, new { look = "nps" }, """{"value":9}""", """{"value":1}"""),
        ["scales"] = (2, new { }, """{"values":[4,5]}""", """{"values":[1,null]}"""),
        ["ranking"] = (3, new { }, """{"ranking":[2,0,1]}""", """{"ranking":[0,1,2]}"""),
        ["points"] = (3, new { }, """{"points":[85,15,0]}""", """{"points":[0,0,100]}"""),
        ["motion"] = (0, new { }, """{"choices":[1]}""", """{"choices":[0]}"""),
        ["wordCloud"] = (0, new { }, """{"texts":["zebrafish"]}""", """{"texts":["ant"]}"""),
        ["numeric"] = (0, new { min = 0, max = 9000, decimals = 2 }, """{"number":4711.25}""", """{"number":8}"""),
    };

    public static IEnumerable<object[]> KindsAndVisibilities =>
        Kinds.Keys.SelectMany(_ => new[] { "hostOnly", "afterVote" }, (kind, visibility) => new object[] { kind, visibility });

    [Theory]
    [MemberData(nameof(KindsAndVisibilities))]
    public async Task Hidden_results_are_in_nothing_that_a_participant_receives(string kind, string visibility)
    {
        var (options, settings, others, own) = Kinds[kind];
        var room = await cluster.A.SendAsync<CreatedRoom>(HttpMethod.Post, "/api/rooms", null, new
        {
            title = "A room",
            polls = new object[]
            {
                new
                {
                    question = "Which?", kind, options = Enumerable.Range(1, options).Select(i => $"Option {i}"),
                    settings = With(settings, "resultsVisibility", visibility),
                },
                TestApi.Draft("The end", settings: new PollSettings { ResultsVisibility = ResultsVisibility.HostOnly }),
            },
        });
        var polls = (await cluster.A.StateAsync(room.Code, room.HostToken)).Polls;
        var (poll, last) = (polls[0].Id, polls[1].Id);
        await cluster.A.DoAsync(room, poll, "open");
        var (ann, bob) = ((await cluster.A.JoinAsync(room.Code)).Token, (await cluster.B.JoinAsync(room.Code)).Token);
        await using var desk = await RoomClient.ConnectAsync(cluster.B.Address, room.HostToken);
        var phones = await Task.WhenAll(Transports.Select(transport => RecordedHub.ConnectAsync(cluster.B.Address, bob, transport)));
        try
        {
            await VoteAsync(room, poll, ann, others, 0);
            await Until.TrueAsync(() => desk.Tallies.TryGetValue(poll, out var tally) && tally.Voters == 1, "the desk has the vote");

            var answers = new List<string>();
            if (visibility == "hostOnly")
            {
                answers.Add(await VoteAsync(room, poll, bob, own, 0));
                await phones[0].CallAsync("CastVote", poll, With(JsonElement.Parse(own), "revision", 1));
                await phones[1].CallAsync("WithdrawVote", poll, 2);
            }

            foreach (var phone in phones)
            {
                await phone.CallAsync("GetState");
            }

            answers.AddRange(await AskAsync(room, poll, bob, desk.Tallies[poll].Version));

            // Events are in order: a client that has received this one has received all earlier ones.
            await cluster.A.DoAsync(room, last, "open");
            await Until.TrueAsync(() => phones.All(phone => phone.Received.Contains("The end", StringComparison.Ordinal)), "every phone has the last event");
            foreach (var phone in phones)
            {
                ShouldTellNothing(phone.Received, others, phone.Name);
            }

            foreach (var answer in answers)
            {
                ShouldTellNothing(answer, others, "an answer");
            }

            // All of it arrives once it may be seen, so its absence means something.
            _ = visibility == "hostOnly"
                ? (object)await cluster.A.DoAsync(room, poll, "show-results")
                : await VoteAsync(room, poll, bob, own, 0);
            await Until.TrueAsync(
                () => phones.All(phone => phone.Received.Contains("\"tally\"", StringComparison.Ordinal) && phone.Received.Contains("\"counts\"", StringComparison.Ordinal)),
                "every phone has the result");
            (await AskAsync(room, poll, bob, 0)).ShouldContain(answer => answer.Contains("\"counts\"", StringComparison.Ordinal));
            phones.ShouldAllBe(phone => phone.Received.Contains(Secret(others) ?? "", StringComparison.Ordinal));
        }
        finally
        {
            foreach (var phone in phones)
            {
                await phone.DisposeAsync();
            }
        }
    }

    private static void ShouldTellNothing(string text, string others, string where)
    {
        foreach (var trace in Traces)
        {
            text.ShouldNotContain(trace, Case.Sensitive, where);
        }

        if (Secret(others) is { } secret)
        {
            text.ShouldNotContain(secret, Case.Sensitive, where);
        }
    }

    /// <summary>The word or the number of the other person, which occurs nowhere else.</summary>
    private static string? Secret(string answer) => new[] { "zebrafish", "4711.25" }.SingleOrDefault(answer.Contains);

    /// <summary>What a participant is answered: the state, the exports, the pages of entries, also if a version is known.</summary>
    private async Task<List<string>> AskAsync(CreatedRoom room, Guid poll, string token, long version)
    {
        var answers = new List<string>();
        using var http = new HttpClient { BaseAddress = cluster.A.Address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        foreach (var (path, isOpen) in new[]
        {
            ("state", true), ("results", false), ("results.csv", false), ("summary.csv", false), ($"polls/{poll}", false),
            ($"polls/{poll}/entries", false), ($"polls/{poll}/entries?sort=new&limit=1", false),
        })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/rooms/{room.Code}/{path}");
            if (!isOpen)
            {
                request.Headers.IfNoneMatch.Add(new EntityTagHeaderValue($"\"{version}\""));
            }

            using var response = await http.SendAsync(request);
            var isTold = response.StatusCode == HttpStatusCode.OK;
            (isTold || (int)response.StatusCode is 403 or 404).ShouldBeTrue($"{path}: {response.StatusCode}");
            if (!isTold)
            {
                response.Headers.ETag.ShouldBeNull(path);
            }

            answers.Add(await response.Content.ReadAsStringAsync());
        }

        return answers;
    }

    private async Task<string> VoteAsync(CreatedRoom room, Guid poll, string token, string answer, int revision)
    {
        using var body = JsonContent.Create(With(JsonElement.Parse(answer), "revision", revision));
        using var response = await cluster.A.SendAsync(HttpMethod.Put, $"/api/rooms/{room.Code}/polls/{poll}/vote", token, body);
        var receipt = await response.Content.ReadAsStringAsync();
        response.IsSuccessStatusCode.ShouldBeTrue(receipt);
        return receipt;
    }

    private static Dictionary<string, object?> With(object members, string name, object value) =>
        new(JsonSerializer.SerializeToElement(members).EnumerateObject().Select(member => KeyValuePair.Create(member.Name, (object?)member.Value)))
        {
            [name] = value,
        };
}
