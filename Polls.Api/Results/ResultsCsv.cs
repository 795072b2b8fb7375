using Polls.Core.Kinds;

namespace Polls.Api.Results;

/// <summary>Results as tables.</summary>
internal static class ResultsCsv
{
    private static readonly string[] Common =
    [
        "poll", "question", "participant", "nickname", "choices", "options", "revision", "castAt", "kind", "answer",
    ];

    /// <summary>
    /// Writes one row per vote. Polls whose answers have several parts have a column for each of them.
    /// </summary>
    public static async Task WriteVotesAsync(Stream to, ExportSource source, CancellationToken cancellationToken)
    {
        var columns = source.Polls.Select(result => KindOf(result).Columns(result.Texts)).ToList();
        using var csv = new CsvFile(to, [.. Common, .. columns.SelectMany(names => names)]);
        var before = 0;
        foreach (var (result, names) in source.Polls.Zip(columns))
        {
            var kind = KindOf(result);
            await foreach (var vote in source.VotesOf(result).WithCancellation(cancellationToken))
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
                await csv.SendAsync(cancellationToken);
            }

            before += names.Count;
        }

        await csv.EndAsync(cancellationToken);
    }

    /// <summary>Writes one row per cell of every tally, or per entry.</summary>
    public static async Task WriteSummaryAsync(Stream to, ExportSource source, CancellationToken cancellationToken)
    {
        var table = new SummaryTable(source.Polls);
        using var csv = new CsvFile(to, table.Header);
        foreach (var result in source.Polls)
        {
            foreach (var row in table.Rows(result with { Counted = await source.EntriesAsync(result) }))
            {
                csv.Add(row);
                await csv.SendAsync(cancellationToken);
            }
        }

        await csv.EndAsync(cancellationToken);
    }

    private static IPollKind KindOf(PollResults result) => PollKinds.Get(result.Poll.Kind);
}
