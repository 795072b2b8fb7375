using System.Text.Json;
using Polls.Core.Tallies;

namespace Polls.Tests.Tallies;

/// <summary>The exports' percentages are those of the pages.</summary>
public sealed class PercentageTests
{
    [Fact]
    public void Percentages_are_those_of_the_shared_vectors()
    {
        var vectors = JsonSerializer.Deserialize<Vector[]>(Repository.Read("Polls.Web/src/ui/percentages.json"), JsonSerializerOptions.Web)!;
        vectors.Length.ShouldBeGreaterThan(10);
        foreach (var (counts, voters, areParts, shown) in vectors)
        {
            Percentage.Of(counts, voters, areParts)?.Select(share => share.ToString())
                .ShouldBe(shown?.Select(text => $"{text}%"), string.Join(' ', counts));
        }
    }

    private sealed record Vector(int[] Counts, int Voters, bool AreParts, string[]? Shown);
}
