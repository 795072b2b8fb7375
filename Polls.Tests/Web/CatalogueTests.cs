using System.Text.Json;
using System.Text.RegularExpressions;
using Polls.Tests.Journeys;

namespace Polls.Tests.Web;

/// <summary>Every page text exists in every language: compares the built texts with the English ones.</summary>
[Collection(nameof(TwoInstances))]
public sealed partial class CatalogueTests(TwoInstances cluster) : IDisposable
{
    /// <summary>Short words may be the same in two languages; an identical sentence is a missing translation.</summary>
    private const int Sentence = 20;

    private readonly HttpClient http = new() { BaseAddress = cluster.A.Address, Timeout = TimeSpan.FromSeconds(30) };

    public static TheoryData<string, string> Catalogues
    {
        get
        {
            TheoryData<string, string> all = [];
            foreach (var page in new[] { "/", "/host", "/screen/000000" })
            {
                foreach (var language in new[] { "de", "fr", "es", "pt", "ar" })
                {
                    all.Add(page, language);
                }
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Catalogues))]
    public async Task Every_language_has_all_texts_with_the_same_placeholders(string page, string language)
    {
        ShouldMatch(await TextsAsync(page, language), await TextsAsync(page, "en"), language);
    }

    [Fact]
    public async Task Every_language_has_all_texts_of_the_kinds_of_question()
    {
        var texts = await PageChecks.RunAsync("kindTexts.mjs");
        var all = JsonDocument.Parse(texts).RootElement.EnumerateObject().ToDictionary(language => language.Name, language => Texts(language.Value));
        all["en"].ShouldNotBeEmpty();
        foreach (var language in new[] { "de", "fr", "es", "pt", "ar" })
        {
            ShouldMatch(all[language], all["en"], language);
        }
    }

    public void Dispose() => http.Dispose();

    private static void ShouldMatch(
        Dictionary<string, Dictionary<string, string>> translated, Dictionary<string, Dictionary<string, string>> english, string language)
    {
        translated.Keys.ShouldBe(english.Keys, ignoreOrder: true);
        foreach (var (name, forms) in translated)
        {
            var values = Values(english[name]["other"]);
            Values(forms["other"]).ShouldBe(values, ignoreOrder: true, $"{name} in {language}");
            foreach (var (form, text) in forms)
            {
                text.ShouldNotBeNullOrWhiteSpace($"{name} in {language}");
                // One and two may be written without digits.
                Values(text).Append("count").ShouldBeSubsetOf([.. values, "count"], $"{name}, {form}, in {language}");
                (Value().Replace(text, "").Length >= Sentence && text == english[name].GetValueOrDefault(form)).ShouldBeFalse($"{name} is not translated to {language}");
            }
        }
    }

    /// <summary>
    /// Every text of a page by name, with its plural forms; a text without plural forms has one, 'other'.
    /// </summary>
    private async Task<Dictionary<string, Dictionary<string, string>>> TextsAsync(string page, string language)
    {
        var html = await http.GetStringAsync(new Uri($"{page}?lang={language}", UriKind.Relative));
        html.ShouldContain($"<html lang=\"{language}\"");
        return Texts(JsonDocument.Parse(Catalogue().Match(html).Groups["texts"].Value).RootElement);
    }

    private static Dictionary<string, Dictionary<string, string>> Texts(JsonElement parts) =>
        parts.EnumerateObject()
            .SelectMany(part => part.Value.EnumerateObject(), (part, text) => (Name: $"{part.Name}.{text.Name}", text.Value))
            .ToDictionary(text => text.Name, text => text.Value.ValueKind == JsonValueKind.String
                ? new Dictionary<string, string> { ["other"] = text.Value.GetString()! }
                : text.Value.EnumerateObject().ToDictionary(form => form.Name, form => form.Value.GetString()!));

    private static List<string> Values(string text) => [.. Value().Matches(text).Select(value => value.Groups[1].Value).Distinct()];

    [GeneratedRegex("<script id=\"texts\" type=\"application/json\">(?<texts>.*?)</script>", RegexOptions.Singleline)]
    private static partial Regex Catalogue();

    [GeneratedRegex("\\{(\\w+)\\}")]
    private static partial Regex Value();
}
