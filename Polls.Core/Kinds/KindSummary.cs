using Polls.Core.Tallies;

namespace Polls.Core.Kinds;

/// <summary>The result of a poll, for exports.</summary>
/// <param name="Counts">A count per cell.</param>
/// <param name="Voters">How many people have answered.</param>
/// <param name="Entries">All entries, of kinds that have them.</param>
/// <param name="IsClosed">Whether the poll is closed, so that it is decided.</param>
/// <param name="Entitled">Of an opened motion: how many were entitled to vote when it was opened.</param>
public readonly record struct PollTotals(
    IReadOnlyList<int> Counts, int Voters, IReadOnlyList<ListedEntry> Entries, bool IsClosed = false,
    int? Entitled = null);

/// <summary>A row of a poll's summary: a cell of its tally, or an entry.</summary>
/// <param name="Name">What is counted: a text or a number.</param>
/// <param name="Count">The count.</param>
/// <param name="Share">Its share, where there is one.</param>
/// <param name="More">What stands in the columns that only the kind has.</param>
public sealed record SummaryRow(object Name, int Count, Percentage? Share = null, params IReadOnlyList<object?> More);

/// <summary>Figures of numbers, for exports. Mean and deviation are rounded half away from zero.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="Median">The middle one; of an even number the mean of the two in the middle.</param>
/// <param name="Deviation">The standard deviation of the population.</param>
internal sealed record Figures(decimal Mean, decimal Median, decimal Deviation)
{
    /// <summary>The names of their columns.</summary>
    public static readonly string[] Names = ["mean", "median", "standardDeviation"];

    private const int Decimals = 4;

    /// <summary>The figures as cells; empty cells if there are no numbers.</summary>
    public static object?[] Cells(Figures? figures) => [figures?.Mean, figures?.Median, figures?.Deviation];

    /// <summary>The figures of a scale that starts with this value; null if nobody has answered.</summary>
    public static Figures? OfScale(IEnumerable<int> counts, int lowest) =>
        Of([.. counts.Select((count, i) => ((decimal)(lowest + i), count))]);

    /// <summary>The figures of numbers in ascending order, each with its count; null if all counts are 0.</summary>
    /// <param name="numbers">The numbers.</param>
    /// <param name="decimals">How many decimals the numbers have.</param>
    public static Figures? Of((decimal Value, int Count)[] numbers, int decimals = 0)
    {
        var n = numbers.Sum(number => number.Count);
        if (n == 0)
        {
            return null;
        }

        var mean = numbers.Sum(number => number.Value * number.Count) / n;
        var variance = numbers.Sum(number => (number.Value - mean) * (number.Value - mean) * number.Count) / n;
        return new Figures(
            Rounded(mean, decimals), Short((At(numbers, (n - 1) / 2) + At(numbers, n / 2)) / 2),
            Rounded((decimal)Math.Sqrt((double)variance), decimals));
    }

    /// <summary>A mean as it is written in exports.</summary>
    public static decimal Rounded(decimal value, int decimals = 0) =>
        Short(decimal.Round(value, decimals + Decimals, MidpointRounding.AwayFromZero));

    /// <summary>The number without zeros at the end of its decimals.</summary>
    private static decimal Short(decimal value) => value / 1.0000000000000000000000000000m;

    private static decimal At((decimal Value, int Count)[] numbers, int index)
    {
        var i = 0;
        for (; index >= numbers[i].Count; i++)
        {
            index -= numbers[i].Count;
        }

        return numbers[i].Value;
    }
}
