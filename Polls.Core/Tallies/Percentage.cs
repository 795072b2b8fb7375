namespace Polls.Core.Tallies;

/// <summary>
/// What stands beside a count, such as <c>33%</c>, <c>&lt;1%</c> or <c>&gt;99%</c>. The pages compute the same; the
/// vectors of both are in <c>Polls.Web/src/ui/percentages.json</c>.
/// </summary>
/// <param name="Value">An integer from 0 to 100.</param>
/// <param name="Bound">
/// <c>&lt;</c> beside 1 for some votes that round to 0, <c>&gt;</c> beside 99 for not all votes that round to 100;
/// otherwise empty.
/// </param>
public readonly record struct Percentage(int Value, string Bound)
{
    /// <summary>The percentages of counts among this many voters; null if nobody has voted.</summary>
    /// <param name="counts">The counts, each from 0 to <paramref name="voters"/>.</param>
    /// <param name="voters">The number of voters.</param>
    /// <param name="areParts">
    /// Whether each voter counts in exactly one of them. They are then rounded by the largest remainder, so that they
    /// add up to 100; of equal remainders the lower index gains. Otherwise each is rounded half up for itself.
    /// </param>
    public static Percentage[]? Of(IReadOnlyList<int> counts, int voters, bool areParts)
    {
        if (voters == 0)
        {
            return null;
        }

        int[] values = [.. counts.Select(count => (int)(areParts
            ? 100L * count / voters
            : ((200L * count) + voters) / (2L * voters)))];
        if (areParts)
        {
            // OrderBy is stable: equal remainders stay in the order of their index.
            foreach (var i in Enumerable.Range(0, values.Length).OrderByDescending(i => 100L * counts[i] % voters)
                .Take(Math.Max(0, 100 - values.Sum())).ToList())
            {
                values[i]++;
            }
        }

        return [.. values.Select((value, i) =>
            counts[i] > 0 && value == 0 ? new Percentage(1, "<")
            : counts[i] < voters && value == 100 ? new Percentage(99, ">")
            : new Percentage(value, ""))];
    }

    /// <inheritdoc />
    public override string ToString() => $"{Bound}{Value}%";
}
