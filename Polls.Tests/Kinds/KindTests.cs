using System.Text.Json;
using CsCheck;
using Polls.Api.Http;
using Polls.Api.Votes;
using Polls.Core.Kinds;
using Polls.Core.RoomPolls;
using Polls.Core.Storage;
using Polls.Tests.Storage;

namespace Polls.Tests.Kinds;

/// <summary>What each kind accepts as a draft and as an answer, and which cells an answer adds to.</summary>
public sealed class KindTests
{
    [Theory]
    [InlineData("singleChoice", 3, "{}", """{"maxChoices":1}""")]
    [InlineData("singleChoice", 3, """{"maxChoices":1}""", """{"maxChoices":1}""")]
    [InlineData("singleChoice", 3, """{"maxChoices":2}""", null)]
    [InlineData("singleChoice", 1, "{}", "poll.badOptions")]
    [InlineData("multipleChoice", 5, "{}", """{"maxChoices":5}""")]
    [InlineData("multipleChoice", 5, """{"maxChoices":0}""", null)]
    [InlineData("multipleChoice", 5, """{"maxChoices":6}""", null)]
    [InlineData("multipleChoice", 5, """{"maxChoices":"2"}""", null)]
    [InlineData("multipleChoice", 5, """{"maxChoices":2.5}""", null)]
    [InlineData("multipleChoice", 5, """{"places":2}""", null)]
    [InlineData("rating", 0, "{}", """{"min":1,"max":5,"look":"stars"}""")]
    [InlineData("rating", 0, """{"look":"nps"}""", """{"min":0,"max":10,"look":"nps"}""")]
    [InlineData("rating", 0, """{"look":"nps","min":0,"max":10}""", """{"min":0,"max":10,"look":"nps"}""")]
    [InlineData("rating", 0, """{"look":"nps","max":5}""", null)]
    [InlineData("rating", 0, """{"min":0}""", null)]
    [InlineData("rating", 0, """{"min":0,"look":"numbers"}""", """{"min":0,"max":5,"look":"numbers"}""")]
    [InlineData("rating", 0, """{"min":2,"look":"numbers"}""", null)]
    [InlineData("rating", 0, """{"min":0,"max":10,"look":"numbers"}""", """{"min":0,"max":10,"look":"numbers"}""")]
    [InlineData("rating", 0, """{"min":0,"max":11,"look":"numbers"}""", null)]
    [InlineData("rating", 0, """{"min":1,"max":11,"look":"numbers"}""", null)]
    [InlineData("scales", 1, """{"min":1,"max":11,"look":"numbers"}""", null)]
    [InlineData("rating", 0, """{"max":1}""", null)]
    [InlineData("rating", 0, """{"lowLabel":" bad ","highLabel":"good"}""", """{"min":1,"max":5,"lowLabel":"bad","highLabel":"good","look":"stars"}""")]
    [InlineData("rating", 0, """{"lowLabel":"\u200b"}""", null)]
    [InlineData("rating", 0, """{"look":"hearts"}""", null)]
    [InlineData("rating", 0, """{"look":1}""", null)]
    [InlineData("rating", 0, """{"stars":5}""", null)]
    [InlineData("rating", 2, "{}", "poll.badOptions")]
    [InlineData("scales", 1, "{}", """{"min":1,"max":5,"look":"numbers","maySkip":true}""")]
    [InlineData("scales", 10, """{"maySkip":false,"max":7}""", """{"min":1,"max":7,"look":"numbers","maySkip":false}""")]
    [InlineData("scales", 0, "{}", "poll.badOptions")]
    [InlineData("scales", 11, "{}", "poll.badOptions")]
    [InlineData("ranking", 4, "{}", """{"places":4,"least":4,"shuffled":true}""")]
    [InlineData("ranking", 4, """{"places":3}""", """{"places":3,"least":3,"shuffled":true}""")]
    [InlineData("ranking", 4, """{"places":3,"least":1,"shuffled":false}""", """{"places":3,"least":1,"shuffled":false}""")]
    [InlineData("ranking", 4, """{"places":5}""", null)]
    [InlineData("ranking", 4, """{"places":0}""", null)]
    [InlineData("ranking", 4, """{"places":2,"least":3}""", null)]
    [InlineData("ranking", 11, "{}", "poll.badOptions")]
    [InlineData("points", 3, "{}", """{"points":100,"step":5,"spendAll":true}""")]
    [InlineData("points", 3, """{"points":7}""", """{"points":7,"step":1,"spendAll":true}""")]
    [InlineData("points", 3, """{"points":7,"step":5}""", null)]
    [InlineData("points", 3, """{"points":8,"step":2}""", null)]
    [InlineData("points", 3, """{"points":1001,"step":1}""", null)]
    [InlineData("points", 21, "{}", "poll.badOptions")]
    [InlineData("motion", 0, "{}", """{"abstain":true,"base":"yesNo","majority":"simple"}""")]
    [InlineData("motion", 0, """{"abstain":false,"base":"entitled","majority":"twoThirds","quorum":10,"entitled":30}""", """{"abstain":false,"base":"entitled","majority":"twoThirds","quorum":10,"entitled":30}""")]
    [InlineData("motion", 0, """{"quorum":0}""", null)]
    [InlineData("motion", 0, """{"entitled":1000001}""", null)]
    [InlineData("motion", 2, "{}", "poll.badOptions")]
    [InlineData("wordCloud", 0, "{}", """{"maxAnswers":3,"maxLength":30,"filter":true,"review":false}""")]
    [InlineData("wordCloud", 0, """{"maxAnswers":10,"maxLength":60,"filter":false,"review":true}""", """{"maxAnswers":10,"maxLength":60,"filter":false,"review":true}""")]
    [InlineData("wordCloud", 0, """{"maxAnswers":11}""", null)]
    [InlineData("wordCloud", 0, """{"maxAnswers":0}""", null)]
    [InlineData("wordCloud", 0, """{"maxLength":61}""", null)]
    [InlineData("wordCloud", 0, """{"filter":"yes"}""", null)]
    [InlineData("wordCloud", 1, "{}", "poll.badOptions")]
    [InlineData("numeric", 0, """{"min":0,"max":100}""", """{"min":0,"max":100,"decimals":0}""")]
    [InlineData("numeric", 0, """{"min":-0.50,"max":1e3,"decimals":1,"unit":" kg "}""", """{"min":-0.5,"max":1000,"decimals":1,"unit":"kg"}""")]
    [InlineData("numeric", 0, """{"min":-1000000000,"max":1000000000,"decimals":6}""", """{"min":-1000000000,"max":1000000000,"decimals":6}""")]
    [InlineData("numeric", 0, "{}", null)]
    [InlineData("numeric", 0, """{"min":0}""", null)]
    [InlineData("numeric", 0, """{"min":0,"max":1000000001}""", null)]
    [InlineData("numeric", 0, """{"min":5,"max":5}""", null)]
    [InlineData("numeric", 0, """{"min":0.5,"max":5}""", null)]
    [InlineData("numeric", 0, """{"min":0,"max":5,"decimals":7}""", null)]
    [InlineData("numeric", 0, """{"min":"0","max":5}""", null)]
    [InlineData("numeric", 0, """{"min":0,"max":5,"unit":"thirteen char"}""", null)]
    [InlineData("numeric", 0, """{"min":0,"max":5,"binWidth":1}""", null)]
    [InlineData("numeric", 2, """{"min":0,"max":5}""", "poll.badOptions")]
    [InlineData("unknown", 2, "{}", "poll.badKind")]
    [InlineData("somethingElse", 2, "{}", "poll.badKind")]
    public void A_draft_gets_its_defaults_or_is_refused(string kind, int options, string settings, string? expected)
    {
        var texts = Enumerable.Range(1, options).Select(i => $"Option {i}");
        var draft = JsonSerializer.Deserialize<PollDraft>(
            JsonSerializer.Serialize(new { question = "Q?", kind, options = texts, settings = JsonDocument.Parse(settings).RootElement }),
            Json.Options)!;

        var outcome = PollRules.Check(draft);

        if (expected?.StartsWith('{') == true)
        {
            JsonElement.DeepEquals(
                JsonDocument.Parse(outcome.ShouldSucceed().Settings.ToJson()).RootElement, JsonDocument.Parse(expected).RootElement)
                .ShouldBeTrue(outcome.ShouldSucceed().Settings.ToJson());
            outcome.ShouldSucceed().Cells.ShouldBeInRange(PollKinds.Get(outcome.ShouldSucceed().Kind).Entries == EntrySummary.None ? 2 : 0, 256);
        }
        else
        {
            outcome.ShouldBeRefused(expected ?? "poll.badSettings");
        }
    }

