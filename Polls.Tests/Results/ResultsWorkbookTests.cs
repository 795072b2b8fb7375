using System.Text;
using CsCheck;
using Polls.Api.Results;
using Polls.Core.Kinds;
using Polls.Core.RoomPolls;
using Polls.Core.Storage;
using Polls.Core.Tallies;

namespace Polls.Tests.Results;

/// <summary>The workbook, whatever people write and however many they are.</summary>
public sealed class ResultsWorkbookTests
{
    private static readonly Gen<string> Texts = Gen.String[Gen.Char["=+-@\t\n\u0001\u001f\ud83d\ude00\ufffe\uffff<&>\"'_x0041 a1ü[]:*?/\\"], 0, 60];

    [Fact]
    public void Any_text_is_read_back_as_it_was_written_but_for_what_XML_forbids() =>
        Gen.Select(Texts, Texts).Sample((question, nickname) =>
        {
            var sheets = Workbook.Read(Written([Poll(0, question)], _ => Votes(1, nickname)));
            sheets.Select(sheet => sheet.Name).First().ShouldBe("Summary");
            (sheets[0].Rows[1][1] ?? "").ShouldBe(Allowed(question));
            (sheets[1].Rows[1][1] ?? "").ShouldBe(Allowed(nickname));
        });

    [Fact]
    public void Names_of_sheets_are_valid_and_different_in_any_letter_case() =>
        Gen.Select(Texts, Gen.Int[0, 3]).Array[1, 8].Sample(polls =>
        {
            var names = Workbook.Read(Written([.. polls.Select(poll => Poll(poll.Item2, poll.Item1))], _ => Votes(0))).ConvertAll(sheet => sheet.Name);
            names.Count.ShouldBe(polls.Length + 1);
            names.ConvertAll(name => name.ToUpperInvariant()).ShouldBeUnique();
            names.ShouldAllBe(name => name.Length >= 1 && name.Length <= 31 && !name.Any(c => @"[]:*?/\".Contains(c, StringComparison.Ordinal)));
            names.ShouldAllBe(name => !name.StartsWith('\'') && !name.EndsWith('\'') && !name.Any(char.IsControl) && name == Allowed(name));
        });

    [Fact]
    public void A_sheet_is_named_after_number_and_question()
    {
        var polls = new[] { Poll(0, "Which?"), Poll(1, "A question that is longer than a name 👨‍👩‍👧‍👦"), Poll(2, "It's 'so'"), Poll(2, "IT'S 'SO'"), Poll(3, new string('x', 27) + "👨‍👩‍👧‍👦") };
        Workbook.Read(Written(polls, _ => Votes(0))).Select(sheet => sheet.Name).ShouldBe(
            ["Summary", "1 Which", "2 A question that is longer tha", "3 It's 'so", "3 IT'S 'SO (2)", $"4 {new string('x', 27)}"]);
    }

    [Fact]
    public void Longer_texts_than_a_cell_can_have_are_cut_at_a_whole_character()
    {
        ResultsWorkbook.Text(new string('x', 40_000)).Length.ShouldBe(32_767);
        ResultsWorkbook.Text(new string('x', 32_766) + "😀").Length.ShouldBe(32_766);
        ResultsWorkbook.Text(new string('x', 32_765) + "😀").Length.ShouldBe(32_767);
    }

    private static byte[] Written(IReadOnlyList<PollResults> polls, Func<PollResults, IAsyncEnumerable<ExportedVote>> votes)
    {
        var file = new MemoryStream();
        ResultsWorkbook.WriteAsync(file, new(polls, _ => Task.FromResult<IReadOnlyList<ListedEntry>>([]), votes), default).GetAwaiter().GetResult();
        return file.ToArray();
    }

    private static IAsyncEnumerable<ExportedVote> Votes(int count, string? nickname = null) => Enumerable.Range(0, count)
        .Select(i => new ExportedVote { ParticipantId = Guid.NewGuid(), Nickname = nickname, Choices = [0], Revision = i, CastAt = DateTimeOffset.UnixEpoch })
        .ToAsyncEnumerable();

    private static PollResults Poll(int position, string question)
    {
        var settings = new ChoiceSettings(1);
        string[] options = ["A", "B"];
        return new PollResults(
            new PollView(
                Guid.NewGuid(), 1, position, PollKind.SingleChoice, question, options, PollState.Open, true, true, 1, PollSettings.Of(settings), null, null,
                null, new Tally(Guid.Empty, 1, [1, 0], 1)),
            []) { Texts = new PollTexts(options, settings) };
    }

    /// <summary>The text with the replacement character for what XML forbids.</summary>
    private static string Allowed(string text) => string.Concat(text.EnumerateRunes().Select(rune =>
        rune.Value is '\t' or '\n' or (>= 0x20 and < 0xFFFE) or > 0xFFFF ? rune : Rune.ReplacementChar));
}
