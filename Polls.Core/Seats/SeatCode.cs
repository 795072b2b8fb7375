using System.Security.Cryptography;

namespace Polls.Core.Seats;

/// <summary>
/// The code on a slip of paper that admits one person once: eight characters of Crockford's Base32, which has no
/// letters that look like digits. 40 random bits: with 10,000 codes in a room, one guess in a hundred million is right.
/// </summary>
public static class SeatCode
{
    /// <summary>Number of characters.</summary>
    public const int Length = 8;

    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    /// <summary>A new code.</summary>
    public static string Draw() => RandomNumberGenerator.GetString(Alphabet, Length);

    /// <summary>The code for display: two groups of four.</summary>
    public static string Show(string code) => $"{code[..4]}-{code[4..]}";

    /// <summary>Parses a typed code. Ignores case, dashes, spaces and lookalikes; null if it is not a code.</summary>
    public static string? Read(string? typed)
    {
        if (typed is null || typed.Length > 4 * Length)
        {
            return null;
        }

        var code = string.Concat(typed.ToUpperInvariant().Where(c => c is not ('-' or ' ')).Select(c => c switch
        {
            'O' => '0',
            'I' or 'L' => '1',
            _ => c,
        }));
        return code.Length == Length && code.All(c => Alphabet.Contains(c, StringComparison.Ordinal)) ? code : null;
    }
}
