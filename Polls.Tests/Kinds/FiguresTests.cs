using System.Globalization;
using System.Text.Json;
using Polls.AppHost.Processes;
using Polls.Core.Kinds;
using Polls.Core.Storage;
using Polls.Core.Tallies;

namespace Polls.Tests.Kinds;

/// <summary>What is computed from the cells of a tally is the same on the pages and in the exports.</summary>
public sealed class FiguresTests
{
    [Theory]
    [InlineData("ranking.mjs")]
    [InlineData("points.mjs")]
    [InlineData("rating.mjs")]
    public async Task The_pages_compute_what_the_shared_vectors_say(string check)
    {
        var run = await Tool.RunAsync(
            "node", [Path.Combine(Repository.Root, "Polls.Tests", "Types", check), Path.Combine(Repository.Root, "Polls.Web")]);
        run.Output.ShouldBeEmpty();
        run.ExitCode.ShouldBe(0, run.Error);
    }

    [Fact]
    public void The_exports_tell_the_points_of_a_ranking_as_the_shared_vectors_say()
    {
        foreach (var vector in Vectors("ranking/order.json", 15))
        {
            var places = vector.Places!.Value;
            var texts = Texts(vector.Options, new RankingSettings(places, 1, true));
            var figures = PollKinds.Get(PollKind.Ranking).Figures(texts, new Tally(Guid.Empty, 1, vector.Cells, vector.Voters));
            vector.Order!.Select(option => figures["points"][option * places]).ShouldBe(vector.Points.Select(points => (object)(long)points));
            vector.Order!.Select(option => Text(figures["average"][option * places])).ShouldBe(vector.Average);
            figures.Values.ShouldAllBe(cells => cells.Length == vector.Cells.Length);
        }
    }

    [Fact]
    public void The_exports_tell_the_shares_of_points_as_the_shared_vectors_say()
    {
        foreach (var vector in Vectors("points/given.json", 10))
        {
            var texts = Texts(vector.Options, new PointsSettings(100, 1, false));
            var figures = PollKinds.Get(PollKind.Points).Figures(texts, new Tally(Guid.Empty, 1, vector.Cells, vector.Voters));
            figures["share"].Take(vector.Options).ShouldBe(vector.Share?.Select(share => $"{share}%") ?? new string?[vector.Options]);
            figures["average"].Take(vector.Options).Select(Text).ShouldBe(vector.Average);
            figures.Values.ShouldAllBe(cells => cells.Length == vector.Cells.Length);
        }
    }

    private static string? Text(object? average) => ((decimal?)average)?.ToString("0.0", CultureInfo.InvariantCulture);

    private static PollTexts Texts(int options, KindSettings settings) => new([.. Enumerable.Range(1, options).Select(i => $"Option {i}")], settings);

    private static Vector[] Vectors(string file, int least)
    {
        var vectors = JsonSerializer.Deserialize<Vector[]>(Repository.Read($"Polls.Web/src/kinds/{file}"), JsonSerializerOptions.Web)!;
        vectors.Length.ShouldBeGreaterThan(least);
        return vectors;
    }

    private sealed record Vector(
        int Options, int? Places, int Voters, int[] Cells, int[]? Order, int[] Points, string?[] Average, string[]? Share);
}
