using System.Text.Json;
using Polls.Core.Kinds;
using Polls.Core.Storage;
using Polls.Core.Tallies;

namespace Polls.Api.Results;

/// <summary>Results as tables.</summary>
public static class ResultsCsv
{
    private const string Share = "share";

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
                var answer = kind.Readable(result.Texts, vote);
                csv.Add(
                [
                    result.Poll.Position + 1, result.Poll.Question, vote.ParticipantId, vote.Nickname,
                    string.Join(' ', vote.Choices ?? []), string.Join(
                        " | ", (vote.Choices ?? []).Where(choice => choice < result.Texts.Options.Count)
                            .Select(choice => result.Texts.Options[choice])),
                    vote.Revision, vote.CastAt, NameOf(result.Poll.Kind), answer,
                    .. new object?[before], .. kind.InColumns(result.Texts, vote),
                ]);
            }

            before += names.Count;
        }

        return csv.ToArray();
    }

    /// <summary>
    /// One row per cell of every tally, also where nobody voted. Kinds with further figures add columns.
    /// </summary>
    public static byte[] Summary(RoomResults results)
    {
        var figures = results.Polls.Select(result => KindOf(result).Figures(result.Texts, result.Poll.Tally)).ToList();
        string[] further = [.. figures.SelectMany(own => own.Keys).Distinct().Where(name => name != Share)];
        using var csv = new CsvFile(["poll", "question", "kind", "row", "count", Share, "voters", "state", .. further]);
        foreach (var (result, own) in results.Polls.Zip(figures))
        {
            var poll = result.Poll;
            var names = KindOf(result).CellNames(result.Texts);
            var counts = poll.Tally?.Counts ?? new int[names.Count];
            var voters = poll.Tally?.Voters ?? 0;
            var shares = PollKinds.HasParts(poll.Kind) || poll.Kind == PollKind.MultipleChoice
                ? Percentage.Of(counts, voters, PollKinds.HasParts(poll.Kind)) : null;
            for (var i = 0; i < names.Count; i++)
            {
                csv.Add(
                [
                    poll.Position + 1, poll.Question, NameOf(poll.Kind), names[i], counts[i],
                    shares?[i].ToString() ?? own.GetValueOrDefault(Share)?[i], voters,
                    JsonNamingPolicy.CamelCase.ConvertName(poll.State.ToString()),
                    .. further.Select(name => own.GetValueOrDefault(name)?[i]),
                ]);
            }
        }

        return csv.ToArray();
    }

    private static IPollKind KindOf(PollResults result) => PollKinds.Get(result.Poll.Kind);

    private static string NameOf(PollKind kind) => JsonNamingPolicy.CamelCase.ConvertName(kind.ToString());
}
