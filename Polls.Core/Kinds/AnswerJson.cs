using System.Text.Json;
using System.Text.Json.Serialization;

namespace Polls.Core.Kinds;

// Well-formed JSON of a wrong type must not fail the whole request: the poll's state and an earlier vote are judged
// first. So it becomes a value that no kind accepts. The serializer calls a converter only when the whole value has
// arrived; Skip would throw nevertheless while more of the request is to come, TrySkip does not.

/// <summary>Reads a number; anything else becomes <see cref="Malformed"/>.</summary>
public sealed class LenientNumber : JsonConverter<int?>
{
    /// <summary>The number that stands for a malformed one.</summary>
    public const int Malformed = int.MinValue;

    /// <inheritdoc />
    public override int? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Null ? null : One(ref reader);

    /// <inheritdoc />
    public override void Write(Utf8JsonWriter writer, int? value, JsonSerializerOptions options)
    {
        if (value is { } number)
        {
            writer.WriteNumberValue(number);
        }
        else
        {
            writer.WriteNullValue();
        }
    }

    internal static int One(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var number))
        {
            return number;
        }

        reader.TrySkip();
        return Malformed;
    }
}

/// <summary>Reads a list of numbers; one that is malformed becomes <see cref="LenientNumber.Malformed"/>.</summary>
public sealed class LenientList : JsonConverter<IReadOnlyList<int>>
{
    private static readonly int[] Malformed = [LenientNumber.Malformed];

    /// <inheritdoc />
    public override IReadOnlyList<int> Read(
        ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.TrySkip();
            return Malformed;
        }

        var numbers = new List<int>(4);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            numbers.Add(LenientNumber.One(ref reader));
        }

        return numbers;
    }

    /// <inheritdoc />
    public override void Write(Utf8JsonWriter writer, IReadOnlyList<int> value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        foreach (var number in value)
        {
            writer.WriteNumberValue(number);
        }

        writer.WriteEndArray();
    }
}

/// <summary>Like <see cref="LenientList"/>, with null for gaps.</summary>
public sealed class LenientListWithGaps : JsonConverter<IReadOnlyList<int?>>
{
    private static readonly int?[] Malformed = [LenientNumber.Malformed];

    /// <inheritdoc />
    public override IReadOnlyList<int?> Read(
        ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.TrySkip();
            return Malformed;
        }

        var numbers = new List<int?>(4);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            numbers.Add(reader.TokenType == JsonTokenType.Null ? null : LenientNumber.One(ref reader));
        }

        return numbers;
    }

    /// <inheritdoc />
    public override void Write(Utf8JsonWriter writer, IReadOnlyList<int?> value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        foreach (var number in value)
        {
            if (number is { } given)
            {
                writer.WriteNumberValue(given);
            }
            else
            {
                writer.WriteNullValue();
            }
        }

        writer.WriteEndArray();
    }
}
