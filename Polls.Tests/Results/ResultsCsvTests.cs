using CsCheck;
using CsvHelper;
using Polls.Api.Results;
using Polls.Core.RoomPolls;
using Polls.Core.Rooms;
using Polls.Core.Storage;

namespace Polls.Tests.Results;

/// <summary>The CSV export as text, whatever people write.</summary>
public sealed class ResultsCsvTests
{
    private static readonly Gen<string> Texts = Gen.String[Gen.Char["=+-@\t\r\n,;\"' a1ü"], 0, 9];

    [Fact]
    public void Any_text_is_read_back_as_it_was_written_and_never_as_a_formula() =>
        Gen.Select(Texts, Texts, Texts).Sample((question, option, nickname) =>
        {
            var row = Rows(ResultsCsv.Write(Results(question, option, nickname)))[1];

            row[1].ShouldBe(AsText(question));
            row[3].ShouldBe(AsText(nickname));
            row[5].ShouldBe(AsText(option));
            row[7].ShouldBe("1970-01-01T00:00:00.0000000Z");
            row.ShouldAllBe(cell => cell.Length == 0 || !"=+-@\t\r".Contains(cell[0]));
        });

    /// <summary>The rows of a CSV file by RFC 4180, with the header.</summary>
    internal static List<string[]> Rows(byte[] csv)
    {
        var rows = new List<string[]>();
        using var reader = CsvReader.Create(csv, CsvReaderOptions.Default with { HasHeader = false });
        while (reader.Read())
        {
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetString)]);
        }

        return rows;
    }

    private static string AsText(string text) => text.Length > 0 && "=+-@\t\r".Contains(text[0]) ? "'" + text : text;

    private static RoomResults Results(string question, string option, string nickname)
    {
        var poll = new PollView(
            Guid.NewGuid(), 1, 0, PollKind.SingleChoice, question, [option], PollState.Open, true, true, 1, null, null, null);
        var vote = new ExportedVote(Guid.NewGuid(), nickname, [0], 1, DateTimeOffset.UnixEpoch);
        return new RoomResults("123456", "A room", RoomStatus.Open, DateTimeOffset.UnixEpoch, [new PollResults(poll, [vote])], []);
    }
}
