namespace Polls.Core.Tallies;

/// <summary>Averages as the pages show them.</summary>
public static class Average
{
    /// <summary>A sum shared by n, rounded to one decimal, half away from zero; null if n is 0.</summary>
    public static decimal? Of(long sum, int n) =>
        n == 0 ? null : Math.Round((decimal)sum / n, 1, MidpointRounding.AwayFromZero);
}
