using Polls.Prove.History;

namespace Polls.Prove.Kinds;

/// <summary>
/// A word cloud of a fixed vocabulary, in which every word has several spellings: a person counts once for a word,
/// however many of its spellings the answer has.
/// </summary>
internal sealed class WordModel() : KindModel("wordCloud", 0, 0)
{
    private const int MaxAnswers = 4;

    // The key of each word, and its spellings.
    private static readonly (string Key, string[] Spellings)[] Words =
    [
        ("café", ["Café", "CAFE\u0301", "café"]), ("abc", ["ＡＢＣ", "abc", "Abc"]), ("strasse", ["Straße", "STRASSE"]),
        ("año", ["año", "AÑO"]), ("ano", ["ano", "ANO"]), ("c++", ["C++", "c++"]), ("c#", ["C#", "(c#)"]),
        (".net", [".NET", "(.net)"]), ("ja", ["\"ja!\"", "ja", "JA?"]), ("愛", ["愛", "「愛」"]), ("👍", ["👍"]),
        ("👍🏽", ["👍🏽"]), ("❤", ["❤", "❤️"]), ("...", ["..."]),
        .. Enumerable.Range(1, 14).Select(i => ($"word {i}", new[] { $"word {i}", $"Word {i}!", $"«WORD {i}»" })),
    ];

    private static readonly string[] AllKeys = [.. Words.Select(word => word.Key)];
    private static readonly Dictionary<string, int> IndexOfText = new(
        Words.Index().SelectMany(item => item.Item.Spellings.Select(text => KeyValuePair.Create(text, item.Index))));

    public override IReadOnlyList<string> Keys => AllKeys;

    public override bool HasPages => true;

    public override IReadOnlyDictionary<string, object> Settings { get; } =
        new Dictionary<string, object> { ["maxAnswers"] = MaxAnswers };

    public override Answer Draw(Random random)
    {
        // Small numbers more often, so that counts differ.
        var texts = Enumerable.Range(0, 1 + random.Next(MaxAnswers))
            .Select(_ => Words[random.Next(1 + random.Next(Words.Length))].Spellings)
            .Select(spellings => spellings[random.Next(spellings.Length)]).ToArray();
        var first = texts.DistinctBy(text => IndexOfText[text]).ToArray();
        // White space around a word does not count.
        string[] sent = [.. texts.Select(text => random.Next(4) == 0 ? $" {text}\t" : text)];
        return Answer("texts", sent, first.Select(text => (IndexOfText[text], 1)), stored: first);
    }

    protected override bool AllowsEntries(SeenTally tally, ReadOnlySpan<int> min, ReadOnlySpan<int> max)
    {
        if (tally is not { Entries: { } entries, Numbers: null } || (entries.Items.Count == 0 && entries.Total > 0)
            || entries.Items.Any(item => !IndexOfText.ContainsKey(item.Text)))
        {
            return false;
        }

        var counts = entries.Items.GroupBy(item => IndexOfText[item.Text])
            .ToDictionary(group => group.Key, group => group.Sum(item => item.Count));
        var (least, most, leastPeople, mostPeople) = (0, 0, 0, 0);
        for (var i = 0; i < min.Length; i++)
        {
            least += min[i] > 0 ? 1 : 0;
            most += max[i] > 0 ? 1 : 0;
            leastPeople += min[i];
            mostPeople += max[i];
            // A word that is not among the items has at most the count of the last one.
            var (low, high) = counts.TryGetValue(i, out var count)
                ? (count, count)
                : (0, entries.Items.Count < entries.Total ? entries.Items[^1].Count : 0);
            if (high < min[i] || low > max[i])
            {
                return false;
            }
        }

        var people = entries.Others + entries.Items.Sum(item => item.Count);
        return counts.Count == entries.Items.Count && entries.Items.All(item => item.Count > 0)
            && entries.Total >= least && entries.Total <= most && people >= leastPeople && people <= mostPeople
            && entries.Others >= entries.Total - entries.Items.Count && entries.IsInOrder
            && (entries.Items.Count < entries.Total || entries.Others == 0);
    }
}
