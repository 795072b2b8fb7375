using System.Globalization;
using System.Net;
using System.Text.Json;
using CsCheck;
using Polls.Api.Rooms;
using Polls.Api.Votes;
using Polls.Core.Kinds;
using Polls.Core.RoomPolls;
using Polls.Core.Storage;
using Polls.Core.Votes;
using Polls.Tests.Clients;
using Polls.Tests.Kinds;
using Polls.Tests.Results;

namespace Polls.Tests.Journeys;

/// <summary>The exports of a room with polls of every kind say the same.</summary>
[Collection(nameof(TwoInstances))]
public sealed class ExportJourneyTests(TwoInstances cluster)
{
    private const int Options = 4;
    private const int Voters = 12;

    private static readonly string[] Members = ["choices", "value", "values", "ranking", "points", "number", "texts"];
    private static readonly PollKind[] Kinds = [.. Enum.GetValues<PollKind>().Where(kind => kind != PollKind.Unknown)];

    [Fact]
    public async Task Every_kind_is_in_the_workbook_and_in_the_tables_as_it_is_in_the_JSON()
    {
        var room = await VotedAsync();
        var path = $"/api/rooms/{room.Code}";
        var results = await cluster.B.SendAsync<JsonElement>(HttpMethod.Get, $"{path}/results", room.HostToken);
        var polls = results.GetProperty("polls").EnumerateArray().ToList();
        var rows = await CsvAsync(room, "results.csv");
        var summary = await CsvAsync(room, "summary.csv");
        using var response = await cluster.B.SendAsync(HttpMethod.Get, $"{path}/results.xlsx", room.HostToken, null);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
        response.Content.Headers.ContentDisposition!.FileName.ShouldBe($"polls-{room.Code}.xlsx");
        var sheets = Workbook.Read(await response.Content.ReadAsByteArrayAsync());

        sheets.Select(sheet => sheet.Name).ShouldBe(["Summary", .. Kinds.Select((kind, i) => $"{i + 1} {kind}")]);
        sheets[0].Rows.Select(Row).ShouldBe(summary);
        foreach (var (poll, kind, sheet) in polls.Zip(Kinds, sheets.Skip(1)))
        {
            poll.GetProperty("poll").GetProperty("kind").GetString().ShouldBe(JsonNamingPolicy.CamelCase.ConvertName($"{kind}"));
            var votes = poll.GetProperty("votes").EnumerateArray().ToList();
            votes.Count.ShouldBe(Voters - 1, "one has withdrawn");
            var readable = rows.Where(row => row[1] == $"{kind}?").ToDictionary(row => row[2]);
            sheet.Rows[0].Take(5).ShouldBe(["participant", "nickname", "revision", "castAt", "answer"]);
            sheet.Rows.Count.ShouldBe(votes.Count + 1);
            foreach (var (vote, cells) in votes.Zip(sheet.Rows.Skip(1)))
            {
                var member = Members.Where(name => vote.TryGetProperty(name, out _)).ShouldHaveSingleItem();
                var row = readable[vote.GetProperty("participantId").GetString()!];
                cells[0].ShouldBe(row[2]);
                (cells[1], row[3]).ShouldBe((vote.GetProperty("nickname").GetString(), vote.GetProperty("nickname").GetString()));
                cells[2].ShouldBe((double)vote.GetProperty("revision").GetInt32());
                Workbook.Time(cells[3]).ShouldBe(vote.GetProperty("castAt").GetDateTimeOffset(), TimeSpan.FromMilliseconds(1));
                Plain(cells[4]).ShouldBe(row[9]);
                row[9].ShouldBe(Readable(kind, vote.GetProperty(member)));
                // The columns of the kind: whatever the answer has, in order.
                var more = row.Skip(10).ToList();
                cells.Skip(5).Select(Plain).Where(cell => cell.Length > 0).ShouldBe(more.Where(cell => cell.Length > 0));
                more.Where(cell => cell.Length > 0).ShouldBe(Parts(kind, vote.GetProperty(member)));
            }
        }

        rows[0].ShouldBe(
        [
            "poll", "question", "participant", "nickname", "choices", "options", "revision", "castAt", "kind", "answer",
            .. ColumnsOf(PollKind.Scales), .. ColumnsOf(PollKind.Ranking), .. ColumnsOf(PollKind.Points), .. ColumnsOf(PollKind.WordCloud),
        ]);
    }

