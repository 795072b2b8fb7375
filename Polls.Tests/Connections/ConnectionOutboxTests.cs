using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.Logging.Abstractions;
using Polls.Api.Connections;
using Polls.Tests.Servers;

namespace Polls.Tests.Connections;

public sealed class ConnectionOutboxTests : IDisposable
{
    private readonly TestMetrics metrics = new();
    private readonly TestClient client = new(pauseAt: 1_000);
    private readonly ConnectionOutbox outbox;

    public ConnectionOutboxTests() => outbox = Outbox(client, limit: 4, TimeSpan.FromMinutes(1));

    [Fact]
    public async Task Waiting_messages_arrive_in_order_and_removed_ones_do_not_arrive()
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
    public async Task Messages_sent_together_are_one_write_to_a_fast_client_and_queued_singly_for_a_slow_one()
    {
        outbox.SendNewest(new NewestMessages([("a", Message("a1")), ("b", Message("b1"))]));
        client.Writes.ShouldBe(1);
        foreach (var expected in (string[])["a1", "b1"]) await client.GetsAsync(expected);

        Stall();
        outbox.SendNewest("a", Message("old a"));
        outbox.Send(Message("between"));
        outbox.SendNewest(new NewestMessages([("a", Message("a2")), ("b", Message("b2"))]));
        outbox.SendNewest(new NewestMessages([]));
        outbox.SendNewest(new NewestMessages([("b", Message("b3"))]));
        outbox.Waiting.ShouldBe(3);

        await client.ReadAsync();
        foreach (var expected in (string[])["a2", "between", "b3"]) await client.GetsAsync(expected);
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
    public async Task A_client_that_reads_nothing_for_too_long_is_aborted_even_if_it_never_pinged()
    {
        using var deaf = new TestClient(pauseAt: 1_000);
        var impatient = Outbox(deaf, limit: 1_000, TimeSpan.FromMilliseconds(50));
        impatient.Send(Message(new string('x', 2_000)));
        await Until.TrueAsync(() => deaf.Connection.ConnectionAborted.IsCancellationRequested, "it is aborted");
        impatient.Send(Message("after"));
        impatient.Waiting.ShouldBe(0);
    }

    [Fact]
    public async Task Many_senders_at_once_keep_their_own_order()
    {
        using var quick = new TestClient(pauseAt: 2_000);
        var wide = Outbox(quick, limit: 100_000, TimeSpan.FromMinutes(1));
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

    private ConnectionOutbox Outbox(TestClient to, int limit, TimeSpan stallLimit) =>
        new(to.Connection, limit, stallLimit, TimeProvider.System, new ConnectionMetrics(metrics.Registry), NullLogger.Instance);

    private static SerializedHubMessage Message(string text) => new(new InvocationMessage("Hello", [text]));

    private void Stall() => outbox.Send(Message(new string('x', 2_000)));
}
