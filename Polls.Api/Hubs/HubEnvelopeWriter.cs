using System.Buffers;
using System.Text;

namespace Polls.Api.Hubs;

/// <summary>Writes the format described at <see cref="HubEnvelope"/>.</summary>
internal sealed class HubEnvelopeWriter
{
    private readonly ArrayBufferWriter<byte> output = new();

    public static ReadOnlyMemory<byte> Write(HubEnvelope envelope)
    {
        var writer = new HubEnvelopeWriter();
        writer.WriteEnvelope(envelope);
        return writer.output.WrittenMemory;
    }

    private void WriteEnvelope(HubEnvelope envelope)
    {
        switch (envelope)
        {
            case HubEnvelope.ToMembers members:
                Start(1, envelope).Strings(members.Excluded).Message(members.Message);
                break;
            case HubEnvelope.ToConnections connections:
                Start(2, envelope).Strings(connections.Receivers).Message(connections.Message);
                break;
            case HubEnvelope.GroupChange change:
                Start(3, envelope).Number(change.Command).Byte(change.Add ? (byte)1 : (byte)0)
                    .String(change.Group).String(change.ConnectionId);
                break;
            case HubEnvelope.Call call:
                Start(4, envelope).Number(call.Command).String(call.InvocationId).String(call.ConnectionId)
                    .Encodings(call.Message);
                break;
            case HubEnvelope.CallEnded ended:
                Start(5, envelope).String(ended.InvocationId).String(ended.ConnectionId);
                break;
            case HubEnvelope.Acknowledged acknowledged:
                Start(6, envelope).Number(acknowledged.Command);
                break;
            case HubEnvelope.Result result:
                Start(7, envelope).String(result.InvocationId).Optional(result.Error).String(result.Protocol)
                    .Bytes(result.Completion.Span);
                break;
            default:
                throw new NotSupportedException($"No format for {envelope.GetType().Name}.");
        }
    }

    private HubEnvelopeWriter Start(byte kind, HubEnvelope envelope)
    {
        Byte(HubEnvelope.Version).Byte(kind);
        envelope.Origin.TryWriteBytes(output.GetSpan(16));
        output.Advance(16);
        return this;
    }

    private void Message(OutgoingMessage message) => Optional(message.NewestKey).Encodings(message);

    private void Encodings(OutgoingMessage message)
    {
        Number((ulong)message.Encodings.Count);
        foreach (var encoding in message.Encodings) String(encoding.ProtocolName).Bytes(encoding.Serialized.Span);
    }

    private HubEnvelopeWriter Byte(byte value)
    {
        output.GetSpan(1)[0] = value;
        output.Advance(1);
        return this;
    }

    private HubEnvelopeWriter Number(ulong value)
    {
        for (; value >= 0x80; value >>= 7) Byte((byte)(value | 0x80));
        return Byte((byte)value);
    }

    private HubEnvelopeWriter Bytes(ReadOnlySpan<byte> value)
    {
        Number((ulong)value.Length);
        output.Write(value);
        return this;
    }

    private HubEnvelopeWriter String(string value)
    {
        var length = Encoding.UTF8.GetByteCount(value);
        Number((ulong)length);
        output.Advance(Encoding.UTF8.GetBytes(value, output.GetSpan(length)));
        return this;
    }

    private HubEnvelopeWriter Strings(IReadOnlyList<string> values)
    {
        Number((ulong)values.Count);
        foreach (var value in values) String(value);
        return this;
    }

    private HubEnvelopeWriter Optional(string? value) => value is null ? Byte(0) : Byte(1).String(value);
}
