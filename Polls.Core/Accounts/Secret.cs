using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Polls.Core.Accounts;

/// <summary>The secret of an invitation: random, shown once, stored only as a hash.</summary>
public static class Secret
{
    private const int Bytes = 24;

    /// <summary>Creates a secret from characters that need no escaping in a link.</summary>
    public static string Draw() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>The stored hash. A fast hash is enough, because 192 bits cannot be guessed.</summary>
    public static byte[] Hash(string? secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret ?? ""));
}
