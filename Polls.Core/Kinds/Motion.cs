using System.Text.Json;
using Polls.Core.Tallies;

namespace Polls.Core.Kinds;

/// <summary>A formal vote: yes, no, abstain. A cell for each.</summary>
internal sealed class Motion : IPollKind
{
    private const int MostPeople = 1_000_000;
    private static readonly string[] Names = ["yes", "no", "abstain"];

    public string BadAnswer => "vote.badAnswer";

    public string Describe(PollShape shape) => ((MotionSettings)shape.Settings).Abstain == true
        ? "An answer to this poll must be {choices} with one of 0 (yes), 1 (no) and 2 (abstain)."
        : "An answer to this poll must be {choices} with one of 0 (yes) and 1 (no).";

    public Outcome<KindSettings> Check(
        IReadOnlyList<string> options, IReadOnlyDictionary<string, JsonElement> settings)
    {
        if (options.Count > 0)
        {
            return KindRefusals.BadOptions(0, 0);
        }

        return KindSettings.Read<MotionSettings>(settings) is { } given
            && given.Quorum is null or >= 1 and <= MostPeople && given.Entitled is null or >= 1 and <= MostPeople
                ? new MotionSettings(
                    given.Abstain ?? true, given.Base ?? MotionBase.YesNo, given.Majority ?? MotionMajority.Simple,
                    given.Quorum, given.Entitled)
                : KindRefusals.BadSettings(
                    "base must be yesNo, yesNoAbstain or entitled, majority simple, twoThirds or threeQuarters, "
                    + $"quorum and entitled between 1 and {MostPeople}.");
    }

    public KindSettings Read(string settings) => KindSettings.Read<MotionSettings>(settings);

    public int Cells(PollShape shape) => 3;

    public Ballot? Read(PollShape shape, Answer answer) =>
        answer is { Choices: [>= 0 and <= 2 and var choice], Members: 1 }
        && (choice < 2 || ((MotionSettings)shape.Settings).Abstain == true)
            ? new Ballot([(short)choice])
            : null;

    public Answer Write(PollShape shape, Ballot ballot) =>
        new() { Choices = [.. ballot.Marks.Select(mark => (int)mark)] };

    public IReadOnlyList<string> CellNames(PollTexts poll) => Names;

    public string Readable(PollTexts poll, Answer answer) =>
        string.Concat((answer.Choices ?? []).Select(choice => Names[choice]));

    public IReadOnlyList<string> SummaryColumns => ["outcome", "base", "needed", "quorum", "entitled"];

    /// <summary>Each row has the decision; of motions that are not closed, only the rule.</summary>
    public IEnumerable<SummaryRow> Summarise(PollTexts poll, PollTotals totals)
    {
        var settings = (MotionSettings)poll.Settings;
        var shares = Percentage.Of(totals.Counts, totals.Voters, areParts: true);
        var entitled = totals.Entitled ?? settings.Entitled;
        var decided = totals.IsClosed
            ? MotionDecision.Of(settings, totals.Counts, totals.Voters, entitled ?? 0)
            : null;
        object?[] more =
        [
            decided is null ? null : JsonNamingPolicy.CamelCase.ConvertName($"{decided.Outcome}"), decided?.Total,
            decided?.Needed, settings.Quorum, entitled,
        ];
        return Names.Select((name, i) => new SummaryRow(name, totals.Counts[i], shares?[i], more));
    }
}

/// <summary>What the yes votes are compared with.</summary>
public enum MotionBase
{
    /// <summary>All yes and no votes.</summary>
    YesNo,

    /// <summary>All votes.</summary>
    YesNoAbstain,

    /// <summary>All who are entitled to vote.</summary>
    Entitled,
}

/// <summary>The majority that a motion needs.</summary>
public enum MotionMajority
{
    /// <summary>More than half.</summary>
    Simple,

    /// <summary>At least two thirds.</summary>
    TwoThirds,

    /// <summary>At least three quarters.</summary>
    ThreeQuarters,
}

/// <summary>Settings of a motion.</summary>
/// <param name="Abstain">Whether one can abstain.</param>
/// <param name="Base">What the yes votes are compared with.</param>
/// <param name="Majority">The majority that is needed.</param>
/// <param name="Quorum">The least number of voters; null for none.</param>
/// <param name="Entitled">
/// How many are entitled to vote; by default the number of seat codes, otherwise of those who have joined when the poll
/// opens.
/// </param>
public sealed record MotionSettings(
    bool? Abstain = null, MotionBase? Base = null, MotionMajority? Majority = null, int? Quorum = null,
    int? Entitled = null)
    : KindSettings;
