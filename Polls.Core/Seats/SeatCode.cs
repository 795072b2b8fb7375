using System.Security.Cryptography;

namespace Polls.Core.Seats;

/// <summary>
/// The code on a slip of paper that lets one person into a room once: eight characters of Crockford's Base32, which has no
/// letters that look like digits. 40 random bits: with 10,000 codes in a room, one guess in a hundred million is right.
/// </summary>
public static class SeatCode
{
    /// <summary>How many characters a code has.</summary>
    public const int Length = 8;

    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    /// <summary>A new code.</summary>
    public static string Draw() => RandomNumberGenerator.GetString(Alphabet, Length);

    /// <summary>As people read it: two groups of four.</summary>
    public static string Show(string code) => $"{code[..4]}-{code[4..]}";

    /// <summary>What somebody typed as it is stored, forgiving case, dashes, blanks and lookalikes; null when it is no code.</summary>
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
