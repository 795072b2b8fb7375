using System.Net;
using Polls.Tests.Clients;
using Polls.Tests.Endpoints;
using Polls.Tests.Servers;

namespace Polls.Tests.Nginx;

/// <summary>
/// Slow clients are disconnected by nginx before an instance sees their request, and other clients are not affected.
/// </summary>
[Collection(nameof(ThroughNginx))]
public sealed class SlowThroughNginxTests(ThroughNginx cluster) : IAsyncLifetime
{
    public Task InitializeAsync() => cluster.MendAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Large_bodies_that_do_not_arrive_are_bounded_by_address_and_small_ones_are_not()
    {
        const int Allowed = 50;
        const string From = "203.0.113.41";
        var slow = Enumerable.Range(0, 2 * Allowed).Select(i => SlowClient.UntilCutOffAsync(
            cluster.Address,
            // Each with an invented token: the limit of requests is another one.
            $"POST /api/rooms HTTP/1.1\r\nHost: polls.example\r\nX-Forwarded-For: {From}\r\nAuthorization: Bearer {Guid.NewGuid()}\r\n"
                + $"{(i % 2 == 0 ? "Content-Length: 2000000" : "Transfer-Encoding: chunked")}\r\n\r\n")).ToList();
        // The others wait for their bodies.
        await Until.TrueAsync(() => slow.Count(one => one.IsCompleted) >= Allowed / 2, "those above the limit are answered");
        (await slow.First(one => one.IsCompleted)).ShouldContain(" 429 ");

        using var same = cluster.From(From);
        (await same.RefusalAsync(HttpMethod.Post, "/api/rooms", null, """{"title":"Small"}""")).Status.ShouldBe(HttpStatusCode.Created);
        using var other = cluster.From("203.0.113.42");
        var large = Enumerable.Repeat(TestApi.Draft(new string('q', 400)), 30).ToArray();
        (await other.CreateRoomAsync(large)).Code.Length.ShouldBe(6);

        var said = await Task.WhenAll(slow);
        said.Count(answer => answer.Contains(" 429 ", StringComparison.Ordinal)).ShouldBeLessThanOrEqualTo(Allowed);
        said.ShouldAllBe(answer => !answer.Contains(" 201 ", StringComparison.Ordinal));
        (await same.CreateRoomAsync(large)).Code.Length.ShouldBe(6, "the limit has recovered");
    }

    [Fact]
    public async Task Stalled_clients_are_disconnected_while_others_are_served()
    {
        (string Begin, char? Then)[] ways =
        [
            ("", null),
            ("GET /api/rooms/000000 HTTP/1.1\r\nX-Slow: ", 'a'),
            ("POST /api/rooms HTTP/1.1\r\nHost: polls.example\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{", null),
        ];
        var slow = Task.WhenAll(ways.SelectMany(way =>
            Enumerable.Range(0, 25).Select(_ => SlowClient.UntilCutOffAsync(cluster.Address, way.Begin, way.Then))));
        using var api = cluster.From("203.0.113.40");
        var room = await api.CreateRoomAsync();
        for (var served = 0; !slow.IsCompleted; served++)
        {
            (await api.StateAsync(room.Code, room.HostToken)).Code.ShouldBe(room.Code);
            // Below the connection limit of one client.
            await Task.WhenAny(slow, Task.Delay(500));
        }

        foreach (var said in await slow)
        {
            said.ShouldNotContain(" 200 ");
            said.ShouldNotContain(" 201 ");
        }
    }
}
