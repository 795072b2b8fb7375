using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Polls.Api.Connections;

/// <summary>Finds out which call a record was that is broken or incomplete.</summary>
internal static class InvocationIdScan
{
    private const int LongestId = 128;
    private static ReadOnlySpan<byte> Name => "\"invocationId\""u8;

    /// <summary>The call's id: as far as the record is JSON, its own; else whatever looks like one. Null if there is none.</summary>
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
            // Not JSON from here on: look at it as text.
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
