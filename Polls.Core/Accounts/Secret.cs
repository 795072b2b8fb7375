using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Polls.Core.Accounts;

/// <summary>What an invitation consists of: drawn, shown once, and stored as a hash only.</summary>
public static class Secret
{
    private const int Bytes = 24;

    /// <summary>A new one, of letters that need no escaping in a link.</summary>
    public static string Draw() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>What is stored of it. A quick hash will do: nobody guesses 192 bits.</summary>
    public static byte[] Hash(string? secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret ?? ""));
}
