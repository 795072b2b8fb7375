using System.Text.Json;
using Polls.Api.Http;
using Polls.Core.Kinds;
using Polls.Core.Storage;
using Polls.Tests.Web;

namespace Polls.Tests.Kinds;

/// <summary>How words are cleaned, and which spellings are the same word.</summary>
public sealed class WordTests
{
    [Theory]
    [InlineData("Café|CAFE\u0301|café", 1)]
    [InlineData("ＡＢＣ|abc", 1)]
    [InlineData("Straße|STRASSE|straẞe", 1)]
    [InlineData("año|ano", 2)]
    [InlineData("C++|C#|c", 3)]
    [InlineData("👍|👍🏽", 2)]
    [InlineData("\"ja!\"|ja|«Ja»|(ja)|¡JA!|ja…|„ja“", 1)]
    [InlineData("愛|\u2F3C", 2)]
    [InlineData("❤|❤\uFE0F", 1)]
    [InlineData("İstanbul|istanbul|ISTANBUL", 1)]
    [InlineData("ısı|isi", 2)]
    [InlineData("Σίσυφος|ΣΊΣΥΦΟΣ", 1)]
    [InlineData(".NET|(.net)|.Net!", 1)]
    [InlineData(".NET|net", 2)]
    [InlineData("...dots|dots", 1)]
    [InlineData("new  york|New\tYork| new york ", 1)]
    [InlineData("ﬁne|fine", 1)]
    [InlineData("rock 'n' roll|rock n roll", 2)]
    [InlineData("می\u200Cخواهم|میخواهم", 2)]
    [InlineData("a\u200Bb|ab", 1)]
    [InlineData("👨\u200D👩|👨👩", 2)]
    public void Spellings_are_as_many_words(string spellings, int words) =>
        spellings.Split('|').Select(Key).Distinct().Count().ShouldBe(words, string.Join(" ", spellings.Split('|').Select(Key)));

    [Theory]
    [InlineData(" a \t\r\n b ", "a b")]
    [InlineData("a\u2028b\u00A0c\u3000d", "a b c d")]
    [InlineData("a\u00ADb\u200B", "ab")]
    [InlineData("\u3164a\u2800", "a")]
    [InlineData("❤\uFE0F", "❤\uFE0F")]
    [InlineData("👨\u200D👩\u200D👧", "👨\u200D👩\u200D👧")]
    [InlineData("🏴\U000E0067\U000E0062\U000E0065\U000E006E\U000E0067\U000E007F", "🏴\U000E0067\U000E0062\U000E0065\U000E006E\U000E0067\U000E007F")]
    [InlineData("a\U000E0067", "a")]
    [InlineData("\u200Da\u200D", "a")]
    [InlineData("می\u200Cخواهم", "می\u200Cخواهم")]
    [InlineData("", null)]
    [InlineData(" \u200B ", null)]
    [InlineData("\uFE0F", null)]
    [InlineData("a\0", null)]
    [InlineData("a\u0085b", null)]
    [InlineData("a\u202Eb", null)]
    [InlineData("a\u2067b", null)]
    [InlineData("a\uFFFF", null)]
    [InlineData("\u0301a", null)]
    [InlineData("a\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301", "a\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301")]
    [InlineData("a\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301", null)]
    public void A_word_is_cleaned_or_refused(string word, string? clean) => WordRules.Clean(word, 30).ShouldBe(clean);

    [Fact]
    public void Half_a_surrogate_pair_is_refused()
    {
        foreach (var text in new[] { "a\uD83D", "\uDC4Da", "\uDC4D\uD83D" })
        {
            WordRules.Clean(text, 30).ShouldBeNull();
        }
    }

    [Fact]
    public void Length_counts_what_people_see_and_is_bounded_anyway()
    {
        WordRules.Clean("👨‍👩‍👧‍👦👨‍👩‍👧‍👦", 2).ShouldNotBeNull();
        WordRules.Clean("👨‍👩‍👧‍👦👨‍👩‍👧‍👦a", 2).ShouldBeNull();
        WordRules.Clean(string.Concat(Enumerable.Repeat("👨‍👩‍👧‍👦", 11)), 60).ShouldBeNull();
        WordRules.Clean(new string('a', 60), 60).ShouldNotBeNull();
        WordRules.Clean($"  {new string(' ', 500)}a", 1).ShouldBe("a");
        WordRules.Clean(new string(' ', 5_000) + "a", 1).ShouldBeNull();
    }

    [Fact]
    public void A_key_fits_into_an_index_whatever_it_expands_to()
    {
        var word = string.Concat(Enumerable.Repeat("\uFDFA", 60));
        var key = Key(word);
        key.Length.ShouldBe(64);
        Key(word[1..] + word[..1]).ShouldBe(key);
        Key(word[1..]).ShouldNotBe(key);
    }

    [Theory]
    [InlineData("shit", true)]
    [InlineData("SHIIIT!", true)]
    [InlineData("5h1t", true)]
    [InlineData("what a $hit", true)]
    [InlineData("Scheiße", true)]
    [InlineData("sh\u200Dit", true)]
    [InlineData("sh\u200Cit", true)]
    [InlineData("coño", true)]
    [InlineData("cono", false)]
    [InlineData("Shitake", false)]
    [InlineData("Scunthorpe", false)]
    [InlineData("class", false)]
    [InlineData("C++", false)]
    public void The_filter_finds_whole_words(string word, bool hit) => WordFilter.Hits(Key(word)).ShouldBe(hit);

    /// <summary>The pages must not take another device's answer for their own, nor their own for another one.</summary>
    [Fact]
    public async Task Pages_and_server_agree_on_which_answers_and_words_are_the_same()
    {
        var vectors = JsonSerializer.Deserialize<SameAnswer[]>(
            await File.ReadAllTextAsync(Repository.PathOf("Polls.Web", "src", "live", "answers.json")), Json.Options)!;
        var shape = new PollShape(0, new WordCloudSettings(10, 60, false, false));
        foreach (var (sent, stored, same) in vectors)
        {
            var kept = PollKinds.Get(PollKind.WordCloud).Read(shape, new Answer { Texts = sent }).ShouldNotBeNull().Texts;
            kept.SequenceEqual(stored).ShouldBe(same, string.Join(' ', sent));
        }

        // A phone marks its own words among those of all people.
        var keys = JsonSerializer.Deserialize<KeyOfWord[]>(
            await File.ReadAllTextAsync(Repository.PathOf("Polls.Web", "src", "live", "keys.json")), Json.Options)!;
        foreach (var (word, key) in keys)
        {
            Key(word).ShouldBe(key);
        }

        await PageChecks.ShouldFindNothingAsync("answers.mjs");
    }

    private sealed record SameAnswer(string[] Sent, string[] Stored, bool Same);

    private sealed record KeyOfWord(string Word, string Key);

    private static string Key(string word) => WordRules.KeyOf(WordRules.Clean(word, 60).ShouldNotBeNull());
}
