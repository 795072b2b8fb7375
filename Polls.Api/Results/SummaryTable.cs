using System.Text.Json;
using Polls.Core.Kinds;
using Polls.Core.Storage;

namespace Polls.Api.Results;

/// <summary>
/// All tallies as one table: a row per cell or entry, also where nobody voted. What only some kinds have is in columns
/// behind the common ones, if the room has a poll of such a kind; so is how many answers were discarded, if any were.
/// </summary>
internal sealed class SummaryTable(IReadOnlyList<PollResults> polls)
{
    private static readonly string[] Common =
        ["poll", "question", "kind", "row", "count", "share", "voters", "state"];

    private readonly string[] ofKinds =
        [.. polls.SelectMany(result => PollKinds.Get(result.Poll.Kind).SummaryColumns).Distinct()];

    private readonly bool tellsDiscarded = polls.Any(result => result.Poll.Tally?.Discarded > 0);

    /// <summary>The names of the columns.</summary>
    public string[] Header => [.. Common, .. tellsDiscarded ? ["discarded"] : Array.Empty<string>(), .. ofKinds];

    /// <summary>The rows of one poll.</summary>
    public IEnumerable<object?[]> Rows(PollResults result)
    {
        var (poll, kind) = (result.Poll, PollKinds.Get(result.Poll.Kind));
        var columns = kind.SummaryColumns.Select(name => Array.IndexOf(ofKinds, name)).ToArray();
        var counts = poll.Tally?.Counts ?? new int[kind.CellNames(result.Texts).Count];
        var totals = new PollTotals(
            counts, poll.Tally?.Voters ?? 0, result.Counted, poll.State == PollState.Closed, poll.Entitled);
        foreach (var row in kind.Summarise(result.Texts, totals))
        {
            var more = new object?[ofKinds.Length];
            for (var i = 0; i < row.More.Count; i++)
            {
                more[columns[i]] = row.More[i];
            }

            yield return
            [
                poll.Position + 1, poll.Question, NameOf(poll.Kind), row.Name, row.Count, row.Share, totals.Voters,
                NameOf(poll.State), .. tellsDiscarded ? [poll.Tally?.Discarded ?? 0] : Array.Empty<object?>(), .. more,
            ];
        }
    }

    /// <summary>A word of the contract.</summary>
    public static string NameOf<T>(T word) where T : struct, Enum =>
        JsonNamingPolicy.CamelCase.ConvertName(word.ToString());
}
