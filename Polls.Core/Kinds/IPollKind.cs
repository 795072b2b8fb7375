using System.Text.Json;

namespace Polls.Core.Kinds;

/// <summary>
/// Rules of one kind of poll. The vote path only knows marks with weights, and keys: a vote adds a weight to each
/// marked cell of the tally, and 1 to the entry of each key. A new kind is one more implementation in
/// <see cref="PollKinds"/>.
/// </summary>
public interface IPollKind
{
    /// <summary>The code of the refusal of an answer that does not fit the kind.</summary>
    string BadAnswer { get; }

    /// <summary>What an answer must look like, for the refusal of another one.</summary>
    string Describe(PollShape shape);

    /// <summary>
    /// Checks the options and the kind's own settings of a draft. Returns the settings with their defaults filled in,
    /// or <c>poll.badOptions</c> or <c>poll.badSettings</c>.
    /// </summary>
    /// <param name="options">The options' texts, each one checked.</param>
    /// <param name="settings">The members of the draft's settings that are not common to all kinds.</param>
    Outcome<KindSettings> Check(
        IReadOnlyList<string> options, IReadOnlyDictionary<string, JsonElement> settings);

    /// <summary>The stored settings.</summary>
    /// <exception cref="JsonException">The text is not what <see cref="KindSettings.ToJson"/> wrote.</exception>
    KindSettings Read(string settings);

    /// <summary>What a tally tells of the poll's entries.</summary>
    EntrySummary Entries => EntrySummary.None;

    /// <summary>Number of cells of the tally, at most 256.</summary>
    int Cells(PollShape shape);

    /// <summary>The answer as stored; null if it is not an answer to this poll.</summary>
    Ballot? Read(PollShape shape, Answer answer);

    /// <summary>The answer of a stored ballot.</summary>
    Answer Write(PollShape shape, Ballot ballot);

    /// <summary>What each cell of the tally counts, for exports.</summary>
    IReadOnlyList<string> CellNames(PollTexts poll);

    /// <summary>The answer for readers of exports.</summary>
    string Readable(PollTexts poll, Answer answer);

    /// <summary>
    /// The parts of an answer that have columns of their own in exports, in order; most kinds have none.
    /// </summary>
    IReadOnlyList<string> Columns(PollTexts poll) => [];

    /// <summary>What stands in those columns.</summary>
    IReadOnlyList<object?> InColumns(PollTexts poll, Answer answer) => [];

    /// <summary>The names of columns that the summaries of polls of this kind have in exports.</summary>
    IReadOnlyList<string> SummaryColumns => [];

    /// <summary>The result of a poll in exports: a row per cell or entry, at least one.</summary>
    IEnumerable<SummaryRow> Summarise(PollTexts poll, PollTotals totals);
}

/// <summary>What a tally tells of entries.</summary>
public enum EntrySummary
{
    /// <summary>The kind has no entries.</summary>
    None,

    /// <summary>The most frequent entries and how many others there are.</summary>
    Head,

    /// <summary>Figures of all numbers.</summary>
    Numbers,
}

/// <summary>The texts of a poll's options and what determines the form of its answers.</summary>
/// <param name="Options">The options, in order.</param>
/// <param name="Settings">The kind's own settings.</param>
public readonly record struct PollTexts(IReadOnlyList<string> Options, KindSettings Settings)
{
    /// <summary>Between the parts of a readable answer.</summary>
    internal const string Separator = " | ";

    /// <summary>The form without the texts.</summary>
    public PollShape Shape => new(Options.Count, Settings);

    /// <summary>The text of an option as part of a list; in quotes where it could be read as two parts.</summary>
    public string Quoted(int option) => Quoted(Options[option]);

    /// <summary>A text as part of a list; in quotes where it could be read as two parts.</summary>
    internal static string Quoted(string text) => text.Contains('|', StringComparison.Ordinal) || text.StartsWith('"')
        ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
        : text;
}

/// <summary>What determines the form of answers and tallies of a poll.</summary>
/// <param name="Options">Number of options.</param>
/// <param name="Settings">The kind's own settings.</param>
public readonly record struct PollShape(int Options, KindSettings Settings);
