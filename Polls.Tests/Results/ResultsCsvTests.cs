using System.Text;
using CsCheck;
using CsvHelper;
using Polls.Api.Results;
using Polls.Core.Kinds;
using Polls.Core.RoomPolls;
using Polls.Core.Rooms;
using Polls.Core.Storage;
using Polls.Core.Tallies;

namespace Polls.Tests.Results;

/// <summary>The CSV exports as text, whatever people write.</summary>
public sealed class ResultsCsvTests
{
    private const string FormulaSigns = "=+-@＝＋－＠﹦﹢﹣﹫";
    private static readonly Gen<string> Texts = Gen.String[Gen.Char["=+-@＝＋－＠﹦﹢﹣﹫\t\r\n,;|\"' a1ü"], 0, 9];

    [Fact]
    public void Any_text_is_read_back_as_it_was_written_but_for_marks_before_formulas() =>
        Gen.Select(Texts, Texts, Texts).Sample((question, option, nickname) =>
        {
            var row = Rows(Votes(Results(question, option, nickname)))[1];

            WithoutMarks(row[1]).ShouldBe(WithoutMarks(question));
            WithoutMarks(row[3]).ShouldBe(WithoutMarks(nickname));
            row[7].ShouldBe("1970-01-01T00:00:00.0000000Z");
            WithoutMarks(row[5]).ShouldBe(WithoutMarks(option));
        });

    [Fact]
    public void No_cell_starts_a_formula_whatever_separates_the_cells() =>
        Gen.Select(Texts, Texts, Texts).Sample((question, option, nickname) =>
        {
            var results = Results(question, option, nickname);
            foreach (var file in (string[])[Text(Votes(results)), Text(Summary(results))])
            {
                // A text with a comma is in quotes; one with another separator may not be, and quotes then belong to the text.
                IEnumerable<string> cells =
                [
                    .. Rows(Encoding.UTF8.GetBytes(file)).SelectMany(row => row), .. file.Split(';', '\r', '\n'), .. file.Split('\t', '\r', '\n'),
                ];
                cells.Select(cell => cell.TrimStart(' ', '"', '\t', '\r', '\n')).ShouldAllBe(cell => cell.Length == 0 || !FormulaSigns.Contains(cell[0]));
            }
        });

