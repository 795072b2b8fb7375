using System.Globalization;
using System.Text;

namespace Polls.Api.Results;

/// <summary>Results as CSV by RFC 4180: one row per vote, lines ended by CR LF.</summary>
public static class ResultsCsv
{
    /// <summary>The whole table with its header.</summary>
    public static string Write(RoomResults results)
    {
        var csv = new StringBuilder();
        Row(csv, "poll", "question", "participant", "nickname", "choices", "options", "revision", "castAt");
        foreach (var poll in results.Polls)
        {
            foreach (var vote in poll.Votes)
            {
                Row(
                    csv,
                    (poll.Poll.Position + 1).ToString(CultureInfo.InvariantCulture),
                    Safe(poll.Poll.Question),
                    vote.ParticipantId.ToString(),
                    Safe(vote.Nickname ?? ""),
                    string.Join(' ', vote.Choices),
                    Safe(string.Join(" | ", vote.Choices.Select(choice => poll.Poll.Options[choice]))),
                    vote.Revision.ToString(CultureInfo.InvariantCulture),
                    vote.CastAt.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
            }
        }

        return csv.ToString();
    }

    private static void Row(StringBuilder csv, params string[] cells) =>
        csv.AppendJoin(',', cells.Select(Quote)).Append("\r\n");

    private static string Quote(string cell) =>
        cell.AsSpan().IndexOfAny("\",\r\n") < 0 ? cell : $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>People's text that a spreadsheet would run as a formula is marked as text.</summary>
    private static string Safe(string text) => text is ['=' or '+' or '-' or '@' or '\t' or '\r', ..] ? "'" + text : text;
}
