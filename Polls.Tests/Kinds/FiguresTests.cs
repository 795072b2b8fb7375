using System.Globalization;
using System.Text.Json;
using Polls.Api.Http;
using Polls.Core.Kinds;
using Polls.Core.Storage;
using Polls.Tests.Web;

namespace Polls.Tests.Kinds;

/// <summary>What is computed from the cells of a tally is the same on the pages and in the exports.</summary>
public sealed class FiguresTests
{
    [Theory]
    [InlineData("ranking.mjs")]
    [InlineData("points.mjs")]
    [InlineData("rating.mjs")]
    [InlineData("scales.mjs")]
    public async Task The_pages_compute_what_the_shared_vectors_say(string check)
    {
        await PageChecks.ShouldFindNothingAsync(check);
    }

    [Fact]
    public void The_exports_tell_the_points_of_a_ranking_as_the_shared_vectors_say()
    {
        foreach (var vector in Vectors("ranking/order.json", 15))
        {
            var places = vector.Places!.Value;
            var texts = Texts(vector.Options, new RankingSettings(places, 1, true));
            var rows = PollKinds.Get(PollKind.Ranking).Summarise(texts, new PollTotals(vector.Cells, vector.Voters, [])).ToList();
            rows.Count.ShouldBe(vector.Cells.Length);
            vector.Order!.Select(option => rows[option * places].More[1]).ShouldBe(vector.Points.Select(points => (object)points));
            vector.Order!.Select(option => Text(rows[option * places].More[2])).ShouldBe(vector.Average);
            if (vector.Voters > 0)
            {
                vector.Order!.Select(option => (int)rows[option * places].More[3]!).ShouldBe(vector.Place!);
                Enumerable.Range(0, vector.Options).Where(option => rows[option * places].More[4] is "yes").ShouldBe(vector.Winner is { } winner ? [winner] : []);
            }
        }
    }

    [Fact]
    public void The_exports_tell_the_shares_of_points_as_the_shared_vectors_say()
    {
        foreach (var vector in Vectors("points/given.json", 10))
        {
            var texts = Texts(vector.Options, new PointsSettings(100, 1, false));
            var rows = PollKinds.Get(PollKind.Points).Summarise(texts, new PollTotals(vector.Cells, vector.Voters, [])).ToList();
            rows.Count.ShouldBe(vector.Cells.Length);
            rows.Take(vector.Options).Select(row => row.Share?.ToString()).ShouldBe(vector.Share?.Select(share => $"{share}%") ?? new string?[vector.Options]);
            rows.Take(vector.Options).Select(row => Text(row.More[1])).ShouldBe(vector.Average);
        }
    }

    [Fact]
    public void The_exports_tell_the_figures_of_ratings_as_the_shared_vectors_say()
    {
        var vectors = JsonSerializer.Deserialize<Ratings[]>(Repository.Read("Polls.Web/src/kinds/rating/figures.json"), JsonSerializerOptions.Web)!;
        vectors.Length.ShouldBeGreaterThan(15);
        foreach (var vector in vectors)
        {
            var scale = new RatingSettings(vector.Min, vector.Min + vector.Counts.Length - 1, null, null, vector.Nps is null ? RatingLook.Numbers : RatingLook.Nps);
            var row = PollKinds.Get(PollKind.Rating).Summarise(new PollTexts([], scale), new PollTotals(vector.Counts, vector.Counts.Sum(), [])).First();
            (Text(row.More[0]), Text(row.More[1]), (int?)row.More[3]).ShouldBe((Text(vector.Mean), Text(vector.Median), vector.Nps));
        }
    }

    [Fact]
    public void The_exports_tell_the_decisions_of_motions_as_the_shared_vectors_say()
    {
        var vectors = JsonSerializer.Deserialize<Motions[]>(Repository.Read("Polls.Web/src/kinds/motion/outcomes.json"), Json.Options)!;
        vectors.Length.ShouldBeGreaterThan(20);
        foreach (var vector in vectors)
        {
            var texts = new PollTexts([], new MotionSettings(true, vector.Base, vector.Majority, vector.Quorum));
            var totals = new PollTotals(vector.Counts, vector.Counts.Sum(), [], IsClosed: true, vector.Entitled);
            foreach (var row in PollKinds.Get(PollKind.Motion).Summarise(texts, totals))
            {
                row.More.Take(3).ShouldBe([vector.Outcome, vector.Total, vector.Needed]);
            }

            PollKinds.Get(PollKind.Motion).Summarise(texts, totals with { IsClosed = false }).ShouldAllBe(row => row.More[0] == null);
        }
    }

    [Fact]
    public void The_exports_tell_the_figures_of_scales_as_the_shared_vectors_say()
    {
        var vectors = JsonSerializer.Deserialize<Statements[]>(Repository.Read("Polls.Web/src/kinds/scales/statements.json"), Json.Options)!;
        vectors.Length.ShouldBeGreaterThan(5);
        foreach (var vector in vectors)
        {
            var texts = Texts(vector.N.Length, new ScalesSettings(vector.Min, vector.Max, null, null, RatingLook.Numbers, true));
            var rows = PollKinds.Get(PollKind.Scales).Summarise(texts, new PollTotals(vector.Cells, vector.N.Max(), [])).ToList();
            var steps = vector.Max - vector.Min + 1;
            for (var i = 0; i < vector.N.Length; i++)
            {
                var own = rows.Skip(i * steps).Take(steps).ToList();
                own.Sum(row => row.Count).ShouldBe(vector.N[i]);
                Text(own[0].More[1]).ShouldBe(vector.Mean[i]);
                own.Select(row => row.Share?.ToString()).ShouldBe(vector.Share[i]?.Select(share => $"{share}%") ?? new string?[steps]);
            }
        }
    }

    /// <summary>As the pages show it: with one decimal.</summary>
    private static string? Text(object? average) =>
        ((decimal?)average is { } exact ? decimal.Round(exact, 1, MidpointRounding.AwayFromZero) : (decimal?)null)?.ToString("0.0", CultureInfo.InvariantCulture);

    private static PollTexts Texts(int options, KindSettings settings) => new([.. Enumerable.Range(1, options).Select(i => $"Option {i}")], settings);

    private static Vector[] Vectors(string file, int least)
    {
        var vectors = JsonSerializer.Deserialize<Vector[]>(Repository.Read($"Polls.Web/src/kinds/{file}"), JsonSerializerOptions.Web)!;
        vectors.Length.ShouldBeGreaterThan(least);
        return vectors;
    }

    private sealed record Ratings(int Min, int[] Counts, decimal? Mean, decimal? Median, int? Nps);

    private sealed record Vector(
        int Options, int? Places, int Voters, int[] Cells, int[]? Order, int[] Points, string?[] Average, string[]? Share, int[]? Place, int? Winner);

    private sealed record Motions(
        MotionBase Base, MotionMajority Majority, int? Quorum, int? Entitled, int[] Counts, string Outcome, int Total, int Needed);

    private sealed record Statements(int Min, int Max, int[] Cells, int[] N, string?[] Mean, string[]?[] Share);
}
