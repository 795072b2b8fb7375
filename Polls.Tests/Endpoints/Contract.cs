using System.Globalization;
using System.Text;
using System.Text.Json;
using Polls.Api.Entries;
using Polls.Api.RoomPolls;
using Polls.Api.Rooms;
using Polls.Api.Seats;
using Polls.Api.Votes;
using Polls.Core.RoomPolls;

namespace Polls.Tests.Endpoints;

/// <summary>
/// Whether a body satisfies the contract, written independently of the product: every accepted fuzzed request must be
/// valid by this definition, however much of it was removed. Unknown members are ignored.
/// </summary>
internal static class Contract
{
    private static readonly Encoding Letters = Encoding.GetEncoding("utf-8", EncoderFallback.ExceptionFallback, new DecoderReplacementFallback("\u202e"));

    /// <summary>Whether this body may be accepted for this type.</summary>
    public static bool Allows(Type type, TestRoom testRoom, byte[] body, string? mediaType)
    {
        if (body.Length == 0)
        {
            return type.Name is nameof(NewParticipant) or nameof(OpenPoll) or nameof(Revocation);
        }

        return Try(() => Text(body, mediaType) is { } text && Allows(type.Name, testRoom, JsonElement.Parse(text, new JsonDocumentOptions { MaxDepth = 5000 })));
    }

    /// <summary>Whether this may be accepted as a vote for a single choice among three.</summary>
    private static bool IsVote(JsonElement vote) =>
        Member(vote, "choices", choices => choices.ValueKind == JsonValueKind.Array && choices.GetArrayLength() == 1 && IsInt(choices[0], 0, 2))
        && Member(vote, "revision", revision => IsInt(revision, 0, int.MaxValue));

