using System.Text.Json;
using System.Text.Json.Serialization;

namespace Polls.Core.Kinds;

/// <summary>
/// Settings that only one kind has. In drafts, absent members are null; as stored, defaults are filled in.
/// </summary>
public abstract record KindSettings
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        PropertyNameCaseInsensitive = false,
        NumberHandling = JsonNumberHandling.Strict,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    /// <summary>The settings without the words in them, which can be corrected while the poll is open.</summary>
    public virtual KindSettings WithoutWords() => this;

    /// <summary>The settings as stored.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, GetType(), Format);

    /// <summary>The settings as members of a JSON object.</summary>
    public IReadOnlyDictionary<string, JsonElement> ToMembers() =>
        JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(ToJson(), Format)!;

    /// <summary>The stored settings.</summary>
    internal static T Read<T>(string json) where T : KindSettings => JsonSerializer.Deserialize<T>(json, Format)!;

    /// <summary>The settings of a draft; null for an unknown member, a wrong type or an unknown word.</summary>
    internal static T? Read<T>(IReadOnlyDictionary<string, JsonElement> members) where T : KindSettings
    {
        try
        {
            return JsonSerializer.Deserialize<T>(JsonSerializer.SerializeToElement(members, Format), Format);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>Refusals of kinds.</summary>
internal static class KindRefusals
{
    public static Refusal BadOptions(int least, int most) => Refusals.Invalid(
        "poll.badOptions",
        most == 0
            ? "A poll of this kind has no options."
            : $"A poll of this kind must have {least} to {most} options.");

    public static Refusal BadSettings(string detail) => Refusals.Invalid("poll.badSettings", detail);
}
