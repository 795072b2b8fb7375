using System.Buffers.Binary;
using System.Buffers.Text;
using System.Net;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;

namespace Polls.Api.Limits;

/// <summary>
/// Lets people join although somebody behind their address uses up its limits: whoever is above a limit of joining can
/// pay with computing time instead (Hashcash, Back 2002). A phone pays once; a flood would have to pay each time.
/// </summary>
public sealed class ProofOfWork
{
    /// <summary>The bits of the easiest work: 65,536 hashes on average.</summary>
    public const int LeastBits = 16;

    /// <summary>The bits of the hardest work: a million hashes on average.</summary>
    public const int MostBits = 20;

    /// <summary>How long a challenge is valid.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromSeconds(60);

    private const int MostNonce = 64;
    private const int MostChallenge = 512;

    // A challenge is accepted once in its life.
    private static readonly RateRule Once = new(1 / Life.TotalSeconds, 1);

    private readonly IDataProtector protector;
    private readonly IRateLimiter limiter;
    private readonly RateRule rule;
    private readonly TimeProvider clock;

    /// <summary>Reads the rule <see cref="LimitOptions.Work"/>.</summary>
    public ProofOfWork(
        IDataProtectionProvider protection, IRateLimiter limiter, IOptions<LimitOptions> options, TimeProvider clock)
    {
        protector = protection.CreateProtector("Polls.ProofOfWork.v1");
        (this.limiter, rule, this.clock) = (limiter, options.Value.Of(RateClass.Work), clock);
    }

    /// <summary>
    /// A new challenge for this room and address. It is the harder the more people of the address have paid lately:
    /// one bit more at 1/15, 3/15, 7/15 and all of the rule's burst.
    /// </summary>
    public async ValueTask<Challenge> ChallengeAsync(
        string roomCode, IPAddress? address, CancellationToken cancellationToken)
    {
        var bits = await PriceAsync(roomCode, address, cancellationToken);
        return new(Text(roomCode, address, (byte)bits, clock.GetUtcNow() + Life), bits);
    }

    /// <summary>
    /// Whether the work is done: for a challenge of this room and address, in time, and for the first time on any
    /// instance. Work that is not done is no error; the caller is treated as without any.
    /// </summary>
    public async ValueTask<bool> AcceptsAsync(
        Work? work, string roomCode, IPAddress? address, CancellationToken cancellationToken)
    {
        if (work is not { Challenge: { Length: <= MostChallenge } challenge, Nonce: { Length: <= MostNonce } nonce }
            || ZeroBits(challenge, nonce) is var done && done < LeastBits
            || BitsOf(challenge, roomCode, address) is not { } bits
            || done < bits
            // Nobody collects challenges while they are cheap.
            || bits < await PriceAsync(roomCode, address, cancellationToken) - 1
            || await limiter.TakeAsync(LimitKey.Of(RateClass.Work, challenge), Once, cost: 1, cancellationToken)
                != TimeSpan.Zero)
        {
            return false;
        }

        // Refused if the burst is used up; then the work is as hard as it gets.
        await limiter.TakeAsync(KeyOf(roomCode, address), rule, cost: 1, cancellationToken);
        return true;
    }

    /// <summary>The bits to ask for now.</summary>
    private async ValueTask<int> PriceAsync(
        string roomCode, IPAddress? address, CancellationToken cancellationToken)
    {
        const int Steps = (1 << (MostBits - LeastBits)) - 1;
        var used = await limiter.UsedAsync(KeyOf(roomCode, address), rule, cancellationToken);
        // Some time has passed since the last use, so the burst is never quite used up.
        return Math.Min(MostBits, LeastBits + (int)Math.Log2(1.1 + (used * Steps)));
    }

    /// <summary>The number of zero bits with which SHA-256 of <c>challenge:nonce</c> begins.</summary>
    internal static int ZeroBits(string challenge, string nonce)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{challenge}:{nonce}"));
        return BitOperations.LeadingZeroCount(BinaryPrimitives.ReadUInt64BigEndian(hash));
    }

    internal static LimitKey KeyOf(string roomCode, IPAddress? address) =>
        LimitKey.Of(RateClass.Work, $"{roomCode} {LimitKey.Of(RateClass.Work, address).Id}");

    // The number of bits, the end of its life in ms since 1970, and room and address.
    private string Text(string roomCode, IPAddress? address, byte bits, DateTimeOffset until)
    {
        Span<byte> content = stackalloc byte[25];
        content[0] = bits;
        BinaryPrimitives.WriteInt64BigEndian(content[1..], until.ToUnixTimeMilliseconds());
        BinaryPrimitives.WriteUInt128BigEndian(content[9..], KeyOf(roomCode, address).Id);
        return Base64Url.EncodeToString(protector.Protect(content.ToArray()));
    }

    private int? BitsOf(string challenge, string roomCode, IPAddress? address)
    {
        try
        {
            var bytes = Base64Url.DecodeFromChars(challenge);
            var content = protector.Unprotect(bytes);
            // Another notation of the same challenge would be as good as another challenge.
            return Base64Url.EncodeToString(bytes) == challenge
                && DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64BigEndian(content.AsSpan(1)))
                    > clock.GetUtcNow()
                && BinaryPrimitives.ReadUInt128BigEndian(content.AsSpan(9)) == KeyOf(roomCode, address).Id
                    ? content[0]
                    : null;
        }
        catch (Exception exception) when (exception is FormatException or CryptographicException)
        {
            return null;
        }
    }
}

/// <summary>Work to do before joining.</summary>
/// <param name="Text">Opaque, from the alphabet of Base64url.</param>
/// <param name="Bits">
/// The number of zero bits with which SHA-256 of the text, a colon and the nonce must begin.
/// </param>
public readonly record struct Challenge(string Text, int Bits);

/// <summary>Work done for a challenge.</summary>
/// <param name="Challenge">The challenge.</param>
/// <param name="Nonce">What makes SHA-256 of <c>challenge:nonce</c> begin with enough zero bits; at most 64
/// characters.</param>
public sealed record Work(string? Challenge, string? Nonce);
