using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace Polls.Prove.Clients;

/// <summary>
/// SignalR's JSON protocol, which passes on every event as it is read from the connection. <c>HubConnection.On</c> does
/// not suffice: it drops events without a handler, swallows exceptions of handlers, and calls handlers after the
/// connection has ended.
/// </summary>
/// <param name="onEvent">Receives the name of an event, its arguments and the whole record.</param>
/// <param name="onClose">Receives the server's close record.</param>
/// <param name="onUnreadable">Receives an exception from parsing a record or from a callback; it ends the
/// connection.</param>
internal sealed class ObservedProtocol(
    Action<string, JsonElement, ReadOnlyMemory<byte>> onEvent, Action<JsonElement> onClose,
    Action<Exception> onUnreadable)
    : IHubProtocol
{
    private const byte EndOfRecord = 0x1E;
    private readonly JsonHubProtocol json = new();

    public string Name => json.Name;

    public int Version => json.Version;

    public TransferFormat TransferFormat => json.TransferFormat;

    public bool IsVersionSupported(int version) => json.IsVersionSupported(version);

    public ReadOnlyMemory<byte> GetMessageBytes(HubMessage message) => json.GetMessageBytes(message);

    public void WriteMessage(HubMessage message, IBufferWriter<byte> output) => json.WriteMessage(message, output);

    public bool TryParseMessage(
        ref ReadOnlySequence<byte> input, IInvocationBinder binder, [NotNullWhen(true)] out HubMessage? message)
    {
        message = null;
        if (input.PositionOf(EndOfRecord) is not { } end)
        {
            return false;
        }

        try
        {
            if (!TryHandleEvent(input.Slice(0, end)))
            {
                return json.TryParseMessage(ref input, binder, out message);
            }

            // The event is handled. The package sees a ping, which keeps the connection alive.
            input = input.Slice(input.GetPosition(1, end));
            message = PingMessage.Instance;
            return true;
        }
        catch (Exception exception)
        {
            onUnreadable(exception);
            throw;
        }
    }

    /// <summary>Passes events and close records to their callbacks; returns whether the record is an event.</summary>
    private bool TryHandleEvent(ReadOnlySequence<byte> record)
    {
        using var parsed = JsonDocument.Parse(record);
        var root = parsed.RootElement;
        switch (root.GetProperty("type").GetInt32())
        {
            case HubProtocolConstants.InvocationMessageType:
                onEvent(
                    root.GetProperty("target").GetString()!,
                    root.GetProperty("arguments"),
                    record.IsSingleSegment ? record.First : record.ToArray());
                return true;
            case HubProtocolConstants.CloseMessageType:
                onClose(root);
                return false;
            default:
                return false;
        }
    }
}