    [Theory]
    [InlineData("singleChoice", 3, "{}", """{"choices":[2]}""", "2")]
    [InlineData("singleChoice", 3, "{}", """{"choices":[3]}""", null)]
    [InlineData("singleChoice", 3, "{}", """{"choices":[-1]}""", null)]
    [InlineData("singleChoice", 3, "{}", """{"choices":[0,1]}""", null)]
    [InlineData("singleChoice", 3, "{}", """{"choices":[65536]}""", null)]
    [InlineData("singleChoice", 3, "{}", """{"choices":[]}""", null)]
    [InlineData("singleChoice", 3, "{}", """{"choices":null}""", null)]
    [InlineData("singleChoice", 3, "{}", """{"choices":2}""", null)]
    [InlineData("singleChoice", 3, "{}", """{"choices":["2"]}""", null)]
    [InlineData("singleChoice", 3, "{}", """{"choices":[2.0]}""", null)]
    [InlineData("singleChoice", 3, "{}", """{"choices":[2],"value":2}""", null)]
    [InlineData("singleChoice", 3, "{}", """{"choices":[2],"value":null,"time":5}""", "2")]
    [InlineData("multipleChoice", 20, """{"maxChoices":3}""", """{"choices":[19,0,7]}""", "0 7 19")]
    [InlineData("multipleChoice", 20, """{"maxChoices":3}""", """{"choices":[0,1,2,3]}""", null)]
    [InlineData("multipleChoice", 20, """{"maxChoices":3}""", """{"choices":[5,1,5]}""", null)]
    [InlineData("rating", 0, "{}", """{"value":4}""", "3")]
    [InlineData("rating", 0, """{"min":0,"look":"numbers"}""", """{"value":0}""", "0")]
    [InlineData("rating", 0, "{}", """{"value":0}""", null)]
    [InlineData("rating", 0, "{}", """{"value":6}""", null)]
    [InlineData("rating", 0, "{}", """{"value":-1}""", null)]
    [InlineData("rating", 0, "{}", """{"value":3.5}""", null)]
    [InlineData("rating", 0, "{}", """{"value":3.0}""", null)]
    [InlineData("rating", 0, "{}", """{"value":3e0}""", null)]
    [InlineData("rating", 0, "{}", """{"value":"3"}""", null)]
    [InlineData("rating", 0, "{}", """{"choices":[3]}""", null)]
    [InlineData("scales", 3, "{}", """{"values":[1,null,5]}""", "0 14")]
    [InlineData("scales", 3, "{}", """{"values":[null,null,null]}""", null)]
    [InlineData("scales", 3, "{}", """{"values":[1,2]}""", null)]
    [InlineData("scales", 3, "{}", """{"values":[1,2,6]}""", null)]
    [InlineData("scales", 3, """{"maySkip":false}""", """{"values":[1,null,5]}""", null)]
    [InlineData("scales", 3, """{"maySkip":false}""", """{"values":[1,2,3]}""", "0 6 12")]
    [InlineData("ranking", 3, "{}", """{"ranking":[2,0,1]}""", "6 1 5 13 14 9")]
    [InlineData("ranking", 3, """{"places":2,"least":1}""", """{"ranking":[1]}""", "2 8 9")]
    [InlineData("ranking", 3, "{}", """{"ranking":[2,0]}""", null)]
    [InlineData("ranking", 3, "{}", """{"ranking":[2,0,2]}""", null)]
    [InlineData("ranking", 3, "{}", """{"ranking":[2,0,3]}""", null)]
    [InlineData("points", 3, "{}", """{"points":[60,0,40]}""", "0×60 2×40 3×1 5×1")]
    [InlineData("points", 3, "{}", """{"points":[60,0,35]}""", null)]
    [InlineData("points", 3, "{}", """{"points":[62,0,38]}""", null)]
    [InlineData("points", 3, "{}", """{"points":[105,0,-5]}""", null)]
    [InlineData("points", 3, "{}", """{"points":[2147483647,2147483647,2]}""", null)]
    [InlineData("points", 3, """{"spendAll":false}""", """{"points":[5,0,0]}""", "0×5 3×1")]
    [InlineData("points", 3, """{"spendAll":false}""", """{"points":[0,0,0]}""", null)]
    [InlineData("motion", 0, "{}", """{"choices":[2]}""", "2")]
    [InlineData("motion", 0, "{}", """{"choices":[3]}""", null)]
    [InlineData("motion", 0, """{"abstain":false}""", """{"choices":[2]}""", null)]
    [InlineData("motion", 0, """{"abstain":false}""", """{"choices":[1]}""", "1")]
    [InlineData("wordCloud", 0, "{}", """{"texts":["Red","  green\t light "]}""", "red green light")]
    [InlineData("wordCloud", 0, "{}", """{"texts":["Red","RED"]}""", "red")]
    [InlineData("wordCloud", 0, "{}", """{"texts":[]}""", null)]
    [InlineData("wordCloud", 0, "{}", """{"texts":["a","b","c","d"]}""", null)]
    [InlineData("wordCloud", 0, "{}", """{"texts":["a",""]}""", null)]
    [InlineData("wordCloud", 0, "{}", """{"texts":["a",5]}""", null)]
    [InlineData("wordCloud", 0, "{}", """{"texts":"a"}""", null)]
    [InlineData("wordCloud", 0, "{}", """{"texts":["\ud83d"]}""", null)]
    [InlineData("wordCloud", 0, "{}", """{"texts":["a"],"number":1}""", null)]
    [InlineData("wordCloud", 0, """{"maxLength":3}""", """{"texts":["👨‍👩‍👧‍👦👍🏽é"]}""", "👨‍👩‍👧‍👦👍🏽é")]
    [InlineData("wordCloud", 0, """{"maxLength":3}""", """{"texts":["abcd"]}""", null)]
    [InlineData("numeric", 0, """{"min":-5,"max":5,"decimals":2}""", """{"number":3.14}""", "3.14")]
    [InlineData("numeric", 0, """{"min":-5,"max":5,"decimals":2}""", """{"number":3.1400}""", "3.14")]
    [InlineData("numeric", 0, """{"min":-5,"max":5,"decimals":2}""", """{"number":-0.0}""", "0")]
    [InlineData("numeric", 0, """{"min":-5,"max":5,"decimals":2}""", """{"number":5e0}""", "5")]
    [InlineData("numeric", 0, """{"min":-5,"max":5,"decimals":2}""", """{"number":0.5E1}""", "5")]
    [InlineData("numeric", 0, """{"min":-5,"max":5,"decimals":2}""", """{"number":3.141}""", null)]
    [InlineData("numeric", 0, """{"min":-5,"max":5,"decimals":2}""", """{"number":5.01}""", null)]
    [InlineData("numeric", 0, """{"min":-5,"max":5,"decimals":2}""", """{"number":1e-40}""", null)]
    [InlineData("numeric", 0, """{"min":-5,"max":5,"decimals":2}""", """{"number":1e999999999999}""", null)]
    [InlineData("numeric", 0, """{"min":-5,"max":5,"decimals":2}""", """{"number":"3"}""", null)]
    [InlineData("numeric", 0, """{"min":-5,"max":5,"decimals":2}""", """{"number":true}""", null)]
    [InlineData("numeric", 0, """{"min":0,"max":1000000000,"decimals":6}""", """{"number":123456789.123456}""", "123456789.123456")]
    [InlineData("numeric", 0, """{"min":0,"max":1000000000,"decimals":6}""", """{"number":123456789.1234560}""", "123456789.123456")]
    [InlineData("numeric", 0, """{"min":0,"max":1000000000,"decimals":6}""", """{"number":123456789.12345601}""", null)]
    [InlineData("numeric", 0, """{"min":0,"max":1000000000,"decimals":6}""", """{"number":0.99999999999999999999999999999999999}""", null)]
    public void An_answer_adds_to_these_cells_or_is_refused(string kind, int options, string settings, string answer, string? marks)
    {
        var (rules, shape) = Poll(kind, options, settings);
        var given = JsonSerializer.Deserialize<VoteRequest>(answer, Json.Options)!;

        var ballot = rules.Read(shape, given);

        (ballot is null
            ? null
            : ballot.Keys is { } keys ? string.Join(' ', keys)
            : string.Join(' ', ballot.Marks.Select((mark, i) => ballot.Weights is null ? $"{mark}" : $"{mark}×{ballot.Weights[i]}")))
            .ShouldBe(marks);
        if (ballot is not null)
        {
            ballot.Marks.ShouldAllBe(mark => mark >= 0 && mark < rules.Cells(shape));
        }
    }

