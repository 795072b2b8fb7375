using System.Globalization;
using Polls.Prove.History;

namespace Polls.Prove.Kinds;

/// <summary>Numbers from -10 to 10 in steps of a half, with one decimal: figures of all of them.</summary>
internal sealed class NumberModel() : KindModel("numeric", 0, 0)
{
    private const int Limit = 10;

    // 20 bins of 1: with the next smaller width, 0.5, there would be 40, and there may be 30.
    private const int Bins = 2 * Limit;

    // In order.
    private static readonly decimal[] Numbers =
        [.. Enumerable.Range(0, (4 * Limit) + 1).Select(i => (i * 0.5m) - Limit)];

    private static readonly string[] AllKeys =
        [.. Numbers.Select(number => number.ToString("0.#", CultureInfo.InvariantCulture))];

    public override IReadOnlyList<string> Keys => AllKeys;

    public override IReadOnlyDictionary<string, object> Settings { get; } =
        new Dictionary<string, object> { ["min"] = -Limit, ["max"] = Limit, ["decimals"] = 1 };

    public override Answer Draw(Random random)
    {
        var index = random.Next(Numbers.Length);
        // 1 and 1.0 are the same number.
        var sent = random.Next(2) == 0 ? Numbers[index] : Numbers[index] / 1.0m;
        return Answer("number", sent, [(index, 1)]);
    }

    protected override bool AllowsEntries(SeenTally tally, ReadOnlySpan<int> min, ReadOnlySpan<int> max)
    {
        if (tally is not { Entries: null, Numbers: { } numbers })
        {
            return false;
        }

        if (min.SequenceEqual(max))
        {
            return numbers.Matches(FiguresOf(min));
        }

        var (low, high) = (FiguresOf(min), FiguresOf(max));
        return numbers.N >= low.N && numbers.N <= high.N
            && (numbers.Bins ?? []).Zip(high.Bins ?? new int[Bins], (seen, most) => seen <= most).All(yes => yes)
            && (low.Bins ?? []).Zip(numbers.Bins ?? new int[Bins], (least, seen) => seen >= least).All(yes => yes);
    }

    private static SeenNumbers FiguresOf(ReadOnlySpan<int> counts)
    {
        var all = new List<decimal>();
        var bins = new int[Bins];
        for (var i = 0; i < counts.Length; i++)
        {
            all.AddRange(Enumerable.Repeat(Numbers[i], counts[i]));
            // The last bin includes the highest number.
            bins[Math.Min((int)decimal.Floor(Numbers[i]) + Limit, Bins - 1)] += counts[i];
        }

        var n = all.Count;
        return n == 0
            ? new(0)
            : new(
                n, all[0], all[^1], decimal.Round(all.Sum() / n, 3, MidpointRounding.AwayFromZero),
                (all[(n - 1) / 2] + all[n / 2]) / 2, all[((n + 3) / 4) - 1], all[(((3 * n) + 3) / 4) - 1], bins,
                -Limit, 1);
    }
}
