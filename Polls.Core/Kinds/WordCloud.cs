using System.Text.Json;
using Polls.Core.Storage;
using Polls.Core.Tallies;

namespace Polls.Core.Kinds;

/// <summary>Words that people add. Each different word is an entry that counts the people who said it.</summary>
internal sealed class WordCloud : IPollKind
{
    public string BadAnswer => "vote.badAnswer";

    public EntrySummary Entries => EntrySummary.Head;

    public string Describe(PollShape shape)
    {
        var cloud = (WordCloudSettings)shape.Settings;
        return $"An answer to this poll must be {{texts}}, 1 to {cloud.MaxAnswers} words of up to {cloud.MaxLength} "
            + "visible characters.";
    }

    public Outcome<KindSettings> Check(
        IReadOnlyList<string> options, IReadOnlyDictionary<string, JsonElement> settings)
    {
        if (options.Count > 0)
        {
            return KindRefusals.BadOptions(0, 0);
        }

        return KindSettings.Read<WordCloudSettings>(settings)?.WithDefaults() is { } cloud
            ? cloud
            : KindRefusals.BadSettings(WordCloudSettings.Rule);
    }

    public KindSettings Read(string settings) => KindSettings.Read<WordCloudSettings>(settings);

    public int Cells(PollShape shape) => 0;

    public Ballot? Read(PollShape shape, Answer answer)
    {
        var cloud = (WordCloudSettings)shape.Settings;
        if (answer is not { Texts: { Count: > 0 } texts, Members: 1 } || texts.Count > cloud.MaxAnswers)
        {
            return null;
        }

        var (keys, spellings) = (new List<string>(texts.Count), new List<string>(texts.Count));
        foreach (var text in texts)
        {
            if (WordRules.Clean(text, cloud.MaxLength!.Value) is not { } word)
            {
                return null;
            }

            var key = WordRules.KeyOf(word);
            if (!keys.Contains(key))
            {
                keys.Add(key);
                spellings.Add(word);
            }
        }

        return new Ballot([], null, [.. keys], [.. spellings])
        {
            NewStates = cloud.Review == true ? [.. keys.Select(_ => EntryState.Review)]
                : cloud.Filter == true && keys.Exists(WordFilter.Hits)
                ? [.. keys.Select(key => WordFilter.Hits(key) ? EntryState.Filtered : EntryState.Shown)]
                : null,
        };
    }

    public Answer Write(PollShape shape, Ballot ballot) => new() { Texts = ballot.Texts };

    public IReadOnlyList<string> CellNames(PollTexts poll) => [];

    public string Readable(PollTexts poll, Answer answer) =>
        string.Join(PollTexts.Separator, answer.Texts!.Select(PollTexts.Quoted));

    public IReadOnlyList<string> Columns(PollTexts poll) =>
        [.. Enumerable.Range(1, ((WordCloudSettings)poll.Settings).MaxAnswers!.Value).Select(i => $"word{i}")];

    public IReadOnlyList<object?> InColumns(PollTexts poll, Answer answer) => [.. answer.Texts!];

    public IReadOnlyList<string> SummaryColumns => ["n", "entryState", "mergedInto"];

    public IEnumerable<SummaryRow> Summarise(PollTexts poll, PollTotals totals)
    {
        var shares = Percentage.Of([.. totals.Entries.Select(entry => entry.Count)], totals.Voters, areParts: false);
        return totals.Entries.Count == 0
            ? [new SummaryRow("", 0)]
            : totals.Entries.Select((entry, i) => new SummaryRow(
                entry.Text, entry.Count, shares?[i], entry.N, StateOf(entry), entry.Into));
    }

    private static string StateOf(ListedEntry entry) => entry switch
    {
        { Into: not null } => "merged",
        { State: EntryVisibility.Hidden } => "hidden",
        { State: EntryVisibility.Pending } => "pending",
        _ => "shown",
    };
}

/// <summary>Settings of a word cloud.</summary>
/// <param name="MaxAnswers">How many words a person can give: 1 to 10, by default 3.</param>
/// <param name="MaxLength">Maximum length of a word in graphemes: 1 to 60, by default 30.</param>
/// <param name="Filter">Whether words of the filter wait until a host shows them; by default they do.</param>
/// <param name="Review">Whether all new words wait until a host shows them; by default they do not.</param>
public sealed record WordCloudSettings(
    int? MaxAnswers = null, int? MaxLength = null, bool? Filter = null, bool? Review = null) : KindSettings
{
    internal const string Rule = "maxAnswers must be 1 to 10, maxLength 1 to 60, filter and review true or false.";

    /// <summary>The settings with their defaults; null if they are invalid.</summary>
    internal WordCloudSettings? WithDefaults() =>
        MaxAnswers is null or (>= 1 and <= 10) && MaxLength is null or (>= 1 and <= 60)
            ? new WordCloudSettings(MaxAnswers ?? 3, MaxLength ?? 30, Filter ?? true, Review ?? false)
            : null;
}
