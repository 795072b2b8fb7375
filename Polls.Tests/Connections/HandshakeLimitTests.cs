using System.Net.WebSockets;
using Polls.Api.Connections;

namespace Polls.Tests.Connections;

/// <summary>What a client may send before the handshake is complete.</summary>
public sealed class HandshakeLimitTests : IAsyncLifetime
{
    private const string Handshake = "{\"protocol\":\"json\",\"version\":1}\u001e";
    private GuardedHost host = null!;

    public async Task InitializeAsync() => host = await GuardedHost.StartAsync();

    public async Task DisposeAsync() => await host.DisposeAsync();

    [Theory]
    [InlineData(1)]
    [InlineData(250)]
    public async Task A_client_that_keeps_sending_without_a_handshake_is_disconnected_and_others_are_not_affected(int parts)
    {
        using var neighbour = await host.ConnectAsync();
        using var client = await host.OpenAsync();
        try
        {
            var part = new string('a', HandshakeLimit.MaximumBytes + 1);
            for (var i = 0; i < parts; i++) await client.SendAsync(part);
        }
        catch (WebSocketException)
        {
            // Aborted while sending.
        }

        (await client.LastWordsAsync()).ShouldNotContain("{}");
        await neighbour.WorksAsync();
        using var next = await host.ConnectAsync();
        await next.WorksAsync();
    }

    [Fact]
    public async Task Small_pieces_add_up()
    {
        using var client = await host.OpenAsync();
        try
        {
            for (var i = 0; i <= HandshakeLimit.MaximumBytes / 64; i++) await client.SendAsync(new string(' ', 64));
        }
        catch (WebSocketException)
        {
            // Aborted while sending.
        }

        (await client.LastWordsAsync()).ShouldNotContain("{}");
    }

    [Fact]
    public async Task A_handshake_of_exactly_the_limit_in_many_pieces_is_served()
    {
        using var client = await host.OpenAsync();
        var padded = new string(' ', HandshakeLimit.MaximumBytes - Handshake.Length) + Handshake;
        foreach (var piece in padded.Chunk(100)) await client.SendAsync(new string(piece));

        await client.IsGreetedAsync();
        await client.WorksAsync();
    }

    [Fact]
    public async Task Data_sent_together_with_the_handshake_does_not_count_as_handshake()
    {
        var text = new string('x', GuardedHost.Limit - 200);
        using var client = await host.OpenAsync();
        await client.SendAsync(
            Handshake + $"{{\"type\":1,\"invocationId\":\"1\",\"target\":\"Echo\",\"arguments\":[\"{text}\"]}}\u001e"
            + $"{{\"type\":1,\"invocationId\":\"2\",\"target\":\"Echo\",\"arguments\":[\"{text}\"]}}\u001e");

        await client.IsGreetedAsync();
        (await client.ReadAsync()).GetProperty("result").GetString().ShouldBe(text);
        (await client.ReadAsync()).GetProperty("result").GetString().ShouldBe(text);
        await client.WorksAsync();
    }
}
