namespace Polls.Tests.Connections;

public sealed class HubProtocolGuardTests : IAsyncLifetime
{
    private GuardedHost host = null!;
    private RawHubClient client = null!;

    public async Task InitializeAsync()
    {
        host = await GuardedHost.StartAsync();
        client = await host.ConnectAsync();
    }

    public async Task DisposeAsync()
    {
        client.Dispose();
        await host.DisposeAsync();
    }

    [Theory]
    [InlineData("Refuse", "", "poll.notOpen: This poll is closed.")]
    [InlineData("Blurt", "", "internal: no code here")]
    [InlineData("Fail", "", "internal: The server could not complete the call.")]
    [InlineData("Forbidden", "", "auth.forbidden: This token does not allow this call.")]
    [InlineData("Nowhere", "1", "request.unknownMethod: This method does not exist.")]
    [InlineData("Add", "\"one\",2", "request.malformed: The call must have 2 arguments of the right types.")]
    [InlineData("Add", "1", "request.malformed: The call must have 2 arguments of the right types.")]
    [InlineData("Add", "1,2,3", "request.malformed: The call must have 2 arguments of the right types.")]
    [InlineData("Add", "{},[]", "request.malformed: The call must have 2 arguments of the right types.")]
    public async Task A_refused_call_has_a_code_and_no_boilerplate(string method, string arguments, string expected)
    {
        await client.CallAsync("7", method, arguments);

        (await client.ErrorOfAsync("7")).ShouldBe(expected);
        await client.WorksAsync();
    }

    [Theory]
    [InlineData("{\"type\":1,\"invocationId\":\"8\",\"target\":\"Echo\",\"arguments\":[}")]
    [InlineData("{\"type\":1,\"target\":\"Echo\",arguments:[], \"invocationId\" : \"8\"}")]
    [InlineData("{\"type\":1,\"invocationId\":\"8\",\"target\":\"Echo\"}")]
    [InlineData("{\"type\":1,\"invocationId\":\"8\",\"target\":\"Echo\",\"arguments\":\"no list\"}")]
    [InlineData("{\"invocationId\":\"8\"}")]
    [InlineData("{\"type\":\"1\",\"invocationId\":\"8\"}")]
    [InlineData("nonsense with \"invocationId\":\"8\" in it")]
    [InlineData("{\"type\":1,\"invocationId\":\"8\",\"target\":\"Echo\",\"arguments\":[\"x\"]}}")]
    [InlineData("{\"type\":1,\"invocationId\":\"8\",\"target\":\"Echo\",\"arguments\":[\"x\"]} {}")]
    [InlineData("{\"type\":1,\"invocationId\":\"8\",\"target\":\"Echo\",\"arguments\":[\"x\"],\"item\":1}")]
    [InlineData("{\"type\":4,\"invocationId\":\"8\",\"target\":\"Echo\",\"arguments\":[\"x\"],\"item\":{}}")]
    public async Task A_broken_record_with_an_id_is_answered(string record)
    {
        await client.SendAsync(record + "\u001e");

        (await client.ErrorOfAsync("8")).ShouldStartWith("request.malformed: ");
        await client.WorksAsync();
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{\"type\":99}")]
    [InlineData("{\"type\":1,\"target\":\"Nowhere\",\"arguments\":[]}")]
    [InlineData("{\"type\":3,\"invocationId\":\"unknown\",\"result\":1}")]
    [InlineData("{\"invocationId\":\"\"}")]
    [InlineData("{\"a\":1}\u001e{}\u001e\u001e{{{{")]
    public async Task A_broken_record_without_an_id_is_ignored(string record)
    {
        await client.SendAsync(record + "\u001e");

        await client.WorksAsync();
    }

    [Fact]
    public async Task Records_after_a_broken_one_in_the_same_frame_are_processed()
    {
        await client.SendAsync(
            "{\"type\":99}\u001enonsense\u001e{\"type\":1,\"invocationId\":\"9\",\"target\":\"Refuse\",\"arguments\":[]}\u001e");

        (await client.ErrorOfAsync("9")).ShouldStartWith("poll.notOpen: ");
        await client.WorksAsync();
    }

    [Fact]
    public async Task An_oversized_record_is_discarded_while_it_arrives_and_answered_at_its_end()
    {
        await client.SendAsync("{\"type\":1,\"invocationId\":\"10\",\"target\":\"Echo\",\"arguments\":[\"");
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var part = new string('x', 60_000);
        for (var i = 0; i < 500; i++) await client.SendAsync(part);
        var grown = GC.GetTotalMemory(forceFullCollection: true) - before;
        await client.SendAsync("\"]}\u001e");

        (await client.ErrorOfAsync("10")).ShouldStartWith("request.tooLarge: ");
        grown.ShouldBeLessThan(20_000_000, "30 MB were sent");
        await client.WorksAsync();
    }

    [Fact]
    public async Task An_oversized_record_that_arrives_at_once_is_answered_and_one_without_an_id_is_ignored()
    {
        var text = new string('x', GuardedHost.Limit);
        await client.CallAsync("11", "Echo", $"\"{text}\"");
        (await client.ErrorOfAsync("11")).ShouldStartWith("request.tooLarge: ");
        await client.SendAsync($"{text}\u001e");
        await client.SendAsync(text + text);
        await client.SendAsync($"{text}\u001e");
        await client.WorksAsync();
    }

    [Fact]
    public async Task A_record_of_exactly_the_limit_is_served()
    {
        const string Start = "{\"type\":1,\"invocationId\":\"12\",\"target\":\"Echo\",\"arguments\":[\"";
        var text = new string('x', GuardedHost.Limit - Start.Length - 3);

        await client.SendAsync($"{Start}{text}\"]}}\u001e");

        (await client.ReadAsync()).GetProperty("result").GetString().ShouldBe(text);
    }

    [Fact]
    public async Task An_oversized_record_on_one_connection_does_not_affect_another()
    {
        using var other = await host.ConnectAsync();
        await client.SendAsync("{\"invocationId\":\"13\",\"x\":\"" + new string('x', 3 * GuardedHost.Limit));

        await other.WorksAsync();
        await client.SendAsync("\"}\u001e");
        (await client.ErrorOfAsync("13")).ShouldStartWith("request.tooLarge: ");
    }

    [Fact]
    public async Task An_unrequested_result_is_ignored()
    {
        await client.SendAsync("{\"type\":3,\"invocationId\":\"never asked\",\"result\":41}\u001e");

        await client.WorksAsync();
    }

    [Fact]
    public async Task Sending_without_the_outboxes_fails_and_affects_no_connection()
    {
        await client.CallAsync("14", "TellAll", "");

        (await client.ErrorOfAsync("14")).ShouldStartWith("internal: ");
        await client.WorksAsync();
    }
}
