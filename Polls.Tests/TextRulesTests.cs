using Polls.Core;

namespace Polls.Tests;

public sealed class TextRulesTests
{
    [Theory]
    [InlineData("a", "a")]
    [InlineData("  a b  ", "a b")]
    [InlineData("\t\na\r\n", "a")]
    [InlineData("0123456789", "0123456789")]
    [InlineData("  0123456789  ", "0123456789")]
    [InlineData("0123456789a", null)]
    [InlineData("Grüße, 你好", "Grüße, 你好")]
    [InlineData("שלום مرحبا", "שלום مرحبا")]
    [InlineData("👍🏽", "👍🏽")]
    [InlineData("👨\u200D👩", "👨\u200D👩")]
    [InlineData("👍👍👍👍👍", "👍👍👍👍👍")]
    [InlineData("👍👍👍👍👍👍", null)]
    [InlineData(null, null)]
    [InlineData("", null)]
    [InlineData(" \u00A0\u3000\t", null)]
    [InlineData("a\nb", null)]
    [InlineData("a\tb", null)]
    [InlineData("a\0b", null)]
    [InlineData("a\u001Bb", null)]
    [InlineData("a\u007Fb", null)]
    [InlineData("a\u0085b", null)]
    [InlineData("a\u009Fb", null)]
    [InlineData("a\u2028b", null)]
    [InlineData("a\u2029b", null)]
    [InlineData("a\u2029", "a")]
    public void Text_is_trimmed_and_accepted_if_it_can_be_stored_and_shown(string? text, string? clean) =>
        TextRules.Clean(text, maxLength: 10).ShouldBe(clean);

    [Fact]
    public void Text_with_bidirectional_control_characters_is_refused()
    {
        for (var c = '\u2028'; c <= '\u206A'; c++)
        {
            var reorders = c is (>= '\u2028' and <= '\u202E') or (>= '\u2066' and <= '\u2069');
            (TextRules.Clean($"a{c}b", 10) is null).ShouldBe(reorders, $"U+{(int)c:X4}");
        }
    }

    [Fact]
    public void A_lone_surrogate_is_refused_at_any_position()
    {
        const char High = '\uD83D', Low = '\uDC4D';
        foreach (var text in new[] { $"{High}", $"{Low}", $"a{High}", $"{High}a", $"{Low}{High}", $"{High}{High}{Low}", $"{High}{Low}{Low}" })
        {
            TextRules.Clean(text, 10).ShouldBeNull();
        }

        TextRules.Clean($"{High}{Low}", 10).ShouldNotBeNull();
    }
}
