using System.Text.Json;
using Polls.Core.Tallies;

namespace Polls.Core.Kinds;

/// <summary>
/// 1 to 10 statements on one scale. A cell per statement and value: statement × values + (value − lowest value).
/// </summary>
internal sealed class Scales : IPollKind
{
    private const int MostStatements = 10;

    public string BadAnswer => "vote.badAnswer";

    public string Describe(PollShape shape)
    {
        var scale = ((ScalesSettings)shape.Settings).Scale;
        var skip = ((ScalesSettings)shape.Settings).MaySkip == true
            ? ", or null for skipped statements, but not for all" : "";
        return $"An answer to this poll must be {{values}}, {shape.Options} integers from {scale.Min} to {scale.Max}"
            + $"{skip}.";
    }

    public Outcome<KindSettings> Check(
        IReadOnlyList<string> options, IReadOnlyDictionary<string, JsonElement> settings)
    {
        if (options.Count is < 1 or > MostStatements)
        {
            return KindRefusals.BadOptions(1, MostStatements);
        }

        return KindSettings.Read<ScalesSettings>(settings) is { } given
            && given.Scale.WithDefaults(RatingLook.Numbers) is { } scale
                ? new ScalesSettings(
                    scale.Min, scale.Max, scale.LowLabel, scale.HighLabel, scale.Look, given.MaySkip ?? true)
                : KindRefusals.BadSettings(RatingSettings.Rule);
    }

    public KindSettings Read(string settings) => KindSettings.Read<ScalesSettings>(settings);

    public int Cells(PollShape shape) => shape.Options * ((ScalesSettings)shape.Settings).Scale.Steps;

    public Ballot? Read(PollShape shape, Answer answer)
    {
        var (settings, scale) = ((ScalesSettings)shape.Settings, ((ScalesSettings)shape.Settings).Scale);
        if (answer is not { Values: { } values, Members: 1 } || values.Count != shape.Options)
        {
            return null;
        }

        var marks = new List<short>(values.Count);
        for (var statement = 0; statement < values.Count; statement++)
        {
            if (values[statement] is not { } value)
            {
                if (settings.MaySkip != true)
                {
                    return null;
                }
            }
            else if (scale.CellOf(value) is { } cell)
            {
                marks.Add((short)((statement * scale.Steps) + cell));
            }
            else
            {
                return null;
            }
        }

        return marks.Count > 0 ? new Ballot([.. marks]) : null;
    }

    public Answer Write(PollShape shape, Ballot ballot)
    {
        if (ballot.Marks.Length == 0)
        {
            return new();
        }

        var scale = ((ScalesSettings)shape.Settings).Scale;
        var values = new int?[shape.Options];
        foreach (var mark in ballot.Marks)
        {
            values[mark / scale.Steps] = (mark % scale.Steps) + scale.Min;
        }

        return new() { Values = values };
    }

    public IReadOnlyList<string> CellNames(PollTexts poll) =>
    [
        .. poll.Options.SelectMany(
            _ => ((ScalesSettings)poll.Settings).Scale.ValueNames, (statement, value) => $"{statement}: {value}"),
    ];

    public string Readable(PollTexts poll, Answer answer) => string.Join(
        PollTexts.Separator,
        (answer.Values ?? []).Index().Where(item => item.Item is not null)
            .Select(item => $"{poll.Quoted(item.Index)}: {item.Item}"));

    public IReadOnlyList<string> Columns(PollTexts poll) => poll.Options;

    public IReadOnlyList<object?> InColumns(PollTexts poll, Answer answer) =>
        [.. (answer.Values ?? []).Select(value => (object?)value)];

    public IReadOnlyList<string> SummaryColumns => ["statement", .. Figures.Names];

    public IEnumerable<SummaryRow> Summarise(PollTexts poll, PollTotals totals)
    {
        var (names, scale) = (CellNames(poll), ((ScalesSettings)poll.Settings).Scale);
        for (var statement = 0; statement < poll.Options.Count; statement++)
        {
            var first = statement * scale.Steps;
            int[] counts = [.. totals.Counts.Skip(first).Take(scale.Steps)];
            var figures = Figures.Cells(Figures.OfScale(counts, scale.Min!.Value));
            var shares = Percentage.Of(counts, counts.Sum(), areParts: true);
            for (var i = 0; i < counts.Length; i++)
            {
                yield return new SummaryRow(
                    names[first + i], counts[i], shares?[i], [poll.Options[statement], .. figures]);
            }
        }
    }
}

/// <summary>Settings of scales.</summary>
/// <param name="Min">See <see cref="RatingSettings"/>.</param>
/// <param name="Max">See <see cref="RatingSettings"/>.</param>
/// <param name="LowLabel">See <see cref="RatingSettings"/>.</param>
/// <param name="HighLabel">See <see cref="RatingSettings"/>.</param>
/// <param name="Look">See <see cref="RatingSettings"/>.</param>
/// <param name="MaySkip">Whether some statements may stay unanswered.</param>
public sealed record ScalesSettings(
    int? Min = null, int? Max = null, string? LowLabel = null, string? HighLabel = null, RatingLook? Look = null,
    bool? MaySkip = null)
    : KindSettings
{
    /// <summary>The scale of all statements.</summary>
    internal RatingSettings Scale => new(Min, Max, LowLabel, HighLabel, Look);

    /// <inheritdoc />
    public override KindSettings WithoutWords() => this with { LowLabel = null, HighLabel = null };
}