    [Fact]
    public async Task Words_are_exported_with_those_that_are_hidden_merged_or_waiting()
    {
        var room = await cluster.A.CreateRoomAsync(
            TestApi.Draft("Words?", options: 0, kind: PollKind.WordCloud), TestApi.Draft("None?", options: 0, kind: PollKind.WordCloud),
            TestApi.Draft("Number?", options: 0, kind: PollKind.Numeric, settings: PollSettings.Of(new NumericSettings(0, 10, 1))));
        var polls = (await cluster.A.StateAsync(room.Code, room.HostToken)).Polls;
        var path = $"/api/rooms/{room.Code}/polls";
        foreach (var poll in polls)
        {
            await cluster.A.DoAsync(room, poll.Id, "open");
        }

        var tokens = new List<string>();
        foreach (var (words, number) in new (string[], decimal)[] { (["red", "=green"], 2.5m), (["Red", "blue"], 10m), (["blue", "shit"], 2.5m) })
        {
            tokens.Add((await cluster.A.JoinAsync(room.Code)).Token);
            await cluster.A.SendAsync<VoteReceipt>(HttpMethod.Put, $"{path}/{polls[0].Id}/vote", tokens[^1], new { texts = words, revision = 0 });
            await cluster.A.SendAsync<VoteReceipt>(HttpMethod.Put, $"{path}/{polls[2].Id}/vote", tokens[^1], new { number, revision = 0 });
        }

        await cluster.A.SendAsync<JsonElement>(HttpMethod.Post, $"{path}/{polls[0].Id}/entries/2/hide", room.HostToken, new { });
        await cluster.A.SendAsync<JsonElement>(HttpMethod.Post, $"{path}/{polls[0].Id}/entries/3/merge", room.HostToken, new { into = 1 });

        (await CsvAsync(room, "summary.csv")).ShouldBe(
        [
            ["poll", "question", "kind", "row", "count", "share", "voters", "state", "n", "entryState", "mergedInto", "mean", "median", "standardDeviation"],
            ["1", "Words?", "wordCloud", "red", "3", "100%", "3", "open", "1", "shown", "", "", "", ""],
            ["1", "Words?", "wordCloud", "blue", "2", "67%", "3", "open", "3", "merged", "1", "", "", ""],
            ["1", "Words?", "wordCloud", "'=green", "1", "33%", "3", "open", "2", "hidden", "", "", "", ""],
            ["1", "Words?", "wordCloud", "shit", "1", "33%", "3", "open", "4", "pending", "", "", "", ""],
            ["2", "None?", "wordCloud", "", "0", "", "0", "open", "", "", "", "", "", ""],
            ["3", "Number?", "numeric", "2.5", "2", "", "3", "open", "", "", "", "5", "2.5", "3.53553"],
            ["3", "Number?", "numeric", "10", "1", "", "3", "open", "", "", "", "5", "2.5", "3.53553"],
        ]);
        (await CsvAsync(room, "results.csv")).Skip(1).Select(row => (row[1], row[9], string.Join(',', row.Skip(10).Where(cell => cell.Length > 0)))).ShouldBe(
            [
                ("Words?", "red | =green", "red,'=green"), ("Words?", "Red | blue", "Red,blue"), ("Words?", "blue | shit", "blue,shit"),
                ("Number?", "2.5", ""), ("Number?", "10", ""), ("Number?", "2.5", ""),
            ]);

        var results = (await cluster.B.SendAsync<JsonElement>(HttpMethod.Get, $"/api/rooms/{room.Code}/results", room.HostToken)).GetProperty("polls");
        results[0].GetProperty("votes").EnumerateArray().Select(vote => vote.GetProperty("texts").GetRawText())
            .ShouldBe(["""["red","=green"]""", """["Red","blue"]""", """["blue","shit"]"""]);
        results[2].GetProperty("votes").EnumerateArray().Select(vote => vote.GetProperty("number").GetRawText()).ShouldBe(["2.5", "10", "2.5"]);
        results[0].GetProperty("entries").GetRawText().ShouldBe(
            """[{"n":1,"text":"red","count":3},{"n":3,"text":"blue","count":2,"into":1},{"n":2,"text":"=green","count":1,"state":"hidden"},{"n":4,"text":"shit","count":1,"state":"pending","reason":"filter"}]""");
        results[1].GetProperty("entries").GetArrayLength().ShouldBe(0);
        results[2].TryGetProperty("entries", out _).ShouldBeFalse("their numbers would tell in which order people have voted");
        foreach (var export in new[] { "results", "results.csv", "summary.csv", "results.xlsx" })
        {
            foreach (var token in new[] { tokens[0], await cluster.A.ScreenTokenAsync(room) })
            {
                (await cluster.B.RefusalAsync(HttpMethod.Get, $"/api/rooms/{room.Code}/{export}", token)).ShouldBe((HttpStatusCode.Forbidden, "auth.forbidden"));
            }
        }
    }

