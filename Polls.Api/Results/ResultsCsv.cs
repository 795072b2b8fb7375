using System.Text.Json;
using Polls.Core.Storage;
using Polls.Core.Tallies;

namespace Polls.Api.Results;

/// <summary>Results as tables.</summary>
public static class ResultsCsv
{
    private const string Separator = " | ";

    /// <summary>One row per vote.</summary>
    public static byte[] Votes(RoomResults results)
    {
        using var csv = new CsvFile(
            "poll", "question", "participant", "nickname", "choices", "options", "revision", "castAt", "kind",
            "answer");
        foreach (var (poll, votes) in results.Polls.Select(result => (result.Poll, result.Votes)))
        {
            foreach (var vote in votes)
            {
                var options = vote.Choices.Select(choice => poll.Options[choice]).ToList();
                csv.Add(
                    poll.Position + 1, poll.Question, vote.ParticipantId, vote.Nickname,
                    string.Join(' ', vote.Choices), string.Join(Separator, options), vote.Revision, vote.CastAt,
                    NameOf(poll.Kind), string.Join(Separator, options.Select(Quoted)));
            }
        }

        return csv.ToArray();
    }

    /// <summary>One row per option of every poll, also where nobody voted.</summary>
    public static byte[] Summary(RoomResults results)
    {
        using var csv = new CsvFile("poll", "question", "kind", "row", "count", "share", "voters", "state");
        foreach (var poll in results.Polls.Select(result => result.Poll))
        {
            var counts = poll.Tally?.Counts ?? new int[poll.Options.Count];
            var voters = poll.Tally?.Voters ?? 0;
            var shares = Percentage.Of(counts, voters, areParts: poll.Kind == PollKind.SingleChoice);
            for (var i = 0; i < poll.Options.Count; i++)
            {
                csv.Add(
                    poll.Position + 1, poll.Question, NameOf(poll.Kind), poll.Options[i], counts[i],
                    shares?[i].ToString(), voters, JsonNamingPolicy.CamelCase.ConvertName(poll.State.ToString()));
            }
        }

        return csv.ToArray();
    }

    // An option with a bar in it would otherwise look like two.
    private static string Quoted(string option) =>
        option.Contains('|', StringComparison.Ordinal) || option.StartsWith('"')
            ? $"\"{option.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
            : option;

    private static string NameOf(PollKind kind) => JsonNamingPolicy.CamelCase.ConvertName(kind.ToString());
}
