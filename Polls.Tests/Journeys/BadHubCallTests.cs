using Polls.Tests.Connections;

namespace Polls.Tests.Journeys;

/// <summary>Bad input on the hub: a stable code, nothing stored, and the connection stays open.</summary>
[Collection(nameof(TwoInstances))]
public sealed class BadHubCallTests(TwoInstances cluster, BadInputScene scene) : IClassFixture<BadInputScene>
{
    [Theory]
    [InlineData("CastVote", "\"{open}\",{\"choices\":[],\"revision\":0}", "vote.badChoice")]
    [InlineData("CastVote", "\"{open}\",{\"revision\":0}", "vote.badChoice")]
    [InlineData("CastVote", "\"{open}\",{\"choices\":[0,1],\"revision\":0}", "vote.badChoice")]
    [InlineData("CastVote", "\"{open}\",{\"choices\":[-1],\"revision\":0}", "vote.badChoice")]
    [InlineData("CastVote", "\"{open}\",{\"choices\":[3],\"revision\":0}", "vote.badChoice")]
    [InlineData("CastVote", "\"{multiple}\",{\"choices\":[1,1],\"revision\":0}", "vote.badChoice")]
    [InlineData("CastVote", "\"{multiple}\",{\"choices\":[0,1,2],\"revision\":0}", "vote.badChoice")]
    [InlineData("CastVote", "\"{open}\",{\"choices\":[0],\"revision\":-1}", "vote.badRevision")]
    [InlineData("CastVote", "\"{open}\",{\"choices\":[0]}", "vote.badRevision")]
    [InlineData("CastVote", "\"{open}\",null", "vote.badRevision")]
    [InlineData("CastVote", "\"{draft}\",{\"choices\":[0],\"revision\":0}", "poll.notOpen")]
    [InlineData("CastVote", "\"{closed}\",{\"choices\":[0],\"revision\":0}", "poll.notOpen")]
    [InlineData("CastVote", "\"{foreign}\",{\"choices\":[0],\"revision\":0}", "poll.notFound")]
    [InlineData("CastVote", "\"{nobody}\",{\"choices\":[0],\"revision\":0}", "poll.notFound")]
    [InlineData("CastVote", "\"no-id\",{\"choices\":[0],\"revision\":0}", "request.malformed")]
    [InlineData("CastVote", "\"{open}\",{\"choices\":[\"0\"],\"revision\":0}", "vote.badChoice")]
    [InlineData("CastVote", "\"{open}\",{\"choices\":[0],\"revision\":\"0\"}", "vote.badRevision")]
    [InlineData("CastVote", "\"{open}\",{\"choices\":[0],\"choices\":[1],\"revision\":0}", "request.malformed")]
    [InlineData("CastVote", "\"{open}\",[0]", "request.malformed")]
    [InlineData("CastVote", "\"{open}\"", "request.malformed")]
    [InlineData("CastVote", "", "request.malformed")]
    [InlineData("CastVote", "\"{open}\",{\"choices\":[0],\"revision\":0},1", "request.malformed")]
    [InlineData("WithdrawVote", "\"{open}\",-1", "vote.badRevision")]
    [InlineData("WithdrawVote", "\"{open}\"", "request.malformed")]
    [InlineData("WithdrawVote", "\"{open}\",null", "vote.badRevision")]
    [InlineData("WithdrawVote", "\"{open}\",\"1\"", "vote.badRevision")]
    [InlineData("WithdrawVote", "\"{open}\",1.0", "vote.badRevision")]
    [InlineData("WithdrawVote", "\"{open}\",2147483648", "vote.badRevision")]
    [InlineData("WithdrawVote", "\"no-id\",1", "request.malformed")]
    [InlineData("WithdrawVote", "\"{closed}\",1", "poll.notOpen")]
    [InlineData("WithdrawVote", "\"{foreign}\",1", "poll.notFound")]
    [InlineData("GetState", "1", "request.malformed")]
    [InlineData("OnConnectedAsync", "", "request.unknownMethod")]
    [InlineData("Dispose", "", "request.unknownMethod")]
    [InlineData("CloseRoom", "", "request.unknownMethod")]
    public async Task A_bad_call_is_refused_with_its_code_and_stores_nothing(string method, string arguments, string code)
    {
        using var client = await ConnectAsync("participant");
        var before = await cluster.StoredAsync();

        await client.CallAsync("bad", method, scene.Fill(arguments));

        (await ErrorOfAsync(client, "bad")).ShouldStartWith($"{code}: ");
        (await cluster.StoredAsync()).ShouldBe(before);
        await AnswersAsync(client);
    }

    [Theory]
    [InlineData("{\"type\":1,\u001e")]
    [InlineData("nonsense\u001e")]
    [InlineData("\u001e")]
    [InlineData("[]\u001e")]
    [InlineData("{\"type\":99}\u001e")]
    [InlineData("{\"type\":1,\"target\":\"CastVote\",\"arguments\":[]}\u001e")]
    public async Task A_record_that_cannot_be_answered_does_not_break_the_connection(string record)
    {
        using var client = await ConnectAsync("participant");
        var before = await cluster.StoredAsync();
        await client.SendAsync(record);
        await AnswersAsync(client);
        (await cluster.StoredAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task An_oversized_record_is_refused_and_the_connection_stays_open()
    {
        using var client = await ConnectAsync("participant");
        var before = await cluster.StoredAsync();
        await client.CallAsync("long", "CastVote", scene.Fill($"\"{{open}}\",{{\"choices\":[0],\"revision\":0,\"padding\":\"{new string('x', 200_000)}\"}}"));
        (await ErrorOfAsync(client, "long")).ShouldStartWith("request.tooLarge: ");
        await AnswersAsync(client);
        (await cluster.StoredAsync()).ShouldBe(before);
    }

    private Uri Hub(string? token) => new UriBuilder(cluster.B.Address) { Scheme = "ws", Path = "/hubs/room", Query = token is null ? "" : $"access_token={token}" }.Uri;

    private Task<RawHubClient> ConnectAsync(string token) => RawHubClient.ConnectAsync(Hub(scene.Token(token)));

    private static async Task<string> ErrorOfAsync(RawHubClient client, string id) => (await CompletionAsync(client, id)).GetProperty("error").GetString()!;

    private static async Task AnswersAsync(RawHubClient client)
    {
        await client.CallAsync("good", "GetState", "");
        (await CompletionAsync(client, "good")).GetProperty("result").GetProperty("state").GetString().ShouldBe("open");
    }

    /// <summary>The answer to this call; events of the room may arrive before it.</summary>
    private static async Task<System.Text.Json.JsonElement> CompletionAsync(RawHubClient client, string id)
    {
        while (true)
        {
            var message = await client.ReadAsync();
            if (message.GetProperty("type").GetInt32() == 3)
            {
                message.GetProperty("invocationId").GetString().ShouldBe(id);
                return message;
            }
        }
    }
}