    [Theory]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("x;=cmd|'/c calc'!A1;y", "x;'=cmd|'/c calc'!A1;y")]
    [InlineData("x\t@SUM(A1)", "x\t'@SUM(A1)")]
    [InlineData("＝1＋1", "'＝1＋1")]
    [InlineData("﹦1+1", "'﹦1+1")]
    [InlineData("Thanks, @ann", "Thanks, @ann")]
    [InlineData("A | -1", "A | -1")]
    [InlineData("2 - 1 = 1", "2 - 1 = 1")]
    [InlineData("ann@example.org", "ann@example.org")]
    public void A_mark_stands_only_where_a_formula_could_start(string nickname, string cell) =>
        Rows(Votes(Results("A question?", "An option", nickname)))[1][3].ShouldBe(cell);

    [Fact]
    public void One_option_with_a_bar_does_not_look_like_two()
    {
        var one = Rows(Votes(Results("Which?", ["A | B", "C"], new Tally(Guid.Empty, 1, [1, 0], 1), [0])))[1];
        var two = Rows(Votes(Results("Which?", ["A", "B"], new Tally(Guid.Empty, 1, [1, 1], 1), [0, 1])))[1];
        (one[9], two[9]).ShouldBe(("\"A | B\"", "A | B"));
        (one[5], two[5]).ShouldBe(("A | B", "A | B"), "this column is as it always was");
        (one[4], two[4]).ShouldBe(("0", "0 1"));
    }

    [Fact]
    public void The_summary_has_every_option_of_every_poll_also_without_votes()
    {
        var voted = Results("Which?", ["A", "B", "C"], new Tally(Guid.Empty, 3, [1, 1, 1], 3), [0]);
        var silent = Results("And this?", ["Yes", "No"], new Tally(Guid.Empty, 0, [0, 0], 0), null);

        Rows(Summary(voted with { Polls = [.. voted.Polls, .. silent.Polls] })).ShouldBe(
        [
            ["poll", "question", "kind", "row", "count", "share", "voters", "state"],
            ["1", "Which?", "singleChoice", "A", "1", "34%", "3", "open"],
            ["1", "Which?", "singleChoice", "B", "1", "33%", "3", "open"],
            ["1", "Which?", "singleChoice", "C", "1", "33%", "3", "open"],
            ["1", "And this?", "singleChoice", "Yes", "0", "", "0", "open"],
            ["1", "And this?", "singleChoice", "No", "0", "", "0", "open"],
        ]);
    }

    [Fact]
    public void The_summary_of_a_ranking_has_positions_then_pairs_and_the_points_of_each_option() =>
        // Two people: A, B and B, A, C.
        Summary(PollKind.Ranking, ["A", "B", "C"], new RankingSettings(3, 2, true), [1, 1, 0, 1, 1, 0, 0, 0, 1, 1, 2, 1, 2, 0, 0], 2).ShouldBe(
        [
            "row,count,share,option,points,average,place,winsEveryComparison",
            "A: place1,1,,A,5,2.5,1,no", "A: place2,1,,A,5,2.5,1,no", "A: place3,0,,A,5,2.5,1,no",
            "B: place1,1,,B,5,2.5,1,no", "B: place2,1,,B,5,2.5,1,no", "B: place3,0,,B,5,2.5,1,no",
            "C: place1,0,,C,1,0.5,3,no", "C: place2,0,,C,1,0.5,3,no", "C: place3,1,,C,1,0.5,3,no",
            "A > B,1,,A,5,2.5,1,no", "A > C,2,,A,5,2.5,1,no", "B > A,1,,B,5,2.5,1,no", "B > C,2,,B,5,2.5,1,no", "C > A,0,,C,1,0.5,3,no", "C > B,0,,C,1,0.5,3,no",
        ]);

    [Fact]
    public void The_summary_of_scales_has_the_figures_of_each_statement() =>
        Summary(PollKind.Scales, ["Fast", "Kind"], new ScalesSettings(1, 3, null, null, RatingLook.Numbers, true), [1, 0, 2, 0, 0, 0], 3).ShouldBe(
        [
            "row,count,share,statement,mean,median,standardDeviation",
            "Fast: 1,1,33%,Fast,2.3333,3,0.9428", "Fast: 2,0,0%,Fast,2.3333,3,0.9428", "Fast: 3,2,67%,Fast,2.3333,3,0.9428",
            "Kind: 1,0,,Kind,,,", "Kind: 2,0,,Kind,,,", "Kind: 3,0,,Kind,,,",
        ]);

    [Fact]
    public void The_summary_of_points_has_shares_of_all_points_and_then_supporters() =>
        Summary(PollKind.Points, ["A", "B"], new PointsSettings(100, 5, true), [250, 50, 3, 1], 3).ShouldBe(
        [
            "row,count,share,option,average", "A,250,83%,A,83.3333", "B,50,17%,B,16.6667", "A: supporters,3,100%,A,", "B: supporters,1,33%,B,",
        ]);

    [Fact]
    public void The_summary_of_a_rating_has_its_figures_and_where_it_is_one_the_net_promoter_score()
    {
        Summary(PollKind.Rating, [], new RatingSettings(1, 3, null, null, RatingLook.Stars), [1, 0, 3], 4).ShouldBe(
        [
            "row,count,share,mean,median,standardDeviation,nps",
            "1,1,25%,2.5,3,0.866,", "2,0,0%,2.5,3,0.866,", "3,3,75%,2.5,3,0.866,",
        ]);
        Summary(PollKind.Rating, [], new RatingSettings(0, 10, null, null, RatingLook.Nps), [0, 0, 0, 0, 0, 0, 1, 2, 0, 0, 5], 8)[1]
            .ShouldBe("0,0,0%,8.75,10,1.6394,50");
        Summary(PollKind.Rating, [], new RatingSettings(1, 2, null, null, RatingLook.Stars), [0, 0], 0)[1].ShouldBe("1,0,,,,,");
    }

    [Fact]
    public void The_summary_of_a_motion_has_three_rows() =>
        Summary(PollKind.Motion, [], new MotionSettings(true, MotionBase.YesNo, MotionMajority.Simple, 2), [2, 1, 0], 3)
            .ShouldBe(["row,count,share,outcome,base,needed,quorum,entitled", "yes,2,67%,,,,2,", "no,1,33%,,,,2,", "abstain,0,0%,,,,2,"]);

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

    /// <summary>The rows of the summary, without what all kinds have.</summary>
    private static List<string> Summary(PollKind kind, string[] options, KindSettings settings, int[] counts, int voters) =>
        Rows(Summary(Results("Q?", options, new Tally(Guid.Empty, 1, counts, voters), null, null, kind, settings)))
            .ConvertAll(row => string.Join(',', row.Skip(3).Take(3).Concat(row.Skip(8))));

    private static byte[] Votes(RoomResults results) => Written(to => ResultsCsv.WriteVotesAsync(to, Source(results), default));

    private static byte[] Summary(RoomResults results) => Written(to => ResultsCsv.WriteSummaryAsync(to, Source(results), default));

    private static byte[] Written(Func<Stream, Task> writeAsync)
    {
        var file = new MemoryStream();
        writeAsync(file).GetAwaiter().GetResult();
        return file.ToArray();
    }

    private static ExportSource Source(RoomResults results) =>
        new(results.Polls, poll => Task.FromResult(poll.Counted), poll => poll.Votes.ToAsyncEnumerable());

    private static string Text(byte[] csv) => Encoding.UTF8.GetString(csv).TrimStart('\uFEFF');

    private static string WithoutMarks(string text) => text.Replace("'", "", StringComparison.Ordinal);

    private static RoomResults Results(string question, string option, string nickname) =>
        Results(question, [option], new Tally(Guid.Empty, 1, [1], 1), [0], nickname);

    private static RoomResults Results(
        string question, string[] options, Tally tally, int[]? choices, string? nickname = null, PollKind kind = PollKind.SingleChoice,
        KindSettings? settings = null)
    {
        settings ??= new ChoiceSettings(options.Length);
        var poll = new PollView(
            Guid.NewGuid(), 1, 0, kind, question, options, PollState.Open, true, true, 1, PollSettings.Of(settings), null, null,
            null, tally);
        ExportedVote[] votes = choices is null
            ? []
            : [new ExportedVote { ParticipantId = Guid.NewGuid(), Nickname = nickname, Choices = choices, Revision = 1, CastAt = DateTimeOffset.UnixEpoch }];
        return new RoomResults(
            "123456", "A room", RoomStatus.Open, DateTimeOffset.UnixEpoch,
            [new PollResults(poll, votes) { Texts = new PollTexts(options, settings) }], [], []);
    }
}
