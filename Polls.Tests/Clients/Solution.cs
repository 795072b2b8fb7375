using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Polls.Api.Limits;

namespace Polls.Tests.Clients;

/// <summary>Does the work that joining costs under a flood, as docs/limits.md tells clients to.</summary>
internal static class Solution
{
    public static Work Of(Challenge challenge) => Of(challenge.Text, challenge.Bits);

    /// <param name="challenge">The challenge.</param>
    /// <param name="bits">The number of zero bits, 1 to 32.</param>
    /// <param name="except">A solution that is not wanted.</param>
    public static Work Of(string challenge, int bits, string? except = null)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        for (var n = 0L; ; n++)
        {
            var nonce = n.ToString(CultureInfo.InvariantCulture);
            SHA256.HashData(Encoding.UTF8.GetBytes($"{challenge}:{nonce}"), hash);
            if (BinaryPrimitives.ReadUInt32BigEndian(hash) >> (32 - bits) == 0 && nonce != except)
            {
                return new(challenge, nonce);
            }
        }
    }
}
