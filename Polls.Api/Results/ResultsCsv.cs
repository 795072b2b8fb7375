using CsvHelper;

namespace Polls.Api.Results;

/// <summary>Results as CSV by RFC 4180 in UTF-8: one row per vote.</summary>
public static class ResultsCsv
{
    // A spreadsheet runs text that starts like a formula unless it is escaped, and needs the mark to read UTF-8.
    private static readonly CsvWriterOptions Options = CsvWriterOptions.Default with
    {
        Injection = CsvInjection.Escape,
        WriteByteOrderMark = true,
    };

    /// <summary>The whole table with its header.</summary>
    public static byte[] Write(RoomResults results)
    {
        using var file = new MemoryStream();
        using (var csv = CsvWriter.Create(file, Options, leaveOpen: true))
        {
            csv.WriteHeader(
                ["poll", "question", "participant", "nickname", "choices", "options", "revision", "castAt"]);
            foreach (var (poll, votes) in results.Polls.Select(result => (result.Poll, result.Votes)))
            {
                foreach (var vote in votes)
                {
                    csv.WriteField(poll.Position + 1);
                    csv.WriteField(poll.Question);
                    csv.WriteField(vote.ParticipantId);
                    csv.WriteField(vote.Nickname);
                    csv.WriteField(string.Join(' ', vote.Choices));
                    csv.WriteField(string.Join(" | ", vote.Choices.Select(choice => poll.Options[choice])));
                    csv.WriteField(vote.Revision);
                    csv.WriteField(vote.CastAt.UtcDateTime);
                    csv.EndRecord();
                }
            }
        }

        return file.ToArray();
    }
}
