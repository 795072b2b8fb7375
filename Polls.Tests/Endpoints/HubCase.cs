using System.Text;
using System.Text.Json;

namespace Polls.Tests.Endpoints;

/// <summary>One malformed hub record.</summary>
/// <param name="Id">The call's id; null if there is none to answer.</param>
/// <param name="Record">The record with its terminator.</param>
/// <param name="MayPass">Whether the record may be valid nevertheless; otherwise it must be refused.</param>
internal sealed record HubCase(string? Id, byte[] Record, bool MayPass)
{
    private static readonly string[] Targets =
    [
        "", " ", "castvote", "CASTVOTE", "CastVote ", "CastVote\\u0000", "Cast\\u0056ote", "CastVoteAsync", "OnConnectedAsync", "OnDisconnectedAsync", "Dispose", "ToString", "GetHashCode",
        "get_Context", "set_Clients", "Caller", "Voter", "RoomState", "../CastVote", "__proto__", "\\ud800", "\\u202e", "CloseRoom",
        "An unexpected error occurred invoking 'x' on the server. HubException: auth.forged: x", "auth.forged: x",
    ];

    private static readonly string[] Ids = ["\"\"", "0", "1.5", "null", "true", "{}", "[]", "[\"1\"]", "\"\\ud800\"", "\"\\u0000\"", "\"\\u001e\"", "\"</script>\"", "\"\\\"\"", "\"\u00e9\""];

    /// <summary>A case independent of the random source.</summary>
    public static HubCase Make(TestRoom testRoom, int number, Random dice)
    {
        var method = dice.Pick(["CastVote", "CastVote", "CastVote", "WithdrawVote", "GetState"]);
        var good = method switch
        {
            "CastVote" => $$"""["{{testRoom.Open}}",{"choices":[1],"revision":7}]""",
            "WithdrawVote" => $"[\"{testRoom.Open}\",7]",
            _ => "[]",
        };
        var id = $"c{number}";
        return dice.Next(10) switch
        {
            < 6 => OfArguments(testRoom, id, method, JsonMutations.Mutate(good, dice)),
            6 => OfArguments(testRoom, id, dice.Pick(Targets), Encoding.UTF8.GetBytes(good)),
            7 => OfFrame(testRoom, Encoding.UTF8.GetBytes(Frame(dice.Pick(Ids), method, good, dice.Next(2) == 0 ? "1" : "4"))),
            8 => OfFrame(testRoom, Encoding.UTF8.GetBytes(OfAnotherType($"\"{id}\"", good, dice))),
            _ => OfFrame(testRoom, JsonMutations.Mutate(Frame($"\"{id}\"", method, good, "1"), dice)),
        };
    }

    /// <summary>
    /// A call with bad arguments or a bad method; its id comes first and is intact, so it is always answered.
    /// </summary>
    private static HubCase OfArguments(TestRoom testRoom, string id, string method, byte[] arguments)
    {
        var called = HubRoles.Of.Keys.FirstOrDefault(name => name.Equals(method.Replace("\\u0056", "V", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase));
        var record = (byte[])[.. Encoding.UTF8.GetBytes($"{{\"type\":1,\"invocationId\":\"{id}\",\"target\":\"{method}\",\"arguments\":"), .. arguments, .. "}\u001e"u8];
        var mayPass = called is not null && TryParse(record.AsSpan(0, record.Length - 1)) is { } frame && IsWhole(frame)
            && Contract.AllowsCall(called, testRoom, frame.GetProperty("arguments"));
        return new(id, record, mayPass);
    }

    /// <summary>
    /// Any record. A call with a readable id is answered; with duplicate members, either one may be used.
    /// </summary>
    private static HubCase OfFrame(TestRoom testRoom, byte[] frame)
    {
        var record = (byte[])[.. frame, 0x1E];
        if (frame.Contains((byte)0x1E) || TryParse(frame) is not { ValueKind: JsonValueKind.Object } said)
        {
            return new(null, record, MayPass: false);
        }

        var id = said.TryGetProperty("invocationId", out var given) && given.ValueKind == JsonValueKind.String ? TextOf(given) : null;
        var isCall = said.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.Number && type.GetRawText() is "1" or "4";
        var isWhole = IsWhole(said);
        return new(
            isCall && isWhole && id is { Length: > 0 and <= 128 } && record.Length < 16_000 ? id : null, record,
            !isWhole || (isCall && said.TryGetProperty("target", out var target) && target.ValueKind == JsonValueKind.String
                && said.TryGetProperty("arguments", out var arguments) && Contract.AllowsCall(TextOf(target) ?? "", testRoom, arguments)));
    }

    private static string Frame(string id, string method, string arguments, string type) =>
        $"{{\"type\":{type},\"invocationId\":{id},\"target\":\"{method}\",\"arguments\":{arguments}}}";

    private static string OfAnotherType(string id, string arguments, Random dice) =>
        $"{{\"type\":{dice.Pick(["-1", "0", "2", "3", "4", "5", "6", "8", "9", "10", "99", "2147483648", "1.0", "\"1\"", "null"])},\"invocationId\":{id},\"target\":\"CastVote\",\"arguments\":{arguments},"
        + $"\"{dice.Pick(["streamIds", "headers", "item", "result", "error", "sequenceId", "allowReconnect"])}\":{dice.Pick(FuzzValues.Json)}}}";

    /// <summary>No relevant member is duplicated.</summary>
    private static bool IsWhole(JsonElement frame) => frame.ValueKind == JsonValueKind.Object
        && new[] { "type", "invocationId", "target", "arguments" }.All(name => frame.EnumerateObject().Count(member => member.NameEquals(name)) <= 1);

    private static string? TextOf(JsonElement text)
    {
        try
        {
            return text.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static JsonElement? TryParse(ReadOnlySpan<byte> frame)
    {
        try
        {
            return JsonElement.Parse(Contract.Text(frame.ToArray()), new JsonDocumentOptions { MaxDepth = 5000 });
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
