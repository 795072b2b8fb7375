using Polls.Tests.Endpoints;

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
