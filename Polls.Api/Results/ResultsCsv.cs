using Polls.Core.Kinds;

namespace Polls.Api.Results;

/// <summary>Results as tables.</summary>
public static class ResultsCsv
{
    private static readonly string[] Common =
    [
        "poll", "question", "participant", "nickname", "choices", "options", "revision", "castAt", "kind", "answer",
    ];

    /// <summary>One row per vote. Polls whose answers have several parts have a column for each of them.</summary>
    public static byte[] Votes(RoomResults results)
    {
        var columns = results.Polls.Select(result => KindOf(result).Columns(result.Texts)).ToList();
        using var csv = new CsvFile([.. Common, .. columns.SelectMany(names => names)]);
        var before = 0;
        foreach (var (result, names) in results.Polls.Zip(columns))
        {
            var kind = KindOf(result);
            foreach (var vote in result.Votes)
            {
                var answer = vote.Readable(kind, result.Texts);
                csv.Add(
                [
                    result.Poll.Position + 1, result.Poll.Question, vote.ParticipantId, vote.Nickname,
                    string.Join(' ', vote.Choices ?? []), string.Join(
                        " | ", (vote.Choices ?? []).Where(choice => choice < result.Texts.Options.Count)
                            .Select(choice => result.Texts.Options[choice])),
                    vote.Revision, vote.CastAt, SummaryTable.NameOf(result.Poll.Kind), answer,
                    .. new object?[before], .. kind.InColumns(result.Texts, vote),
                ]);
            }

            before += names.Count;
        }

        return csv.ToArray();
    }

    /// <summary>One row per cell of every tally, or per entry.</summary>
    public static byte[] Summary(RoomResults results)
    {
        var table = new SummaryTable(results.Polls);
        using var csv = new CsvFile(table.Header);
        foreach (var row in results.Polls.SelectMany(table.Rows))
        {
            csv.Add(row);
        }

        return csv.ToArray();
    }

    private static IPollKind KindOf(PollResults result) => PollKinds.Get(result.Poll.Kind);
}
