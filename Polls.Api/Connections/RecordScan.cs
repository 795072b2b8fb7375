using System.Buffers;
using System.Text.Json;

namespace Polls.Api.Connections;

/// <summary>Checks records for properties that SignalR does not check.</summary>
internal static class RecordScan
{
    private const int Invocation = 1;
    private const int StreamInvocation = 4;

    /// <summary>
    /// Whether the record ends with the message. SignalR does not read beyond the end of the message.
    /// </summary>
    public static bool IsOneValue(ReadOnlySequence<byte> record)
    {
        var reader = Reader(record);
        try
        {
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Whether the message, which must be JSON, is a call.</summary>
    public static bool IsCall(ReadOnlySequence<byte> record)
    {
        var reader = Reader(record);
        while (reader.Read())
        {
            if (reader is { CurrentDepth: 1, TokenType: JsonTokenType.PropertyName }
                && reader.ValueTextEquals("type"u8))
            {
                return reader.Read() && reader.TryGetInt32(out var type) && type is Invocation or StreamInvocation;
            }
        }

        return false;
    }

    // Without the record separator.
    private static Utf8JsonReader Reader(ReadOnlySequence<byte> record) => new(record.Slice(0, record.Length - 1));
}
