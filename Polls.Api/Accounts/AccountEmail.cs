using System.Globalization;
using System.Text;
using Polls.Core;

namespace Polls.Api.Accounts;

/// <summary>Names of accounts.</summary>
internal static class AccountEmail
{
    private const int Most = 254;

    /// <summary>
    /// The address in its stored form, or null when it is not an address. No mail is sent to it, so this is enough.
    /// Compatibility forms become one (NFKC), and invisible characters are refused: with either, two accounts could
    /// have names that look the same.
    /// </summary>
    public static string? Clean(string? email) =>
        TextRules.Clean(email, Most) is { } text
        && text.Normalize(NormalizationForm.FormKC) is { Length: <= Most } clean
        && clean.IndexOf('@', StringComparison.Ordinal) is > 0 and var at
        && at == clean.LastIndexOf('@') && at < clean.Length - 1 && clean.EnumerateRunes().All(IsSeen)
            ? clean
            : null;

    private static bool IsSeen(Rune rune) => !Rune.IsWhiteSpace(rune) && !TextRules.IsInvisible(rune.Value)
        && Rune.GetUnicodeCategory(rune) != UnicodeCategory.Format;
}
