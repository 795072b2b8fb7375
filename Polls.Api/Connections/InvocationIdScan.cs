using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Polls.Api.Connections;

/// <summary>Finds the invocation id of an invalid or incomplete record.</summary>
internal static class InvocationIdScan
{
    private const int LongestId = 128;
    private static ReadOnlySpan<byte> Name => "\"invocationId\""u8;

    /// <summary>
    /// The invocation id: from the JSON as far as it is valid, otherwise from the text. Null if there is none.
    /// </summary>
    public static string? Find(ReadOnlySequence<byte> record)
    {
        var bytes = record.ToArray();
        return Usable(FromJson(bytes) ?? FromText(bytes));
    }

    private static string? Usable(string? id) => id is { Length: > 0 and <= LongestId } ? id : null;

    private static string? FromJson(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var reader = new Utf8JsonReader(bytes, isFinalBlock: false, state: default);
            while (reader.Read())
            {
                if (reader.CurrentDepth != 1 || reader.TokenType != JsonTokenType.PropertyName) continue;
                if (!reader.ValueTextEquals("invocationId"u8)) continue;
                return reader.Read() && reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The rest is not JSON: search it as text.
        }

        return null;
    }

    private static string? FromText(ReadOnlySpan<byte> bytes)
    {
        var at = bytes.IndexOf(Name);
        if (at < 0) return null;
        var rest = bytes[(at + Name.Length)..].TrimStart(" \t\r\n"u8);
        if (!rest.StartsWith(":"u8)) return null;
        rest = rest[1..].TrimStart(" \t\r\n"u8);
        if (!rest.StartsWith("\""u8)) return null;
        rest = rest[1..];
        var end = rest.IndexOfAny((byte)'"', (byte)'\\');
        return end > 0 && rest[end] == '"' ? Encoding.UTF8.GetString(rest[..end]) : null;
    }
}
