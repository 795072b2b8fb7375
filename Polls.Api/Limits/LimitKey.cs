using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Polls.Api.Tokens;

namespace Polls.Api.Limits;

/// <summary>The key that a rate limit counts by.</summary>
/// <param name="Class">The rule's class.</param>
/// <param name="Id">A participant, a room, or an address.</param>
public readonly record struct LimitKey(RateClass Class, UInt128 Id)
{
    /// <summary>A participant by the token; hosts and screens by role and room.</summary>
    public static LimitKey Of(RateClass rate, Caller caller) =>
        new(
            rate,
            caller.ParticipantId is { } participant
                ? Number(participant)
                : Number(caller.RoomId) ^ (UInt128)(int)caller.Role);

    /// <summary>All callers of a room or of an account together.</summary>
    public static LimitKey Of(RateClass rate, Guid id) => new(rate, Number(id));

    /// <summary>All callers that use a name.</summary>
    public static LimitKey Of(RateClass rate, string name) =>
        new(rate, BinaryPrimitives.ReadUInt128BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(name))));

    /// <summary>All callers behind an address, in one room.</summary>
    public static LimitKey Of(RateClass rate, IPAddress? address, Guid roomId) =>
        new(rate, Of(rate, address).Id ^ Number(roomId));

    /// <summary>
    /// All callers behind an address. Of an IPv6 address only the /64 prefix counts; devices choose the rest
    /// themselves.
    /// </summary>
    public static LimitKey Of(RateClass rate, IPAddress? address)
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        if (address is not null)
        {
            var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
            plain.TryWriteBytes(bytes, out _);
            if (plain.AddressFamily == AddressFamily.InterNetworkV6)
            {
                bytes[8..].Clear();
            }
        }

        return new(rate, BinaryPrimitives.ReadUInt128BigEndian(bytes));
    }

    private static UInt128 Number(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes);
        return BinaryPrimitives.ReadUInt128LittleEndian(bytes);
    }
}
