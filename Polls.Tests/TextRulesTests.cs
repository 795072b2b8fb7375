using System.Text.Json;
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
    [InlineData("\u200B", null)]
    [InlineData("\u2060\uFEFF\u00AD", null)]
    [InlineData("\u3164", null)]
    [InlineData("\u115F\u1160\uFFA0", null)]
    [InlineData("\u2800\u2800", null)]
    [InlineData("\u200E \u200F", null)]
    [InlineData("\u0301", null)]
    [InlineData("\u093E", "\u093E")]
    [InlineData("\uFFFC", null)]
    [InlineData("a\uFFFE", null)]
    [InlineData("a\uFFFF", null)]
    [InlineData("a\uFDD0", null)]
    [InlineData("\uFE0F\u200D", null)]
    [InlineData("\U000E0041", null)]
    [InlineData("a\u200B", "a\u200B")]
    [InlineData("می\u200Cخواهم", "می\u200Cخواهم")]
    [InlineData("❤\uFE0F", "❤\uFE0F")]
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
    public void Appearances_are_those_of_the_shared_vectors()
    {
        var vectors = JsonSerializer.Deserialize<Vector[]>(Repository.Read("Polls.Web/src/ui/texts.json"), JsonSerializerOptions.Web)!;
        vectors.Length.ShouldBeGreaterThan(20);
        foreach (var (text, appearance) in vectors)
        {
            TextRules.Appearance(text).ShouldBe(appearance, JsonSerializer.Serialize(text));
        }
    }

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

    private sealed record Vector(string Text, string Appearance);
}
