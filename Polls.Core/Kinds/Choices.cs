using System.Text.Json;
using Polls.Core.Tallies;

namespace Polls.Core.Kinds;

/// <summary>One or several of 2 to 20 options. A cell per option.</summary>
internal sealed class Choices(bool onlyOne) : IPollKind
{
    /// <summary>Minimum number of options.</summary>
    public const int MinOptions = 2;

    /// <summary>Maximum number of options.</summary>
    public const int MaxOptions = 20;

    public string BadAnswer => "vote.badChoice";

    public string Describe(PollShape shape) =>
        $"A vote in this poll must contain 1 to {Most(shape)} different options, numbered from 0.";

    public Outcome<KindSettings> Check(
        IReadOnlyList<string> options, IReadOnlyDictionary<string, JsonElement> settings)
    {
        if (options.Count is < MinOptions or > MaxOptions)
        {
            return KindRefusals.BadOptions(MinOptions, MaxOptions);
        }

        var most = onlyOne ? 1 : options.Count;
        return KindSettings.Read<ChoiceSettings>(settings) is { } given
            && (given.MaxChoices ?? most) is >= 1 and var max && max <= most
                ? new ChoiceSettings(max)
                : KindRefusals.BadSettings(
                    "maxChoices must be between 1 and the number of options, and must be 1 for a single choice.");
    }

    public KindSettings Read(string settings) => KindSettings.Read<ChoiceSettings>(settings);

    public int Cells(PollShape shape) => shape.Options;

    public Ballot? Read(PollShape shape, Answer answer) =>
        answer is { Choices: { } choices, Members: 1 } && choices.Count >= 1 && choices.Count <= Most(shape)
        && Distinct(choices, shape.Options) is { } marks
            ? new Ballot(marks)
            : null;

    public Answer Write(PollShape shape, Ballot ballot) =>
        new() { Choices = [.. ballot.Marks.Select(mark => (int)mark)] };

    public IReadOnlyList<string> CellNames(PollTexts poll) => poll.Options;

    public string Readable(PollTexts poll, Answer answer) =>
        string.Join(PollTexts.Separator, (answer.Choices ?? []).Select(poll.Quoted));

    public IEnumerable<SummaryRow> Summarise(PollTexts poll, PollTotals totals)
    {
        var shares = Percentage.Of(totals.Counts, totals.Voters, areParts: onlyOne);
        return poll.Options.Select((option, i) => new SummaryRow(option, totals.Counts[i], shares?[i]));
    }

    /// <summary>The indexes in ascending order; null if one is out of bounds or occurs twice.</summary>
    internal static short[]? Distinct(IReadOnlyList<int> indexes, int count)
    {
        var marks = new short[indexes.Count];
        for (var i = 0; i < marks.Length; i++)
        {
            if (indexes[i] < 0 || indexes[i] >= count)
            {
                return null;
            }

            marks[i] = (short)indexes[i];
        }

        Array.Sort(marks);
        for (var i = 1; i < marks.Length; i++)
        {
            if (marks[i] == marks[i - 1])
            {
                return null;
            }
        }

        return marks;
    }

    private static int Most(PollShape shape) => ((ChoiceSettings)shape.Settings).MaxChoices!.Value;
}

/// <summary>Settings of choices.</summary>
/// <param name="MaxChoices">Maximum number of choices; by default all options.</param>
public sealed record ChoiceSettings(int? MaxChoices = null) : KindSettings;
