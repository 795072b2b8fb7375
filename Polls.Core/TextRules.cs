using System.Globalization;

namespace Polls.Core;

/// <summary>Rules for text from clients before it is stored or shown.</summary>
public static class TextRules
{
    /// <summary>
    /// The trimmed text if it has 1 to <paramref name="maxLength"/> UTF-16 units, is well formed and contains no
    /// control, line-breaking or bidirectional-override character; otherwise null.
    /// </summary>
    public static string? Clean(string? text, int maxLength)
    {
        var trimmed = text?.Trim();
        return trimmed is { Length: > 0 } && trimmed.Length <= maxLength && IsPrintable(trimmed) ? trimmed : null;
    }

    private static bool IsPrintable(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
                continue;
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
