using System.Buffers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Polls.Prove.Clients;

namespace Polls.Tests.Prove;

/// <summary>The fault suite receives every event, including those without a handler.</summary>
public sealed class ObservedProtocolTests : IInvocationBinder
{
    private readonly List<string> events = [];
    private readonly List<string> closes = [];
    private readonly List<Exception> unreadable = [];
    private readonly ObservedProtocol protocol;

    public ObservedProtocolTests() => protocol = new(
        (name, arguments, record) => events.Add($"{name} {arguments[0].GetProperty("n")} {record.Length}"),
        record => closes.Add(record.GetRawText()),
        unreadable.Add);

    [Fact]
    public void Events_of_any_name_are_passed_on_and_the_package_sees_only_a_ping()
    {
        const string first = """{"type":1,"target":"TallyChanged","arguments":[{"n":1}]}""";
        const string second = """{"type":1,"target":"NobodyListens","arguments":[{"n":2}]}""";

        Parse($"{first}\u001e{second}\u001e{{\"type\":1").ShouldBe([PingMessage.Instance, PingMessage.Instance]);
        events.ShouldBe([$"TallyChanged 1 {first.Length}", $"NobodyListens 2 {second.Length}"]);
    }

    [Fact]
    public void Completions_and_closes_are_left_to_the_package()
    {
        var messages = Parse("{\"type\":3,\"invocationId\":\"1\",\"result\":{\"n\":1}}\u001e{\"type\":7,\"allowReconnect\":true}\u001e");

        messages[0].ShouldBeOfType<CompletionMessage>().Result.ShouldBeOfType<JsonElement>().GetProperty("n").GetInt32().ShouldBe(1);
        messages[1].ShouldBeOfType<CloseMessage>().AllowReconnect.ShouldBeTrue();
        closes.ShouldBe(["{\"type\":7,\"allowReconnect\":true}"]);
        events.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("{\"type\":1,\"target\":\"TallyChanged\",\"arguments\":[{}]}")]
    [InlineData("{\"type\":1,\"target\":\"TallyChanged\"}")]
    [InlineData("nonsense")]
    public void Unreadable_records_are_reported(string record)
    {
        var thrown = Should.Throw<Exception>(() => Parse(record + "\u001e"));
        unreadable.ShouldBe([thrown]);
    }

    Type IInvocationBinder.GetReturnType(string invocationId) => typeof(JsonElement);

    IReadOnlyList<Type> IInvocationBinder.GetParameterTypes(string methodName) => throw new InvalidOperationException("Events are not bound.");

    Type IInvocationBinder.GetStreamItemType(string streamId) => throw new InvalidOperationException("Nothing is streamed.");

    private List<HubMessage> Parse(string records)
    {
        var unread = new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(records));
        var messages = new List<HubMessage>();
        while (protocol.TryParseMessage(ref unread, this, out var message))
        {
            messages.Add(message);
        }

        return messages;
    }
}
