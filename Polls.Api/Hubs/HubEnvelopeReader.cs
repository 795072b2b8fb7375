using System.Text;
using Microsoft.AspNetCore.SignalR;

namespace Polls.Api.Hubs;

/// <summary>Reads the format described at <see cref="HubEnvelope"/>; keeps parts of the given bytes.</summary>
internal ref struct HubEnvelopeReader(ReadOnlyMemory<byte> rest)
{
    private ReadOnlyMemory<byte> rest = rest;

    /// <summary>The envelope; null when its kind is unknown. The version is to be checked first.</summary>
    /// <exception cref="InvalidDataException">It is not in the format.</exception>
    public static HubEnvelope? Read(ReadOnlyMemory<byte> bytes)
    {
        var reader = new HubEnvelopeReader(bytes);
        reader.Byte();
        var kind = reader.Byte();
        var origin = new Guid(reader.Take(16).Span);
        return kind switch
        {
            1 => new HubEnvelope.ToMembers(origin, reader.Strings(), reader.Message(reader.Optional())),
            2 => new HubEnvelope.ToConnections(origin, reader.Strings(), reader.Message(reader.Optional())),
            3 => new HubEnvelope.GroupChange(origin, reader.Number(), reader.Byte() != 0, reader.String(), reader.String()),
            4 => new HubEnvelope.Call(origin, reader.Number(), reader.String(), reader.String(), reader.Message(key: null)),
            5 => new HubEnvelope.CallEnded(origin, reader.String(), reader.String()),
            6 => new HubEnvelope.Acknowledged(origin, reader.Number()),
            7 => new HubEnvelope.Result(origin, reader.String(), reader.Optional(), reader.String(), reader.Bytes()),
            _ => null,
        };
    }

    private OutgoingMessage Message(string? key)
    {
        var encodings = new SerializedMessage[Count()];
        for (var i = 0; i < encodings.Length; i++) encodings[i] = new SerializedMessage(String(), Bytes());
        return new OutgoingMessage(encodings, key);
    }

    private string[] Strings()
    {
        var values = new string[Count()];
        for (var i = 0; i < values.Length; i++) values[i] = String();
        return values;
    }

    private string? Optional() => Byte() == 0 ? null : String();

    private string String() => Encoding.UTF8.GetString(Bytes().Span);

    private ReadOnlyMemory<byte> Bytes() => Take(Count());

    private byte Byte() => Take(1).Span[0];

    // Everything counted takes at least a byte, so a count beyond the rest is a lie that must not be allocated for.
    private int Count()
    {
        var count = Number();
        if (count > (ulong)rest.Length) throw new InvalidDataException("A length goes beyond the end.");
        return (int)count;
    }

    private ulong Number()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var part = Byte();
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80) return value;
        }

        throw new InvalidDataException("An integer is too long.");
    }

    private ReadOnlyMemory<byte> Take(int length)
    {
        if (length > rest.Length) throw new InvalidDataException("The message ends too early.");
        var taken = rest[..length];
        rest = rest[length..];
        return taken;
    }
}