    /// <summary>Random valid answers of each kind with the cells that they must add to, computed in another way.</summary>
    [Theory]
    [MemberData(nameof(Answers))]
    public void An_answer_is_read_back_as_it_was_given(PollKind kind)
    {
        Answering.Of(kind).Sample(item =>
        {
            var rules = PollKinds.Get(kind);
            var ballot = rules.Read(item.Shape, item.Answer).ShouldNotBeNull();
            JsonSerializer.Serialize(rules.Write(item.Shape, ballot), Json.Options)
                .ShouldBe(JsonSerializer.Serialize(item.Answer, Json.Options));
            ballot.Marks.ShouldBeUnique();
            ballot.Marks.ShouldAllBe(mark => mark >= 0 && mark < rules.Cells(item.Shape));
            rules.CellNames(new PollTexts([.. Enumerable.Range(0, item.Shape.Options).Select(i => $"{i}")], item.Shape.Settings))
                .Count.ShouldBe(rules.Cells(item.Shape));
        }, iter: 300);
    }

    public static TheoryData<PollKind> Answers => [.. Enum.GetValues<PollKind>().Where(kind => kind != PollKind.Unknown)];

    [Fact]
    public void Every_pair_in_a_ranking_is_counted_once_unless_both_are_unranked()
    {
        var (rules, shape) = Poll("ranking", 5, """{"places":3,"least":1}""");
        foreach (var ranking in (int[][])[[3], [4, 0], [2, 1, 3]])
        {
            var marks = rules.Read(shape, new Answer { Ranking = ranking })!.Marks;
            for (var one = 0; one < 5; one++)
            {
                for (var other = 0; other < 5; other++)
                {
                    var (mine, its) = (Array.IndexOf(ranking, one), Array.IndexOf(ranking, other));
                    var before = one != other && mine >= 0 && (its < 0 || mine < its);
                    // As in KINDS: n·places + i(n−1) + (j<i ? j : j−1).
                    var cell = (5 * 3) + (one * 4) + (other < one ? other : other - 1);
                    (one != other && marks.Contains((short)cell)).ShouldBe(before, $"{one} before {other}");
                }
            }
        }
    }

