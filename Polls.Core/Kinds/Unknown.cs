using System.Text.Json;

namespace Polls.Core.Kinds;

/// <summary>A kind that a newer version stored. It is shown with its question and state only.</summary>
internal sealed class Unknown : IPollKind
{
    public static Unknown Kind { get; } = new();

    public string BadAnswer => "vote.badAnswer";

    public string Describe(PollShape shape) => "This instance does not know this kind of poll.";

    public Outcome<KindSettings> Check(
        IReadOnlyList<string> options, IReadOnlyDictionary<string, JsonElement> settings) =>
        Refusals.Invalid("poll.badKind", "This kind of poll does not exist.");

    public KindSettings Read(string settings) => new UnknownSettings();

    public int Cells(PollShape shape) => 0;

    public Ballot? Read(PollShape shape, Answer answer) => null;

    public Answer Write(PollShape shape, Ballot ballot) => new();

    public IReadOnlyList<string> CellNames(PollTexts poll) => [];

    public string Readable(PollTexts poll, Answer answer) => "";

    public IEnumerable<SummaryRow> Summarise(PollTexts poll, PollTotals totals) => [new SummaryRow("", 0)];
}

/// <summary>Settings that are not known either.</summary>
internal sealed record UnknownSettings : KindSettings;
