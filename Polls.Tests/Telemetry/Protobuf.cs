using System.Buffers.Binary;
using System.Text;

namespace Polls.Tests.Telemetry;

/// <summary>A parsed protobuf message: each field with its number, in the order of arrival.</summary>
internal sealed class Protobuf
{
    private readonly ILookup<int, (ulong Number, ReadOnlyMemory<byte> Bytes)> fields;

    public Protobuf(ReadOnlyMemory<byte> message) => fields = Read(message).ToLookup(field => field.Tag, field => (field.Number, field.Bytes));

    public ulong Number(int field) => fields[field].Select(value => value.Number).FirstOrDefault();

    public string Text(int field) => Encoding.UTF8.GetString(Bytes(field).Span);

    public string Hex(int field) => Convert.ToHexStringLower(Bytes(field).Span);

    public IEnumerable<Protobuf> Each(int field) => fields[field].Select(value => new Protobuf(value.Bytes));

    /// <summary>OpenTelemetry's list of keys and values; numbers and Booleans as text.</summary>
    public Dictionary<string, string> Attributes(int field) => Each(field).ToDictionary(item => item.Text(1), item => item.Each(2).First().AnyValue());

    private string AnyValue() => fields.Select(field => field.Key).FirstOrDefault() switch
    {
        1 => Text(1),
        2 or 3 => Number(fields.First().Key).ToString(System.Globalization.CultureInfo.InvariantCulture),
        _ => Convert.ToHexStringLower(fields.SelectMany(field => field).SelectMany(value => value.Bytes.ToArray()).ToArray()),
    };

    private ReadOnlyMemory<byte> Bytes(int field) => fields[field].Select(value => value.Bytes).FirstOrDefault();

    private static IEnumerable<(int Tag, ulong Number, ReadOnlyMemory<byte> Bytes)> Read(ReadOnlyMemory<byte> rest)
    {
        while (rest.Length > 0)
        {
            var key = Varint(ref rest);
            var tag = (int)(key >> 3);
            switch (key & 7)
            {
                case 0:
                    yield return (tag, Varint(ref rest), default);
                    break;
                case 1:
                    yield return (tag, BinaryPrimitives.ReadUInt64LittleEndian(rest.Span), rest[..8]);
                    rest = rest[8..];
                    break;
                case 2:
                    var length = (int)Varint(ref rest);
                    yield return (tag, 0, rest[..length]);
                    rest = rest[length..];
                    break;
                case 5:
                    yield return (tag, BinaryPrimitives.ReadUInt32LittleEndian(rest.Span), rest[..4]);
                    rest = rest[4..];
                    break;
                default:
                    throw new InvalidDataException("This is not a protobuf message.");
            }
        }
    }

    private static ulong Varint(ref ReadOnlyMemory<byte> rest)
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var part = rest.Span[0];
            rest = rest[1..];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
            {
                return value;
            }
        }
    }
}
