namespace Polls.Core.Tallies;

/// <summary>Figures of all numbers of a poll, exact. Without numbers, only <paramref name="N"/>.</summary>
/// <param name="N">How many numbers there are.</param>
/// <param name="Min">The lowest.</param>
/// <param name="Max">The highest.</param>
/// <param name="Mean">Rounded half away from zero to two decimals more than the numbers have.</param>
/// <param name="Median">The middle one; of an even number the mean of the two in the middle.</param>
/// <param name="Q1">The smallest number with at least a quarter of all at or below it.</param>
/// <param name="Q3">The smallest number with at least three quarters of all at or below it.</param>
/// <param name="Bins">
/// How many numbers are in each of up to 30 bins; the last one includes the highest possible number.
/// </param>
/// <param name="From">Where the first bin begins.</param>
/// <param name="Width">The width of a bin.</param>
public sealed record NumberSummary(
    int N, decimal? Min = null, decimal? Max = null, decimal? Mean = null, decimal? Median = null, decimal? Q1 = null,
    decimal? Q3 = null, IReadOnlyList<int>? Bins = null, decimal? From = null, decimal? Width = null);
