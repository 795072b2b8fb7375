using System.Globalization;
using System.Text;

namespace Polls.Core;

/// <summary>Rules for text from clients before it is stored or shown.</summary>
public static class TextRules
{
    private const int ZeroWidthJoiner = 0x200D;
    private const int ZeroWidthNonJoiner = 0x200C;
    private const int VariationSelector16 = 0xFE0F;
    private const int BlackFlag = 0x1F3F4;
    private const int BrailleBlank = 0x2800;

    /// <summary>
    /// The trimmed text if it has 1 to <paramref name="maxLength"/> UTF-16 units, is well formed, contains no control,
    /// line-breaking or bidirectional-override character, and something of it can be seen; otherwise null.
    /// </summary>
    public static string? Clean(string? text, int maxLength)
    {
        var trimmed = text?.Trim();
        return trimmed is { Length: > 0 } && trimmed.Length <= maxLength && IsPrintable(trimmed) && IsVisible(trimmed)
            ? trimmed
            : null;
    }

    /// <summary>
    /// What a reader sees of a text. Two texts with the same appearance cannot be told apart: they differ only in
    /// Unicode normalization, in white space or in invisible characters. Letter case counts, and so do joiners where
    /// they change letters or emoji. The pages have the same function (<c>Polls.Web/src/ui/appearance.ts</c>).
    /// </summary>
    public static string Appearance(string text)
    {
        Rune[] runes = [.. Normalized(text).EnumerateRunes()];
        var seen = new StringBuilder(text.Length);
        var (space, tags) = (false, false);
        for (var i = 0; i < runes.Length; i++)
        {
            var rune = runes[i];
            tags = rune.Value == BlackFlag || (tags && IsTag(rune.Value));
            // An empty Braille cell takes its space.
            if (Rune.IsWhiteSpace(rune) || rune.Value == BrailleBlank)
            {
                space = true;
                continue;
            }

            if (IsInvisible(rune.Value) && !(tags && IsTag(rune.Value)) && !Joins(runes, i))
            {
                continue;
            }

            if (space && seen.Length > 0)
            {
                seen.Append(' ');
            }

            seen.Append(rune);
            space = false;
        }

        // What was left out may have kept a letter and its mark apart.
        return seen.ToString().Normalize(NormalizationForm.FormC);
    }

    /// <summary>
    /// Whether the character is shown as nothing at all: the Unicode property Default_Ignorable_Code_Point, and the
    /// blanks and fillers that fonts draw as an empty space.
    /// </summary>
    public static bool IsInvisible(int codePoint) => codePoint is
        0xAD or 0x34F or 0x61C or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or 0x2800 or 0x3164 or 0xFEFF or 0xFFA0 or 0xFFFC
        or 0x1D159
        or (>= 0x180B and <= 0x180F) or (>= 0x200B and <= 0x200F) or (>= 0x202A and <= 0x202E)
        or (>= 0x2060 and <= 0x206F) or (>= 0xFE00 and <= 0xFE0F) or (>= 0xFFF0 and <= 0xFFF8)
        or (>= 0x1BCA0 and <= 0x1BCA3) or (>= 0x1D173 and <= 0x1D17A) or (>= 0xE0000 and <= 0xE0FFF);

    /// <summary>
    /// The text in a Unicode normalization form. Lone surrogates and U+FFFE, which normalization refuses, become
    /// U+FFFD.
    /// </summary>
    public static string Normalized(string text, NormalizationForm form = NormalizationForm.FormC) =>
        string.Concat(text.EnumerateRunes()).Replace('\uFFFE', '\uFFFD').Normalize(form);

    private static bool IsVisible(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (!IsInvisible(rune.Value) && Rune.GetUnicodeCategory(rune) is not (
                UnicodeCategory.SpaceSeparator or UnicodeCategory.Control or UnicodeCategory.Format
                or UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsTag(int codePoint) => codePoint is >= 0xE0020 and <= 0xE007F;

    /// <summary>
    /// Whether the joiner or non-joiner at this place changes what is seen: between emoji, and between letters of
    /// scripts that join letters.
    /// </summary>
    private static bool Joins(Rune[] runes, int place)
    {
        if (place == 0 || place + 1 == runes.Length
            || runes[place].Value is not (ZeroWidthJoiner or ZeroWidthNonJoiner))
        {
            return false;
        }

        var (before, after) = (runes[place - 1], runes[place + 1]);
        return (IsOfJoiningScript(before.Value) && IsOfJoiningScript(after.Value))
            || (runes[place].Value == ZeroWidthJoiner && IsSymbol(after)
                && (before.Value is VariationSelector16 or (>= 0x1F3FB and <= 0x1F3FF) || IsSymbol(before)));
    }

    /// <summary>The blocks of scripts with joined letters: Arabic to Myanmar, Tagalog to Mongolian.</summary>
    private static bool IsOfJoiningScript(int codePoint) =>
        codePoint is (>= 0x600 and <= 0x109F) or (>= 0x1700 and <= 0x18AF);

    private static bool IsSymbol(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.OtherSymbol or UnicodeCategory.MathSymbol;

    private static bool IsPrintable(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
                continue;
            }

            // Noncharacters are for programs' internal use only.
            if (text[i] is (>= '\uFDD0' and <= '\uFDEF') or '\uFFFE' or '\uFFFF')
            {
                return false;
            }

            // Overrides and isolates (U+202A..E, U+2066..9) would let one person's text reorder text on other screens.
            if (char.GetUnicodeCategory(text[i]) is UnicodeCategory.Control or UnicodeCategory.Surrogate
                    or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
                || text[i] is >= '\u202A' and <= '\u202E' or >= '\u2066' and <= '\u2069')
            {
                return false;
            }
        }

        return true;
    }
}
