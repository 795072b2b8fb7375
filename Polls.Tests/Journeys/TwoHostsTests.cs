using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Polls.Api.Http;
using Polls.Api.Rooms;
using Polls.Tests.Clients;

namespace Polls.Tests.Journeys;

/// <summary>Two hosts of one room, on two instances: none undoes what the other did without being told.</summary>
[Collection(nameof(TwoInstances))]
public sealed class TwoHostsTests(TwoInstances cluster)
{
    [Fact]
    public async Task A_poll_tells_its_version_to_hosts_and_a_save_for_another_version_is_refused()
    {
        var room = await cluster.A.CreateRoomAsync(TestApi.Draft());
        var poll = (await cluster.A.StateAsync(room.Code, room.HostToken)).Polls[0];
        var path = $"/api/rooms/{room.Code}/polls/{poll.Id}";
        using (var read = await cluster.B.SendAsync(HttpMethod.Get, path, room.HostToken, null))
        {
            read.Headers.ETag.ShouldBe(new EntityTagHeaderValue($"\"{poll.Version}\""));
        }

        (await SaveAsync(cluster.A, "First?", $"\"{poll.Version}\"")).Status.ShouldBe(HttpStatusCode.OK);
        (await SaveAsync(cluster.B, "Second?", $"\"{poll.Version}\"")).ShouldBe((HttpStatusCode.PreconditionFailed, "poll.changed"));
        (await SaveAsync(cluster.B, "First?", $"\"{poll.Version}\"")).Status.ShouldBe(HttpStatusCode.OK, "the same save again");
        foreach (var condition in new[] { $"W/\"{poll.Version + 1}\"", "\"\"", "\"x\"", "7", "\"-1\"", "\"99999999999999999999\"", "nonsense, \"" })
        {
            (await SaveAsync(cluster.A, "Second?", condition)).ShouldBe((HttpStatusCode.PreconditionFailed, "poll.changed"), condition);
        }

        (await SaveAsync(cluster.A, "Second?", $"\"1000\", \"{poll.Version + 1}\"")).Status.ShouldBe(HttpStatusCode.OK);
        (await SaveAsync(cluster.A, "Third?", "*")).Status.ShouldBe(HttpStatusCode.OK);
        (await SaveAsync(cluster.A, "Fourth?", null)).Status.ShouldBe(HttpStatusCode.OK);
        await cluster.A.DoAsync(room, poll.Id, "open");
        var ann = await cluster.B.JoinAsync(room.Code);
        (await cluster.B.StateAsync(room.Code, ann.Token)).Polls[0].Version.ShouldBeNull();
        (await cluster.B.StateAsync(room.Code, await cluster.A.ScreenTokenAsync(room))).Polls[0].Version.ShouldBeNull();

        Task<(HttpStatusCode Status, string? Code)> SaveAsync(TestApi host, string question, string? condition) =>
            SendAsync(host, HttpMethod.Put, path, room, condition, TestApi.Draft(question));
    }

    [Fact]
    public async Task Of_two_saves_at_the_same_moment_on_two_instances_one_wins()
    {
        var room = await cluster.A.CreateRoomAsync(TestApi.Draft());
        var poll = (await cluster.A.StateAsync(room.Code, room.HostToken)).Polls[0];
        var path = $"/api/rooms/{room.Code}/polls/{poll.Id}";
        var version = poll.Version!.Value;
        for (var round = 0; round < 25; round++, version++)
        {
            var answers = await Task.WhenAll(
                SendAsync(cluster.A, HttpMethod.Put, path, room, $"\"{version}\"", TestApi.Draft($"A {round}?")),
                SendAsync(cluster.B, HttpMethod.Put, path, room, $"\"{version}\"", TestApi.Draft($"B {round}?")));
            answers.OrderBy(answer => answer.Status).ShouldBe([(HttpStatusCode.OK, null), (HttpStatusCode.PreconditionFailed, "poll.changed")]);
            var stored = (await cluster.A.StateAsync(room.Code, room.HostToken)).Polls[0];
            stored.Question.ShouldBe($"{(answers[0].Status == HttpStatusCode.OK ? 'A' : 'B')} {round}?");
            stored.Version.ShouldBe(version + 1);
        }
    }

    [Fact]
    public async Task Opening_deleting_resetting_and_ordering_are_checked_as_well()
    {
        var room = await cluster.A.CreateRoomAsync(TestApi.Draft("One?"), TestApi.Draft("Two?"));
        var polls = (await cluster.A.StateAsync(room.Code, room.HostToken)).Polls;
        var path = $"/api/rooms/{room.Code}/polls/{polls[0].Id}";
        var refused = (HttpStatusCode.PreconditionFailed, "poll.changed");
        (await SendAsync(cluster.A, HttpMethod.Post, $"{path}/open", room, "\"0\"")).ShouldBe(refused);
        (await SendAsync(cluster.A, HttpMethod.Delete, path, room, "\"0\"")).ShouldBe(refused);
        (await SendAsync(cluster.A, HttpMethod.Post, $"{path}/open", room, $"\"{polls[0].Version}\"")).Status.ShouldBe(HttpStatusCode.OK);
        (await SendAsync(cluster.B, HttpMethod.Post, $"{path}/reset", room, $"\"{polls[0].Version}\"")).ShouldBe(refused);
        (await SendAsync(cluster.B, HttpMethod.Post, $"{path}/reset", room, $"\"{polls[0].Version + 1}\"")).Status.ShouldBe(HttpStatusCode.OK);
        (await SendAsync(cluster.B, HttpMethod.Delete, path, room, $"\"{polls[0].Version + 2}\"")).Status.ShouldBe(HttpStatusCode.NoContent);

        var other = await cluster.A.WriteAsync(room, TestApi.Draft("Three?"));
        Guid[] before = [polls[1].Id, other.Id], turned = [other.Id, polls[1].Id];
        (await SendAsync(cluster.A, HttpMethod.Put, OrderPath(), room, null, new { polls = turned, before = turned.Append(polls[0].Id) })).ShouldBe(refused);
        (await SendAsync(cluster.A, HttpMethod.Put, OrderPath(), room, null, new { polls = turned, before })).Status.ShouldBe(HttpStatusCode.NoContent);

        string OrderPath() => $"/api/rooms/{room.Code}/polls/order";
    }

    private static async Task<(HttpStatusCode Status, string? Code)> SendAsync(
        TestApi host, HttpMethod method, string path, CreatedRoom room, string? condition, object? body = null)
    {
        using var http = new HttpClient { BaseAddress = host.Address };
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body, options: Json.Options) };
        request.Headers.Authorization = new("Bearer", room.HostToken);
        if (condition is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", condition).ShouldBeTrue();
        }

        using var response = await http.SendAsync(request);
        return (response.StatusCode, response.IsSuccessStatusCode ? null : (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
    }
}
