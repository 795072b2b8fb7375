using System.Security.Cryptography;
using System.Text;

namespace Polls.Core.Rooms;

/// <summary>Ids derived from a secret: the same secret gives the same id.</summary>
internal static class DerivedId
{
    /// <summary>A UUID of version 8 (RFC 9562): the first bits of the text's SHA-256.</summary>
    public static Guid Of(string secret)
    {
        var bytes = SHA256.HashData(Encoding.ASCII.GetBytes(secret)).AsSpan(0, 16);
        bytes[6] = (byte)((bytes[6] & 0x0f) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3f) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
