using System.Text.Json;
using System.Text.Json.Serialization;
using Polls.Core.Kinds;
using Polls.Core.Storage;

namespace Polls.Core.RoomPolls;

/// <summary>How a poll behaves: the settings that all kinds have, and those of its kind.</summary>
[JsonConverter(typeof(PollSettingsJson))]
public sealed record PollSettings
{
    /// <summary>When participants see the result.</summary>
    public ResultsVisibility ResultsVisibility { get; init; } = ResultsVisibility.Live;

    /// <summary>Whether a vote may be changed or withdrawn while the poll is open.</summary>
    public bool AllowChange { get; init; } = true;

    /// <summary>Seconds after which the open poll closes itself. If absent, the host closes it.</summary>
    public int? DurationSeconds { get; init; }

    /// <summary>The settings of the kind, as JSON.</summary>
    public IReadOnlyDictionary<string, JsonElement> OfKind { get; init; } =
        new Dictionary<string, JsonElement>(StringComparer.OrdinalIgnoreCase);

    /// <summary>False if a client sent a common setting of a wrong type.</summary>
    public bool IsWellFormed { get; init; } = true;

    /// <summary>The common settings' defaults with these of the kind.</summary>
    public static PollSettings Of(KindSettings settings) => new() { OfKind = settings.ToMembers() };
}

/// <summary>All settings are members of one JSON object.</summary>
public sealed class PollSettingsJson : JsonConverter<PollSettings>
{
    private const string Visibility = "resultsVisibility";
    private const string AllowChange = "allowChange";
    private const string Duration = "durationSeconds";

    /// <inheritdoc />
    public override PollSettings Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var json = JsonElement.ParseValue(ref reader);
        if (json.ValueKind != JsonValueKind.Object)
        {
            return new PollSettings { IsWellFormed = false };
        }

        var ofKind = new Dictionary<string, JsonElement>(StringComparer.OrdinalIgnoreCase);
        var common = new Dictionary<string, JsonElement>(StringComparer.OrdinalIgnoreCase);
        foreach (var member in json.EnumerateObject())
        {
            var isCommon = member.Name.Equals(Visibility, StringComparison.OrdinalIgnoreCase)
                || member.Name.Equals(AllowChange, StringComparison.OrdinalIgnoreCase)
                || member.Name.Equals(Duration, StringComparison.OrdinalIgnoreCase);
            if (!(isCommon ? common : ofKind).TryAdd(member.Name, member.Value))
            {
                throw new JsonException($"The member '{member.Name}' occurs twice.");
            }
        }

        var settings = new PollSettings { OfKind = ofKind };
        try
        {
            return settings with
            {
                ResultsVisibility = Given(Visibility) is { } visibility
                    ? visibility.Deserialize<ResultsVisibility>(options) : settings.ResultsVisibility,
                AllowChange = Given(AllowChange) is { } allow ? allow.Deserialize<bool>(options) : settings.AllowChange,
                DurationSeconds = Given(Duration)?.Deserialize<int>(options),
            };
        }
        catch (JsonException)
        {
            return settings with { IsWellFormed = false };
        }

        JsonElement? Given(string name) =>
            common.TryGetValue(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
    }

    /// <inheritdoc />
    public override void Write(Utf8JsonWriter writer, PollSettings value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WritePropertyName(Visibility);
        JsonSerializer.Serialize(writer, value.ResultsVisibility, options);
        writer.WriteBoolean(AllowChange, value.AllowChange);
        if (value.DurationSeconds is { } seconds)
        {
            writer.WriteNumber(Duration, seconds);
        }

        foreach (var (name, setting) in value.OfKind)
        {
            writer.WritePropertyName(name);
            setting.WriteTo(writer);
        }

        writer.WriteEndObject();
    }
}

/// <summary>Reads the name of a kind; anything else is <see cref="PollKind.Unknown"/>.</summary>
public sealed class KnownKind : JsonConverter<PollKind>
{
    /// <inheritdoc />
    public override PollKind Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String && reader.GetString() is { } name
            && !int.TryParse(name, out _) && Enum.TryParse<PollKind>(name, ignoreCase: true, out var kind)
            && Enum.IsDefined(kind))
        {
            return kind;
        }

        reader.TrySkip();
        return PollKind.Unknown;
    }

    /// <inheritdoc />
    public override void Write(Utf8JsonWriter writer, PollKind value, JsonSerializerOptions options) =>
        writer.WriteStringValue(JsonNamingPolicy.CamelCase.ConvertName(value.ToString()));
}