    /// <summary>A room in which people have answered, changed and withdrawn answers to a poll of every kind.</summary>
    private async Task<CreatedRoom> VotedAsync()
    {
        var room = await cluster.A.CreateRoomAsync([.. Kinds.Select(Draft)]);
        var polls = (await cluster.A.StateAsync(room.Code, room.HostToken)).Polls;
        foreach (var poll in polls)
        {
            await cluster.A.DoAsync(room, poll.Id, "open");
        }

        var answers = Kinds.ToDictionary(kind => kind, kind => Answering.Answer(kind, Options).Array[Voters * 2].Single());
        for (var voter = 0; voter < Voters; voter++)
        {
            var token = (await cluster.A.JoinAsync(room.Code, $"Voter {voter}")).Token;
            foreach (var poll in polls)
            {
                for (var revision = 0; revision < 2; revision++)
                {
                    await cluster.A.SendAsync<VoteReceipt>(
                        HttpMethod.Put, $"/api/rooms/{room.Code}/polls/{poll.Id}/vote", token,
                        Request(answers[poll.Kind][(voter * 2) + revision], revision));
                }

                if (voter == 0)
                {
                    await cluster.A.SendAsync<VoteReceipt>(HttpMethod.Delete, $"/api/rooms/{room.Code}/polls/{poll.Id}/vote?revision=2", token);
                }
            }
        }

        return room;
    }

    private static PollDraft Draft(PollKind kind)
    {
        var shape = Answering.Shape(kind, Options);
        return TestApi.Draft($"{kind}?", shape.Options, kind, PollSettings.Of(shape.Settings));
    }

    private async Task<List<string[]>> CsvAsync(CreatedRoom room, string file)
    {
        using var response = await cluster.B.SendAsync(HttpMethod.Get, $"/api/rooms/{room.Code}/{file}", room.HostToken, null);
        return ResultsCsvTests.Rows(await response.Content.ReadAsByteArrayAsync());
    }

    private static VoteRequest Request(Answer answer, int revision) => new()
    {
        Choices = answer.Choices, Value = answer.Value, Values = answer.Values, Ranking = answer.Ranking, Points = answer.Points,
        Number = answer.Number, Texts = answer.Texts, Revision = revision,
    };

    /// <summary>A row of the workbook as in the CSV. Shares are numbers there, other than bounds such as <c>&lt;1%</c>.</summary>
    private static string[] Row(object?[] row) =>
        [.. row.Select((cell, column) => column == 5 && cell is double share ? $"{Math.Round(share * 100)}%" : Plain(cell))];

    private static string Plain(object? cell) => Convert.ToString(cell, CultureInfo.InvariantCulture)!;

    private static IEnumerable<string> ColumnsOf(PollKind kind) => kind switch
    {
        PollKind.Scales or PollKind.Points => Enumerable.Range(1, Options).Select(i => $"Option {i}"),
        PollKind.Ranking => Enumerable.Range(1, Options).Select(i => $"place{i}"),
        PollKind.WordCloud => ["word1", "word2", "word3"],
        _ => [],
    };

    private static string Readable(PollKind kind, JsonElement answer) => kind switch
    {
        PollKind.Motion => new[] { "yes", "no", "abstain" }[answer[0].GetInt32()],
        PollKind.Rating or PollKind.Numeric => answer.GetRawText(),
        PollKind.WordCloud => string.Join(" | ", answer.EnumerateArray()),
        PollKind.Scales => string.Join(" | ", Named(answer).Where(item => item.Value.ValueKind == JsonValueKind.Number).Select(item => $"{item.Name}: {item.Value}")),
        PollKind.Points => string.Join(" | ", Named(answer).Where(item => item.Value.GetInt32() > 0).Select(item => $"{item.Name}: {item.Value}")),
        _ => string.Join(" | ", answer.EnumerateArray().Select(option => $"Option {option.GetInt32() + 1}")),
    };

    private static IEnumerable<string> Parts(PollKind kind, JsonElement answer) => kind switch
    {
        PollKind.Ranking => answer.EnumerateArray().Select(option => $"Option {option.GetInt32() + 1}"),
        PollKind.Scales or PollKind.Points or PollKind.WordCloud =>
            answer.EnumerateArray().Where(part => part.ValueKind != JsonValueKind.Null).Select(part => part.ToString()),
        _ => [],
    };

    private static IEnumerable<(string Name, JsonElement Value)> Named(JsonElement answer) =>
        answer.EnumerateArray().Select((value, i) => ($"Option {i + 1}", value));
}
