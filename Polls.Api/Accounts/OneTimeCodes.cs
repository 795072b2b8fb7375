using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Identity;
using Polls.Core.Accounts;
using Polls.Core.Storage;

namespace Polls.Api.Accounts;

/// <summary>
/// Checks the six digits of an authenticator app (RFC 6238: SHA-1, 30 s), up to one step early or late. Unlike
/// Identity's provider, it accepts each code only once.
/// </summary>
public sealed class OneTimeCodes(Attempts attempts, TimeProvider clock) : IUserTwoFactorTokenProvider<AccountRow>
{
    private const int StepSeconds = 30;
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    /// <inheritdoc />
    public Task<bool> CanGenerateTwoFactorTokenAsync(UserManager<AccountRow> manager, AccountRow user) =>
        Task.FromResult(user.AuthenticatorKey is not null);

    /// <inheritdoc />
    public Task<string> GenerateAsync(string purpose, UserManager<AccountRow> manager, AccountRow user) =>
        throw new NotSupportedException("The user's authenticator app generates the codes.");

    /// <inheritdoc />
    public async Task<bool> ValidateAsync(
        string purpose, string token, UserManager<AccountRow> manager, AccountRow user)
    {
        if (await manager.GetAuthenticatorKeyAsync(user) is not { } key)
        {
            return false;
        }

        var now = clock.GetUtcNow().ToUnixTimeSeconds() / StepSeconds;
        var given = Encoding.UTF8.GetBytes(token.Replace(" ", "", StringComparison.Ordinal));
        for (var step = now - 1; step <= now + 1; step++)
        {
            if (CryptographicOperations.FixedTimeEquals(given, Encoding.UTF8.GetBytes(Code(key, step))))
            {
                return await attempts.UseStepAsync(user.Id, step, CancellationToken.None);
            }
        }

        return false;
    }

    /// <summary>The code of a time step; steps of 30 s are counted from 1970.</summary>
    [SuppressMessage(
        "Security", "CA5350", Justification = "The apps that people have know only SHA-1; as a keyed hash it holds.")]
    internal static string Code(string key, long step)
    {
        Span<byte> message = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(message, step);
        Span<byte> hash = stackalloc byte[HMACSHA1.HashSizeInBytes];
        HMACSHA1.HashData(FromBase32(key), message, hash);
        var number = BinaryPrimitives.ReadInt32BigEndian(hash[(hash[^1] & 15)..]) & 0x7FFF_FFFF;
        return (number % 1_000_000).ToString("000000", CultureInfo.InvariantCulture);
    }

    private static byte[] FromBase32(string text)
    {
        var bytes = new List<byte>();
        var (bits, count) = (0, 0);
        foreach (var letter in text.TrimEnd('='))
        {
            (bits, count) =
                (((bits << 5) | Letters.IndexOf(letter, StringComparison.OrdinalIgnoreCase)) & 0xFFF, count + 5);
            if (count >= 8)
            {
                count -= 8;
                bytes.Add((byte)(bits >> count));
            }
        }

        return [.. bytes];
    }
}
