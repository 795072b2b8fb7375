using System.Net;
using System.Text.Json;
using Polls.Core.Storage;
using Polls.Tests.Clients;
using Polls.Tests.Servers;

namespace Polls.Tests.Endpoints;

/// <summary>Hidden data is in no response to those who may not see it, whatever they request.</summary>
[Collection(nameof(EndpointInstances))]
public sealed class HiddenTests(EndpointInstances cluster)
{
    [Fact]
    public async Task Drafts_and_hidden_tallies_are_in_no_answer_to_those_who_may_not_see_them()
    {
        var (testRoom, other) = (await TestRoom.MakeAsync(cluster.A), await TestRoom.MakeAsync(cluster.A));
        await cluster.A.VoteAsync(testRoom.Room.Code, testRoom.Open, testRoom.Person.Token, 0, 1);
        (string Who, string? Token, bool Tallies)[] callers =
        [
            ("nobody", null, false), ("a participant", testRoom.Person.Token, false), ("the screen", testRoom.Screen, true),
            ("another room's host", other.Room.HostToken, false),
        ];
        using var http = new HttpClient { BaseAddress = cluster.B.Address };
        var answered = 0;
        foreach (var endpoint in cluster.Program.Endpoints())
        {
            foreach (var poll in new[] { testRoom.Draft, testRoom.Open })
            {
                foreach (var (who, token, tallies) in callers)
                {
                    using var request = Samples.Request(endpoint, testRoom, poll, token);
                    using var answer = await http.SendAsync(request);
                    var text = await answer.Content.ReadAsStringAsync();
                    answered += answer.StatusCode == HttpStatusCode.OK ? 1 : 0;
                    text.ShouldNotContain(TestRoom.Secret, Case.Sensitive, $"{endpoint} by {who}");
                    (tallies || !HasTally(text, testRoom.Open)).ShouldBeTrue($"{endpoint} shows {who} a hidden tally: {text}");
                }
            }
        }

        answered.ShouldBeGreaterThan(0);
        // The data is visible to those who may see it.
        var truth = await cluster.B.SendAsync<JsonElement>(HttpMethod.Get, $"/api/rooms/{testRoom.Room.Code}/state", testRoom.Room.HostToken);
        truth.GetRawText().ShouldContain(TestRoom.Secret);
        HasTally(truth.GetRawText(), testRoom.Open).ShouldBeTrue();
    }

    [Fact]
    public async Task The_hub_sends_participants_neither_drafts_nor_hidden_tallies()
    {
        var testRoom = await TestRoom.MakeAsync(cluster.A);
        await using var phone = await RoomClient.ConnectAsync(cluster.B.Address, testRoom.Person.Token);
        await using var desk = await RoomClient.ConnectAsync(cluster.B.Address, testRoom.Room.HostToken);
        await phone.CastAsync(testRoom.Open, 0, 1);
        await cluster.A.WriteAsync(testRoom.Room, TestApi.Draft($"{TestRoom.Secret} either"));
        await Until.TrueAsync(
            () => desk.Polls.Values.Any(poll => poll.Question.EndsWith("either", StringComparison.Ordinal))
                && desk.Tallies.TryGetValue(testRoom.Open, out var tally) && tally.Voters == 1,
            "the desk has received the draft and the vote");

        var state = await phone.GetStateAsync();
        // Events are in order: a client that has received a newer event has received all earlier ones.
        await cluster.A.DoAsync(testRoom.Room, testRoom.Open, "close");
        await Until.TrueAsync(() => phone.Polls[testRoom.Open].State == PollState.Closed, "the phone has received the close");
        state.Polls.Single(poll => poll.Id == testRoom.Open).Tally.ShouldBeNull();
        phone.Polls.Keys.ShouldBe([testRoom.Open, testRoom.Words], ignoreOrder: true);
        phone.TallyLog.ShouldNotContain(tally => tally.PollId == testRoom.Open);
    }

    private static bool HasTally(string text, Guid poll)
    {
        try
        {
            return Objects(JsonElement.Parse(text)).Any(item =>
                item.TryGetProperty("counts", out _) && item.TryGetProperty("pollId", out var id) && id.ValueKind == JsonValueKind.String && id.ValueEquals(poll.ToString()));
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static IEnumerable<JsonElement> Objects(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(member => Objects(member.Value)).Prepend(element),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Objects),
        _ => [],
    };
}
