using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Polls.Core.Kinds;

/// <summary>
/// Reads a number exactly, never rounded. Anything else becomes <see cref="Malformed"/>, which no kind accepts; so does
/// a number with more than <see cref="MostDigits"/> significant digits, or far outside of what polls can ask for.
/// </summary>
public sealed class LenientDecimal : JsonConverter<decimal?>
{
    /// <summary>Maximum number of significant digits, without zeros at the end.</summary>
    public const int MostDigits = 15;

    /// <summary>The number that stands for a malformed one.</summary>
    public const decimal Malformed = decimal.MinValue;

    private const int MostZeros = 12;
    private const int MostDecimals = 20;

    /// <inheritdoc />
    public override decimal? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        if (reader.TokenType == JsonTokenType.Number)
        {
            return Exact(Encoding.ASCII.GetString(
                reader.HasValueSequence ? reader.ValueSequence.ToArray() : reader.ValueSpan));
        }

        reader.TrySkip();
        return Malformed;
    }

    /// <inheritdoc />
    public override void Write(Utf8JsonWriter writer, decimal? value, JsonSerializerOptions options) =>
        writer.WriteNumberValue(value!.Value);

    /// <summary>The number, without zeros at the end of its decimals.</summary>
    /// <param name="json">A well-formed JSON number.</param>
    internal static decimal Exact(string json)
    {
        string[] parts = json.Split('e', 'E');
        string[] mantissa = parts[0].TrimStart('-').Split('.');
        var digits = string.Concat(mantissa).TrimStart('0');
        var significant = digits.TrimEnd('0');
        if (significant.Length == 0)
        {
            return 0;
        }

        var exponent = 0;
        if (significant.Length > MostDigits
            || (parts.Length > 1 && !int.TryParse(parts[1], NumberStyles.AllowLeadingSign, null, out exponent)))
        {
            return Malformed;
        }

        // The power of ten of the last significant digit; the sum of an int and two lengths.
        var decimals = mantissa.Length > 1 ? mantissa[1].Length : 0;
        var power = (long)exponent + digits.Length - significant.Length - decimals;
        if (power is < -MostDecimals or > MostZeros)
        {
            return Malformed;
        }

        var number = decimal.Parse(significant, CultureInfo.InvariantCulture);
        for (; power > 0; power--)
        {
            number *= 10;
        }

        for (; power < 0; power++)
        {
            number /= 10;
        }

        return json[0] == '-' ? -number : number;
    }
}
