using System.Buffers;
using System.Text.Json;

namespace Polls.Api.Connections;

/// <summary>What SignalR does not look at when it reads a record.</summary>
internal static class RecordScan
{
    private const int Invocation = 1;
    private const int StreamInvocation = 4;

    /// <summary>Whether there is nothing behind the message: SignalR stops reading at its end.</summary>
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

    /// <summary>Whether the message, which is JSON, is a call.</summary>
    public static bool IsCall(ReadOnlySequence<byte> record)
    {
        var reader = Reader(record);
        while (reader.Read())
        {
            if (reader is { CurrentDepth: 1, TokenType: JsonTokenType.PropertyName } && reader.ValueTextEquals("type"u8))
            {
                return reader.Read() && reader.TryGetInt32(out var type) && type is Invocation or StreamInvocation;
            }
        }

        return false;
    }

    // Without what ends the record.
    private static Utf8JsonReader Reader(ReadOnlySequence<byte> record) => new(record.Slice(0, record.Length - 1));
}
