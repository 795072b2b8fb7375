using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Polls.Core.Kinds;

/// <summary>Rules for words that people add: how they are cleaned, and which spellings are the same word.</summary>
internal static class WordRules
{
    /// <summary>Maximum length of a word, in UTF-16 units, whatever its number of graphemes.</summary>
    public const int MaxUnits = 120;

    private const int MostMarksInARow = 8;
    private const int ZeroWidthJoiner = 0x200D;
    private const int ZeroWidthNonJoiner = 0x200C;
    private const int BlackFlag = 0x1F3F4;

    // An index entry of PostgreSQL has at most 2,704 bytes.
    private const int LongestKey = 1_000;

    /// <summary>
    /// The word as stored: white space collapsed and trimmed, invisible characters removed except where they join
    /// letters or emoji. Null if it is empty or longer than <paramref name="maxGraphemes"/>, starts with a mark, has
    /// too many marks in a row, a control character, or a bidirectional override or isolate.
    /// </summary>
    public static string? Clean(string text, int maxGraphemes)
    {
        if (text.Length > 10 * MaxUnits)
        {
            return null;
        }

        var clean = new StringBuilder(text.Length);
        var (isSpaceDue, inFlag, marks) = (false, false, 0);
        for (var i = 0; i < text.Length;)
        {
            if (!Rune.TryGetRuneAt(text, i, out var rune))
            {
                return null;
            }

            i += rune.Utf16SequenceLength;
            inFlag = rune.Value == BlackFlag || (inFlag && IsTag(rune.Value));
            if (rune.Value is '\t' or '\r' or '\n' || (Rune.IsWhiteSpace(rune) && !Rune.IsControl(rune)))
            {
                isSpaceDue = true;
                continue;
            }

            if (IsForbidden(rune))
            {
                return null;
            }

            if (TextRules.IsInvisible(rune.Value) && !IsVariationSelector(rune.Value)
                && !(inFlag && IsTag(rune.Value)) && !(!isSpaceDue && Joins(clean, rune, text, i)))
            {
                continue;
            }

            var isMark = IsMark(rune);
            marks = isMark ? marks + 1 : 0;
            if (marks > MostMarksInARow || (isMark && clean.Length == 0))
            {
                return null;
            }

            if (isSpaceDue && clean.Length > 0)
            {
                clean.Append(' ');
            }

            isSpaceDue = false;
            clean.Append(rune);
        }

        var word = clean.ToString();
        return TextRules.Clean(word, MaxUnits) is not null && new StringInfo(word).LengthInTextElements <= maxGraphemes
            ? word
            : null;
    }

    /// <summary>
    /// What spellings of the same word have in common: compatibility forms (NFKC), letter case, outer punctuation and
    /// variation selectors do not count. Accents and skin tones do.
    /// </summary>
    /// <param name="word">A cleaned word.</param>
    public static string KeyOf(string word)
    {
        var folded = word.Normalize(NormalizationForm.FormKC)
            .Replace('İ', 'i').ToUpperInvariant().ToLowerInvariant()
            .Replace("ß", "ss", StringComparison.Ordinal).Replace('ς', 'σ');
        var inner = WithoutOuterPunctuation(folded);
        var key = string.Concat((inner.Length > 0 ? inner : folded.Trim()).EnumerateRunes()
            .Where(rune => !IsVariationSelector(rune.Value)));
        return Encoding.UTF8.GetByteCount(key) <= LongestKey
            ? key
            : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
    }

    private static string WithoutOuterPunctuation(string text)
    {
        var (start, end) = (0, text.Length);
        while (start < end && IsOuter(text[start]) && !StartsName(text, start))
        {
            start++;
        }

        while (end > start && IsOuter(text[end - 1]))
        {
            end--;
        }

        return text[start..end];
    }

    /// <summary>Whether a single point stands directly before a letter, as in <c>.NET</c>.</summary>
    private static bool StartsName(string text, int at) =>
        text[at] == '.' && (at == 0 || text[at - 1] != '.') && at + 1 < text.Length
        && Rune.TryGetRuneAt(text, at + 1, out var next) && Rune.IsLetter(next);

    private static bool IsOuter(char c) =>
        char.IsWhiteSpace(c) || "\"'`.,;:!?…¿¡".Contains(c, StringComparison.Ordinal)
        || char.GetUnicodeCategory(c) is UnicodeCategory.OpenPunctuation or UnicodeCategory.ClosePunctuation
            or UnicodeCategory.InitialQuotePunctuation or UnicodeCategory.FinalQuotePunctuation;

    /// <summary>Control characters, bidirectional overrides and isolates, and noncharacters.</summary>
    private static bool IsForbidden(Rune rune) =>
        Rune.IsControl(rune)
        || rune.Value is (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069) or (>= 0xFDD0 and <= 0xFDEF)
        || (rune.Value & 0xFFFE) == 0xFFFE;

    /// <summary>Whether the joiner or non-joiner stands between letters or marks, or joins an emoji sequence.</summary>
    private static bool Joins(StringBuilder before, Rune joiner, string text, int next)
    {
        if (joiner.Value is not (ZeroWidthJoiner or ZeroWidthNonJoiner) || before.Length == 0
            || !Rune.TryGetRuneAt(text + "\0", next, out var after)
            || Rune.DecodeLastFromUtf16(before.ToString(), out var last, out _) != System.Buffers.OperationStatus.Done)
        {
            return false;
        }

        return (IsLetterOrMark(last) && IsLetterOrMark(after))
            || (joiner.Value == ZeroWidthJoiner && IsOfEmoji(last) && Rune.GetUnicodeCategory(after) is
                UnicodeCategory.OtherSymbol or UnicodeCategory.MathSymbol);
    }

    private static bool IsOfEmoji(Rune rune) => IsVariationSelector(rune.Value)
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.OtherSymbol or UnicodeCategory.MathSymbol
            or UnicodeCategory.ModifierSymbol;

    private static bool IsLetterOrMark(Rune rune) =>
        Rune.IsLetter(rune) || (IsMark(rune) && !IsVariationSelector(rune.Value));

    private static bool IsMark(Rune rune) => Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;

    private static bool IsTag(int codePoint) => codePoint is >= 0xE0020 and <= 0xE007F;

    private static bool IsVariationSelector(int codePoint) =>
        codePoint is (>= 0xFE00 and <= 0xFE0F) or (>= 0xE0100 and <= 0xE01EF) or (>= 0x180B and <= 0x180D) or 0x180F;
}