    /// <summary>An integer literal within these bounds.</summary>
    private static bool IsInt(JsonElement value, int from, int to) =>
        value.ValueKind == JsonValueKind.Number && int.TryParse(value.GetRawText(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
        && number >= from && number <= to;

    /// <summary>Whether these arguments may be accepted for this method of the hub.</summary>
    public static bool AllowsCall(string method, TestRoom testRoom, JsonElement arguments) => Try(() => method switch
    {
        _ when arguments.ValueKind != JsonValueKind.Array => false,
        "CastVote" => arguments.GetArrayLength() == 2 && IsId(arguments[0], testRoom.Open) && arguments[1].ValueKind == JsonValueKind.Object && IsVote(arguments[1]),
        "WithdrawVote" => arguments.GetArrayLength() == 2 && IsId(arguments[0], testRoom.Open) && IsInt(arguments[1], 0, int.MaxValue),
        "GetState" => arguments.GetArrayLength() == 0,
        _ => false,
    });

    /// <summary>
    /// Bytes as text. Invalid bytes become a character that no text may contain; they are harmless where nothing reads
    /// them.
    /// </summary>
    public static string Text(byte[] bytes) => Letters.GetString(bytes).TrimStart('\ufeff');

    private static bool Try(Func<bool> isGood)
    {
        try
        {
            return isGood();
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            // Not JSON, a text with half a surrogate pair, or no id.
            return false;
        }
    }

    private static bool IsId(JsonElement value, Guid id) => value.ValueKind == JsonValueKind.String && value.TryGetGuid(out var found) && found == id;

    private static bool Allows(string type, TestRoom testRoom, JsonElement body) => (type, body.ValueKind) switch
    {
        (nameof(NewParticipant) or nameof(OpenPoll) or nameof(Revocation), JsonValueKind.Null) => true,
        (_, not JsonValueKind.Object) => false,
        (nameof(NewRoom), _) => Member(body, "title", title => IsText(title, 200))
            && Optional(body, "polls", polls => polls.ValueKind == JsonValueKind.Array && polls.EnumerateArray().All(IsDraft))
            && Optional(body, "assurance", level => IsWord(level, "device", "open", "seatCode")),
        (nameof(NewSeats), _) => Member(body, "count", count => IsInt(count, 1, 2_000)),
        (nameof(PollDraft), _) => IsDraft(body),
        (nameof(NewParticipant), _) => Optional(body, "nickname", name =>
            IsText(name, 40) || (name.ValueKind == JsonValueKind.String && name.GetString() is { Length: <= 40 } text && string.IsNullOrWhiteSpace(text)))
            && Optional(body, "seat", seat => seat.ValueKind == JsonValueKind.String)
            && Optional(body, "attempt", attempt => attempt.ValueKind == JsonValueKind.String && attempt.TryGetGuid(out _)),
        (nameof(Revocation), _) => Optional(body, "attempt", attempt => attempt.ValueKind == JsonValueKind.String && attempt.TryGetGuid(out _)),
        (nameof(OpenPoll), _) => Optional(body, "durationSeconds", seconds => IsInt(seconds, 1, 86_400)),
        (nameof(PollOrder), _) => Member(body, "polls", polls => polls.ValueKind == JsonValueKind.Array
            && polls.EnumerateArray().Select(id => id.GetGuid()).Order().SequenceEqual(new[] { testRoom.Draft, testRoom.Open, testRoom.Words }.Order()))
            && Optional(body, "before", before => before.ValueKind == JsonValueKind.Array && before.EnumerateArray().All(id => id.TryGetGuid(out _))),
        (nameof(MergeTarget), _) => Member(body, "into", into => IsInt(into, 2, 2)),
        (nameof(EntryAction), _) => Member(body, "action", action => action.ValueKind == JsonValueKind.String && action.GetString() is "show" or "hide")
            && Member(body, "entries", entries => entries.ValueKind == JsonValueKind.Array && entries.GetArrayLength() is >= 1 and <= 100
                && entries.EnumerateArray().All(n => IsInt(n, 1, 2))),
        (nameof(VoteRequest), _) => IsVote(body),
        _ => throw new InvalidOperationException($"Add here what is allowed in a {type}."),
    };

    private static bool IsDraft(JsonElement draft)
    {
        var options = 0;
        var single = false;
        return draft.ValueKind == JsonValueKind.Object
            && Member(draft, "question", question => IsText(question, 500))
            && Member(draft, "kind", kind => IsWord(kind, "singleChoice", "multipleChoice")
                && (single = kind.GetString()!.StartsWith("single", StringComparison.OrdinalIgnoreCase)) is var _)
            && Member(draft, "options", texts => texts.ValueKind == JsonValueKind.Array && (options = texts.GetArrayLength()) is >= 2 and <= 20
                && texts.EnumerateArray().All(text => IsText(text, 200))
                && texts.EnumerateArray().Select(text => text.GetString()!.Trim()).Distinct().Count() == options)
            && Optional(draft, "settings", settings => settings.ValueKind == JsonValueKind.Object
                && Optional(settings, "maxChoices", most => IsInt(most, 1, single ? 1 : options))
                && Optional(settings, "durationSeconds", seconds => IsInt(seconds, 1, 86_400))
                && Member(settings, "allowChange", allow => allow.ValueKind is JsonValueKind.True or JsonValueKind.False, whenAbsent: true)
                && Member(settings, "resultsVisibility", visibility => IsWord(visibility, "live", "afterVote", "afterClose", "hostOnly"), whenAbsent: true));
    }

    private static bool IsWord(JsonElement value, params string[] words) =>
        value.ValueKind == JsonValueKind.String && words.Contains(value.GetString(), StringComparer.OrdinalIgnoreCase);

    private static bool IsText(JsonElement value, int most) =>
        value.ValueKind == JsonValueKind.String && value.GetString()!.Trim() is { Length: > 0 } text && text.Length <= most
        && text.EnumerateRunes().All(rune => !Rune.IsControl(rune) && rune.Value is not (0x2028 or 0x2029 or (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069)));

    private static bool Optional(JsonElement owner, string name, Func<JsonElement, bool> isGood) =>
        Member(owner, name, value => value.ValueKind == JsonValueKind.Null || isGood(value), whenAbsent: true);

    /// <summary>Names are case-insensitive and must be unique.</summary>
    private static bool Member(JsonElement owner, string name, Func<JsonElement, bool> isGood, bool whenAbsent = false)
    {
        var found = owner.EnumerateObject().Where(member => member.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).ToList();
        return found.Count switch { 0 => whenAbsent, 1 => isGood(found[0].Value), _ => false };
    }

    /// <summary>The body as text; null if its content type is not JSON.</summary>
    private static string? Text(byte[] body, string? mediaType)
    {
        if (!System.Net.Http.Headers.MediaTypeHeaderValue.TryParse(mediaType, out var type) || type.MediaType is not { } name
            || !(name.Equals("application/json", StringComparison.OrdinalIgnoreCase) || name.EndsWith("+json", StringComparison.OrdinalIgnoreCase)))
        {
            return null;
        }

        return type.CharSet?.Trim('"') is null or "utf-8" ? Text(body) : null;
    }
}
