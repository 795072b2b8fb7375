using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace Polls.Prove.Clients;

/// <summary>
/// SignalR's JSON protocol, with every event handed over as it is read from the connection. <c>HubConnection.On</c> would not do:
/// it drops events that have no handler, swallows what a handler throws, and calls handlers also after the connection has ended.
/// </summary>
/// <param name="onEvent">Takes the name of an event, its arguments and the whole record.</param>
/// <param name="onClose">Takes the record by which the server ends the connection.</param>
/// <param name="onUnreadable">Takes what was thrown while a record was read or an event handed over; the connection ends then.</param>
internal sealed class ObservedProtocol(
    Action<string, JsonElement, ReadOnlyMemory<byte>> onEvent, Action<JsonElement> onClose, Action<Exception> onUnreadable) : IHubProtocol
{
    private const byte EndOfRecord = 0x1E;
    private readonly JsonHubProtocol json = new();

    public string Name => json.Name;

    public int Version => json.Version;

    public TransferFormat TransferFormat => json.TransferFormat;

    public bool IsVersionSupported(int version) => json.IsVersionSupported(version);

    public ReadOnlyMemory<byte> GetMessageBytes(HubMessage message) => json.GetMessageBytes(message);

    public void WriteMessage(HubMessage message, IBufferWriter<byte> output) => json.WriteMessage(message, output);

    public bool TryParseMessage(ref ReadOnlySequence<byte> input, IInvocationBinder binder, [NotNullWhen(true)] out HubMessage? message)
    {
        message = null;
        if (input.PositionOf(EndOfRecord) is not { } end)
        {
            return false;
        }

        try
        {
            if (!IsEvent(input.Slice(0, end)))
            {
                return json.TryParseMessage(ref input, binder, out message);
            }

            // The event is dealt with. To the package it is a sign of life.
            input = input.Slice(input.GetPosition(1, end));
            message = PingMessage.Instance;
            return true;
        }
        catch (Exception unreadable)
        {
            onUnreadable(unreadable);
            throw;
        }
    }

    /// <summary>Hands the record over if it is an event, and looks at it if it is the end.</summary>
    private bool IsEvent(ReadOnlySequence<byte> record)
    {
        using var parsed = JsonDocument.Parse(record);
        var root = parsed.RootElement;
        switch (root.GetProperty("type").GetInt32())
        {
            case HubProtocolConstants.InvocationMessageType:
                onEvent(root.GetProperty("target").GetString()!, root.GetProperty("arguments"), record.IsSingleSegment ? record.First : record.ToArray());
                return true;
            case HubProtocolConstants.CloseMessageType:
                onClose(root);
                return false;
            default:
                return false;
        }
    }
}
