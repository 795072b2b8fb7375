using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.Logging.Abstractions;
using Polls.Api.Hubs;
using Polls.Tests.Servers;

namespace Polls.Tests.Hubs;

public sealed class ConnectionOutboxTests : IDisposable
{
    private readonly TestMetrics metrics = new();
    private readonly TestClient client = new(pauseAt: 1_000);
    private readonly ConnectionOutbox outbox;

    public ConnectionOutboxTests() => outbox = new(client.Connection, 4, metrics.Polls, NullLogger.Instance);

    [Fact]
    public async Task Waiting_messages_arrive_in_order_and_forgotten_ones_do_not()
    {
        Stall();
        outbox.Send(Message("1"));
        outbox.SendNewest("a", Message("old a"));
        outbox.SendNewest("b", Message("b"));
        outbox.Send(Message("2"));
        outbox.SendNewest("a", Message("new a"));
        outbox.Forget("b");
        outbox.Forget("unknown");
        outbox.Waiting.ShouldBe(3);

        await client.ReadAsync();
        foreach (var expected in (string[])["1", "new a", "2"]) await client.GetsAsync(expected);
        await Until.TrueAsync(() => metrics["polls.hub.connections.slow"] == 0, "it has caught up");
        outbox.Send(Message("direct"));
        outbox.Waiting.ShouldBe(0);
        await client.GetsAsync("direct");
    }

    [Fact]
    public async Task Too_many_waiting_messages_abort_the_connection()
    {
        Stall();
        for (var i = 0; i < 4; i++) outbox.Send(Message("waits"));
        client.Connection.ConnectionAborted.IsCancellationRequested.ShouldBeFalse();

        outbox.SendNewest("one too many", Message("x"));

        await Until.TrueAsync(() => client.Connection.ConnectionAborted.IsCancellationRequested, "it is aborted");
        outbox.Send(Message("after"));
        outbox.Waiting.ShouldBe(0);
        metrics["polls.hub.connections.overflowed"].ShouldBe(1);
        metrics["polls.hub.connections.slow"].ShouldBe(0);
    }

    [Fact]
    public async Task Many_senders_at_once_keep_their_own_order()
    {
        using var quick = new TestClient(pauseAt: 2_000);
        var wide = new ConnectionOutbox(quick.Connection, 100_000, metrics.Polls, NullLogger.Instance);
        var senders = Enumerable.Range(0, 4).Select(sender => Task.Run(() =>
        {
            for (var i = 0; i < 500; i++) wide.Send(Message($"{sender}:{i}"));
        })).ToArray();

        var next = new int[4];
        for (var read = 0; read < 2_000; read++)
        {
            var parts = (await quick.ReadAsync()).Arguments[0].GetString()!.Split(':');
            var sender = int.Parse(parts[0], null);
            int.Parse(parts[1], null).ShouldBe(next[sender]++);
        }

        await Task.WhenAll(senders);
    }

    public void Dispose()
    {
        client.Dispose();
        metrics.Dispose();
    }

    private static SerializedHubMessage Message(string text) => new(new InvocationMessage("Hello", [text]));

    private void Stall() => outbox.Send(Message(new string('x', 2_000)));
}
