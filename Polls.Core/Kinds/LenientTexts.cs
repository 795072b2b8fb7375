using System.Text.Json;
using System.Text.Json.Serialization;

namespace Polls.Core.Kinds;

/// <summary>Reads a list of texts; whatever is malformed becomes an empty text, which no kind accepts.</summary>
public sealed class LenientTexts : JsonConverter<IReadOnlyList<string>>
{
    private static readonly string[] Malformed = [""];

    /// <inheritdoc />
    public override IReadOnlyList<string> Read(
        ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.TrySkip();
            return Malformed;
        }

        var texts = new List<string>(4);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            texts.Add(One(ref reader));
        }

        return texts;
    }

    /// <inheritdoc />
    public override void Write(Utf8JsonWriter writer, IReadOnlyList<string> value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        foreach (var text in value)
        {
            writer.WriteStringValue(text);
        }

        writer.WriteEndArray();
    }

    private static string One(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            try
            {
                return reader.GetString()!;
            }
            catch (InvalidOperationException)
            {
                // An escape of half a surrogate pair.
                return "";
            }
        }

        reader.TrySkip();
        return "";
    }
}
