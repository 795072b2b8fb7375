using System.Text.Json;

namespace Polls.Core.Kinds;

/// <summary>
/// 2 to 10 options in order of preference. Cells: first option × places + place, then for each pair of options how many
/// prefer one to the other: option × (options − 1) + the other's index among the others. A ranked option is preferred
/// to an unranked one; two unranked ones say nothing.
/// </summary>
internal sealed class Ranking : IPollKind
{
    private const int MostOptions = 10;

    public string BadAnswer => "vote.badAnswer";

    public string Describe(PollShape shape)
    {
        var settings = (RankingSettings)shape.Settings;
        return $"An answer to this poll must be {{ranking}}, {settings.Least} to {settings.Places} different options, "
            + "numbered from 0, the best first.";
    }

    public Outcome<KindSettings> Check(
        IReadOnlyList<string> options, IReadOnlyDictionary<string, JsonElement> settings)
    {
        if (options.Count is < 2 or > MostOptions)
        {
            return KindRefusals.BadOptions(2, MostOptions);
        }

        return KindSettings.Read<RankingSettings>(settings) is { } given
            && (given.Places ?? options.Count) is >= 1 and var places && places <= options.Count
            && (given.Least ?? places) is >= 1 and var least && least <= places
                ? new RankingSettings(places, least, given.Shuffled ?? true)
                : KindRefusals.BadSettings(
                    "A ranking must have 1 to as many places as options, and 1 ≤ least ≤ places.");
    }

    public KindSettings Read(string settings) => KindSettings.Read<RankingSettings>(settings);

    public int Cells(PollShape shape) => (shape.Options * Places(shape)) + (shape.Options * (shape.Options - 1));

    public Ballot? Read(PollShape shape, Answer answer)
    {
        var settings = (RankingSettings)shape.Settings;
        if (answer is not { Ranking: { } ranking, Members: 1 } || ranking.Count < settings.Least
            || ranking.Count > settings.Places || Choices.Distinct(ranking, shape.Options) is null)
        {
            return null;
        }

        var marks = new List<short>();
        for (var place = 0; place < ranking.Count; place++)
        {
            marks.Add((short)((ranking[place] * Places(shape)) + place));
        }

        // Better than everything that comes later or is not ranked.
        var ranked = new HashSet<int>();
        foreach (var option in ranking)
        {
            ranked.Add(option);
            for (var other = 0; other < shape.Options; other++)
            {
                if (!ranked.Contains(other))
                {
                    marks.Add((short)PairCell(shape, option, other));
                }
            }
        }

        return new Ballot([.. marks]);
    }

    public Answer Write(PollShape shape, Ballot ballot)
    {
        var places = Places(shape);
        int[] ranking = [.. ballot.Marks.Where(mark => mark < shape.Options * places)
            .OrderBy(mark => mark % places).Select(mark => mark / places)];
        return ranking.Length > 0 ? new() { Ranking = ranking } : new();
    }

    public IReadOnlyList<string> CellNames(PollTexts poll) =>
    [
        .. poll.Options.SelectMany(_ => PlaceNames(poll), (option, place) => $"{option}: {place}"),
        .. poll.Options.SelectMany(
            option => poll.Options.Where(other => other != option), (option, other) => $"{option} > {other}"),
    ];

    public string Readable(PollTexts poll, Answer answer) =>
        string.Join(PollTexts.Separator, (answer.Ranking ?? []).Select(poll.Quoted));

    public IReadOnlyList<string> Columns(PollTexts poll) => PlaceNames(poll);

    public IReadOnlyList<object?> InColumns(PollTexts poll, Answer answer) =>
        [.. (answer.Ranking ?? []).Select(option => poll.Options[option])];

    public IReadOnlyList<string> SummaryColumns =>
        ["option", "points", "average", "place", "winsEveryComparison"];

    /// <summary>
    /// Each option has its points in all of its rows: as many for a place as there are places from it on. Equal points
    /// share a place. An option wins every comparison (Condorcet) if more people prefer it to each other one than the
    /// reverse.
    /// </summary>
    public IEnumerable<SummaryRow> Summarise(PollTexts poll, PollTotals totals)
    {
        var (names, places, counts) = (CellNames(poll), Places(poll.Shape), totals.Counts);
        var pairs = poll.Options.Count * places;
        int[] points = [.. Enumerable.Range(0, poll.Options.Count)
            .Select(option => Enumerable.Range(0, places)
                .Sum(place => (places - place) * counts[(option * places) + place]))];
        int Prefer(int option, int other) => counts[PairCell(poll.Shape, option, other)];
        var winner = Enumerable.Range(0, poll.Options.Count).Cast<int?>().FirstOrDefault(option =>
            Enumerable.Range(0, poll.Options.Count).All(other =>
                other == option || Prefer(option!.Value, other) > Prefer(other, option.Value)));
        for (var cell = 0; cell < counts.Count; cell++)
        {
            var option = cell < pairs ? cell / places : (cell - pairs) / (poll.Options.Count - 1);
            var hasVotes = totals.Voters > 0;
            yield return new SummaryRow(
                names[cell], counts[cell], null, poll.Options[option], points[option],
                hasVotes ? Figures.Rounded((decimal)points[option] / totals.Voters) : null,
                hasVotes ? 1 + points.Count(other => other > points[option]) : null,
                hasVotes ? (option == winner ? "yes" : "no") : null);
        }
    }

    /// <summary>The cell that counts who prefers one option to another.</summary>
    internal static int PairCell(PollShape shape, int option, int other) =>
        (shape.Options * Places(shape)) + (option * (shape.Options - 1)) + (other < option ? other : other - 1);

    private static string[] PlaceNames(PollTexts poll) =>
        [.. Enumerable.Range(1, Places(poll.Shape)).Select(place => $"place{place}")];

    private static int Places(PollShape shape) => ((RankingSettings)shape.Settings).Places!.Value;
}

/// <summary>Settings of a ranking.</summary>
/// <param name="Places">Maximum length of an answer; by default all options.</param>
/// <param name="Least">Minimum length of an answer; by default <paramref name="Places"/>.</param>
/// <param name="Shuffled">Whether each participant sees the options in another order.</param>
public sealed record RankingSettings(int? Places = null, int? Least = null, bool? Shuffled = null) : KindSettings;
