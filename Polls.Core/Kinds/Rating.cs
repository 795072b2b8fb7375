using System.Text.Json;
using Polls.Core.Tallies;

namespace Polls.Core.Kinds;

/// <summary>A value of one scale, such as stars or the NPS. A cell per value.</summary>
internal sealed class Rating : IPollKind
{
    public string BadAnswer => "vote.badAnswer";

    public string Describe(PollShape shape)
    {
        var scale = (RatingSettings)shape.Settings;
        return $"An answer to this poll must be {{value}}, an integer from {scale.Min} to {scale.Max}.";
    }

    public Outcome<KindSettings> Check(
        IReadOnlyList<string> options, IReadOnlyDictionary<string, JsonElement> settings)
    {
        if (options.Count > 0)
        {
            return KindRefusals.BadOptions(0, 0);
        }

        return KindSettings.Read<RatingSettings>(settings)?.WithDefaults(RatingLook.Stars) is { } scale
            ? scale
            : KindRefusals.BadSettings(RatingSettings.Rule);
    }

    public KindSettings Read(string settings) => KindSettings.Read<RatingSettings>(settings);

    public int Cells(PollShape shape) => ((RatingSettings)shape.Settings).Steps;

    public Ballot? Read(PollShape shape, Answer answer) =>
        answer is { Value: { } value, Members: 1 } && ((RatingSettings)shape.Settings).CellOf(value) is { } cell
            ? new Ballot([cell])
            : null;

    public Answer Write(PollShape shape, Ballot ballot) => ballot.Marks is [var cell]
        ? new() { Value = cell + ((RatingSettings)shape.Settings).Min }
        : new();

    public IReadOnlyList<string> CellNames(PollTexts poll) => ((RatingSettings)poll.Settings).ValueNames;

    public string Readable(PollTexts poll, Answer answer) => $"{answer.Value}";

    public IReadOnlyList<string> SummaryColumns => [.. Figures.Names, "nps"];

    public IEnumerable<SummaryRow> Summarise(PollTexts poll, PollTotals totals)
    {
        var (scale, counts) = ((RatingSettings)poll.Settings, totals.Counts);
        var figures = Figures.Cells(Figures.OfScale(counts, scale.Min!.Value));
        var shares = Percentage.Of(counts, totals.Voters, areParts: true);
        var nps = scale.Look == RatingLook.Nps && totals.Voters > 0 ? Nps(counts, totals.Voters) : (int?)null;
        return scale.ValueNames.Select(
            (name, i) => new SummaryRow(name, counts[i], shares?[i], [.. figures, nps]));
    }

    /// <summary>The Net Promoter Score: −100 to 100.</summary>
    private static int Nps(IReadOnlyList<int> counts, int voters) => (int)decimal.Round(
        100m * (counts[9] + counts[10] - counts.Take(7).Sum()) / voters, MidpointRounding.AwayFromZero);
}

/// <summary>How a scale is shown.</summary>
public enum RatingLook
{
    /// <summary>Stars, from 1.</summary>
    Stars,

    /// <summary>Numbers.</summary>
    Numbers,

    /// <summary>Faces from sad to happy.</summary>
    Smileys,

    /// <summary>The Net Promoter Score: 0 to 10.</summary>
    Nps,
}

/// <summary>A scale.</summary>
/// <param name="Min">The lowest value: 0 or 1.</param>
/// <param name="Max">The highest value: above the lowest, and at most 10.</param>
/// <param name="LowLabel">A word beside the lowest value, up to 40 characters.</param>
/// <param name="HighLabel">A word beside the highest value.</param>
/// <param name="Look">How it is shown.</param>
public sealed record RatingSettings(
    int? Min = null, int? Max = null, string? LowLabel = null, string? HighLabel = null, RatingLook? Look = null)
    : KindSettings
{
    internal const string Rule = "A scale must start at 0 or 1 (stars: 1, nps: 0 to 10) and end at 10 at most; "
        + "its labels must have 1 to 40 visible characters.";

    private const int MaxLabelLength = 40;
    private const int MostMax = 10;

    /// <summary>Number of values.</summary>
    internal int Steps => Max!.Value - Min!.Value + 1;

    /// <summary>The values as texts.</summary>
    internal string[] ValueNames => [.. Enumerable.Range(Min!.Value, Steps).Select(value => $"{value}")];

    /// <inheritdoc />
    public override KindSettings WithoutWords() => this with { LowLabel = null, HighLabel = null };

    /// <summary>The index of a value in the scale; null if it is not in the scale.</summary>
    internal short? CellOf(int value) => value >= Min && value <= Max ? (short)(value - Min.Value) : null;

    /// <summary>The settings with their defaults; null if they are invalid.</summary>
    internal RatingSettings? WithDefaults(RatingLook defaultLook)
    {
        var look = Look ?? defaultLook;
        var min = Min ?? (look == RatingLook.Nps ? 0 : 1);
        var max = Max ?? (look == RatingLook.Nps ? 10 : 5);
        var isScale = look switch
        {
            RatingLook.Stars => min == 1,
            RatingLook.Nps => (min, max) == (0, 10),
            _ => min is 0 or 1,
        };
        return isScale && max > min && max <= MostMax
            && TryLabel(LowLabel, out var low) && TryLabel(HighLabel, out var high)
            ? new RatingSettings(min, max, low, high, look)
            : null;
    }

    private static bool TryLabel(string? given, out string? label)
    {
        label = given is null ? null : TextRules.Clean(given, MaxLabelLength);
        return given is null || label is not null;
    }
}
