using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Polls.Core.Kinds;

/// <summary>An estimated number. Each different number is an entry that counts its voters.</summary>
internal sealed class Numeric : IPollKind
{
    public string BadAnswer => "vote.badAnswer";

    public EntrySummary Entries => EntrySummary.Numbers;

    public string Describe(PollShape shape)
    {
        var range = (NumericSettings)shape.Settings;
        return $"An answer to this poll must be {{number}}, from {NumericSettings.Text(range.Min!.Value)} to "
            + $"{NumericSettings.Text(range.Max!.Value)}, with up to {range.Decimals} decimals and "
            + $"{LenientDecimal.MostDigits} significant digits.";
    }

    public Outcome<KindSettings> Check(
        IReadOnlyList<string> options, IReadOnlyDictionary<string, JsonElement> settings)
    {
        if (options.Count > 0)
        {
            return KindRefusals.BadOptions(0, 0);
        }

        return KindSettings.Read<NumericSettings>(settings)?.WithDefaults() is { } range
            ? range
            : KindRefusals.BadSettings(NumericSettings.Rule);
    }

    public KindSettings Read(string settings) => KindSettings.Read<NumericSettings>(settings);

    public int Cells(PollShape shape) => 0;

    public Ballot? Read(PollShape shape, Answer answer)
    {
        var range = (NumericSettings)shape.Settings;
        return answer is { Number: { } number, Members: 1 } && number >= range.Min && number <= range.Max
            && range.HasDecimals(number)
            ? new Ballot([], null, [NumericSettings.Text(number)])
            : null;
    }

    public Answer Write(PollShape shape, Ballot ballot) => ballot.Keys is [var number]
        ? new() { Number = decimal.Parse(number, CultureInfo.InvariantCulture) }
        : new();

    public IReadOnlyList<string> CellNames(PollTexts poll) => [];

    public string Readable(PollTexts poll, Answer answer) => NumericSettings.Text(answer.Number!.Value);

    public IReadOnlyList<string> SummaryColumns => Figures.Names;

    /// <summary>A row per different number, in ascending order.</summary>
    public IEnumerable<SummaryRow> Summarise(PollTexts poll, PollTotals totals)
    {
        (decimal Value, int Count)[] numbers = [.. totals.Entries
            .Select(entry => (Value: decimal.Parse(entry.Text, CultureInfo.InvariantCulture), entry.Count))
            .OrderBy(number => number.Value)];
        var figures = Figures.Cells(Figures.Of(numbers, ((NumericSettings)poll.Settings).Decimals!.Value));
        return numbers.Length == 0
            ? [new SummaryRow("", 0)]
            : numbers.Select(number => new SummaryRow(number.Value, number.Count, null, figures));
    }
}

/// <summary>Settings of an estimate.</summary>
/// <param name="Min">The lowest number, at least −10^9.</param>
/// <param name="Max">The highest number, at most 10^9.</param>
/// <param name="Decimals">Number of decimals: 0 to 6, by default 0.</param>
/// <param name="Unit">What is counted or measured, up to 12 characters.</param>
public sealed record NumericSettings(
    [property: JsonConverter(typeof(LenientDecimal))] decimal? Min = null,
    [property: JsonConverter(typeof(LenientDecimal))] decimal? Max = null,
    int? Decimals = null, string? Unit = null) : KindSettings
{
    internal const string Rule = "min and max are required, from -1000000000 to 1000000000, min below max; "
        + "decimals must be 0 to 6 and enough for both; unit must have 1 to 12 visible characters.";

    private const int MostDecimals = 6;
    private const int MaxUnitLength = 12;
    private const int MostBins = 30;
    private const decimal Limit = 1_000_000_000;

    /// <summary>
    /// The width of a bin: the smallest of 1, 2 and 5 × 10^k that is at least one unit of the last decimal, and with
    /// which the range needs at most 30 bins.
    /// </summary>
    internal decimal BinWidth
    {
        get
        {
            for (var unit = Unit10(Decimals!.Value); ; unit *= 10)
            {
                foreach (var width in (ReadOnlySpan<decimal>)[unit, 2 * unit, 5 * unit])
                {
                    if (BinsOf(width) <= MostBins)
                    {
                        return width;
                    }
                }
            }
        }
    }

    /// <summary>Where the first bin begins: a multiple of the width, at most the lowest number.</summary>
    internal decimal BinsFrom => FromOf(BinWidth);

    /// <summary>Number of bins; the last one includes the highest number.</summary>
    internal int Bins => BinsOf(BinWidth);

    /// <summary>A number as the key of its entry: no exponent, no zeros at the end.</summary>
    internal static string Text(decimal number) =>
        (number == 0 ? 0 : number).ToString("0.######", CultureInfo.InvariantCulture);

    /// <summary>Whether the number has no more decimals than answers can have.</summary>
    internal bool HasDecimals(decimal number) => decimal.Round(number, Decimals!.Value) == number;

    /// <summary>The settings with their defaults; null if they are invalid.</summary>
    internal NumericSettings? WithDefaults()
    {
        var unit = Unit is null ? null : TextRules.Clean(Unit, MaxUnitLength);
        var range = this with { Decimals = Decimals ?? 0, Unit = unit };
        return range is { Min: >= -Limit, Max: <= Limit, Decimals: >= 0 and <= MostDecimals }
            && range.Min < range.Max && range.HasDecimals(range.Min!.Value) && range.HasDecimals(range.Max!.Value)
            && (Unit is null || unit is not null)
            ? range
            : null;
    }

    private static decimal Unit10(int decimals)
    {
        var unit = 1m;
        for (var i = 0; i < decimals; i++)
        {
            unit /= 10;
        }

        return unit;
    }

    private decimal FromOf(decimal width) => decimal.Floor(Min!.Value / width) * width;

    private int BinsOf(decimal width) =>
        (int)decimal.Min(decimal.Ceiling((Max!.Value - FromOf(width)) / width), int.MaxValue);
}