    [Fact]
    public void Every_kind_has_rules_and_a_kind_of_a_newer_version_is_shown_without_them()
    {
        Enum.GetValues<PollKind>().Where(kind => kind != PollKind.Unknown).ShouldAllBe(kind => PollKinds.Find(kind) != null);
        PollKinds.Find(PollKind.Unknown).ShouldBeNull();
        var rules = PollKinds.Get((PollKind)99);
        var shape = new PollShape(3, rules.Read("""{"anything":1}"""));
        rules.Cells(shape).ShouldBe(0);
        rules.Read(shape, new Answer { Choices = [0] }).ShouldBeNull();
        JsonSerializer.Serialize(rules.Write(shape, new Ballot([1, 2])), Json.Options).ShouldBe("{}");
    }

    private static (IPollKind Rules, PollShape Shape) Poll(string kind, int options, string settings)
    {
        var draft = JsonSerializer.Deserialize<PollDraft>($$"""{"question":"Q","kind":"{{kind}}","settings":{{settings}}}""", Json.Options)!;
        var content = PollRules.Check(draft with { Options = [.. Enumerable.Range(0, options).Select(i => $"{i}")] }).ShouldSucceed();
        return (PollKinds.Get(content.Kind), new PollShape(options, content.Settings));
    }
}
