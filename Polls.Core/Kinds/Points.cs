using System.Text.Json;
using Polls.Core.Tallies;

namespace Polls.Core.Kinds;

/// <summary>
/// Points to distribute among 2 to 20 options. Cells: the points of each option, then how many gave it any.
/// </summary>
internal sealed class Points : IPollKind
{
    private const int MostOptions = 20;
    private const int MostPoints = 1_000;

    public string BadAnswer => "vote.badAnswer";

    public string Describe(PollShape shape)
    {
        var settings = (PointsSettings)shape.Settings;
        var sum = settings.SpendAll == true ? $"{settings.Points}" : $"1 to {settings.Points}";
        return $"An answer to this poll must be {{points}}, {shape.Options} multiples of {settings.Step} with the sum "
            + $"{sum}.";
    }

    public Outcome<KindSettings> Check(
        IReadOnlyList<string> options, IReadOnlyDictionary<string, JsonElement> settings)
    {
        if (options.Count is < 2 or > MostOptions)
        {
            return KindRefusals.BadOptions(2, MostOptions);
        }

        return KindSettings.Read<PointsSettings>(settings) is { } given
            && (given.Points ?? 100) is >= 1 and <= MostPoints and var points
            && (given.Step ?? (points % 5 == 0 ? 5 : 1)) is var step && step is 1 or 5 or 10 && points % step == 0
                ? new PointsSettings(points, step, given.SpendAll ?? true)
                : KindRefusals.BadSettings(
                    $"points must be between 1 and {MostPoints} and a multiple of step, which must be 1, 5 or 10.");
    }

    public KindSettings Read(string settings) => KindSettings.Read<PointsSettings>(settings);

    public int Cells(PollShape shape) => 2 * shape.Options;

    public Ballot? Read(PollShape shape, Answer answer)
    {
        var settings = (PointsSettings)shape.Settings;
        if (answer is not { Points: { } points, Members: 1 } || points.Count != shape.Options
            || points.Any(given => given < 0 || given > settings.Points || given % settings.Step != 0)
            || (points.Sum() is var sum
                && (settings.SpendAll == true ? sum != settings.Points : sum < 1 || sum > settings.Points)))
        {
            return null;
        }

        int[] supported = [.. Enumerable.Range(0, points.Count).Where(option => points[option] > 0)];
        return new Ballot(
            [
                .. supported.Select(option => (short)option),
                .. supported.Select(option => (short)(shape.Options + option)),
            ],
            [.. supported.Select(option => points[option]), .. supported.Select(_ => 1)]);
    }

    public Answer Write(PollShape shape, Ballot ballot)
    {
        if (ballot.Marks.Length == 0)
        {
            return new();
        }

        var points = new int[shape.Options];
        for (var i = 0; i < ballot.Marks.Length; i++)
        {
            if (ballot.Marks[i] < shape.Options)
            {
                points[ballot.Marks[i]] = ballot.Weights![i];
            }
        }

        return new() { Points = points };
    }

    public IReadOnlyList<string> CellNames(PollTexts poll) =>
        [.. poll.Options, .. poll.Options.Select(option => $"{option}: supporters")];

    public string Readable(PollTexts poll, Answer answer) => string.Join(
        PollTexts.Separator,
        (answer.Points ?? []).Index().Where(item => item.Item > 0)
            .Select(item => $"{poll.Quoted(item.Index)}: {item.Item}"));

    public IReadOnlyList<string> Columns(PollTexts poll) => poll.Options;

    public IReadOnlyList<object?> InColumns(PollTexts poll, Answer answer) =>
        [.. (answer.Points ?? []).Select(points => (object?)points)];

    public IReadOnlyList<string> SummaryColumns => ["option", "average"];

    public IEnumerable<SummaryRow> Summarise(PollTexts poll, PollTotals totals)
    {
        var (names, n) = (CellNames(poll), poll.Options.Count);
        int[] points = [.. totals.Counts.Take(n)];
        int[] supporters = [.. totals.Counts.Skip(n)];
        Percentage[]?[] shares =
        [
            Percentage.Of(points, points.Sum(), areParts: true),
            Percentage.Of(supporters, totals.Voters, areParts: false),
        ];
        return names.Select((name, i) => new SummaryRow(
            name, totals.Counts[i], shares[i / n]?[i % n], poll.Options[i % n],
            i < n && totals.Voters > 0 ? Figures.Rounded((decimal)points[i] / totals.Voters) : null));
    }
}

/// <summary>Settings of points.</summary>
/// <param name="Points">The points that each voter distributes: 1 to 1,000, by default 100.</param>
/// <param name="Step">
/// Every option's points are a multiple of it: 1, 5 or 10; by default 5 where it divides, else 1.
/// </param>
/// <param name="SpendAll">Whether all points must be spent; otherwise 1 to all.</param>
public sealed record PointsSettings(int? Points = null, int? Step = null, bool? SpendAll = null) : KindSettings;
