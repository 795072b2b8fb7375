using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using CsCheck;
using Polls.Api.Rooms;
using Polls.Api.Votes;
using Polls.Core.Kinds;
using Polls.Core.RoomPolls;
using Polls.Core.Storage;
using Polls.Core.Tallies;
using Polls.Core.Votes;
using Polls.Tests.Clients;
using Polls.Tests.Kinds;
using Polls.Tests.Servers;
using Polls.Tests.Storage;

namespace Polls.Tests.Journeys;

/// <summary>All kinds in one room on two instances: every screen shows the recount, whatever voters do.</summary>
[Collection(nameof(TwoInstances))]
public sealed class KindJourneyTests(TwoInstances cluster)
{
    private const int Options = 4;
    private const int Voters = 300;

    private static readonly PollKind[] Kinds = [.. Enum.GetValues<PollKind>().Where(kind => kind != PollKind.Unknown)];

    [Fact]
    public async Task Of_every_kind_all_screens_show_the_recount_after_changes_withdrawals_and_repeats()
    {
        var room = await cluster.A.CreateRoomAsync([.. Kinds.Select(Draft)]);
        var polls = (await cluster.A.StateAsync(room.Code, room.HostToken)).Polls;
        polls.Select(poll => poll.Kind).ShouldBe(Kinds);
        foreach (var poll in polls)
        {
            await cluster.A.DoAsync(room, poll.Id, "open");
        }

        await using var desk = await RoomClient.ConnectAsync(cluster.A.Address, room.HostToken);
        await using var screen = await RoomClient.ConnectAsync(cluster.B.Address, await cluster.A.ScreenTokenAsync(room));
        var answers = Kinds.ToDictionary(kind => kind, kind => Answering.Answer(kind, Options).Array[Voters * 2].Single());
        var phones = new ConcurrentBag<RoomClient>();
        await Parallel.ForEachAsync(Enumerable.Range(0, Voters), new ParallelOptions { MaxDegreeOfParallelism = 100 }, async (voter, _) =>
        {
            var (here, there) = voter % 2 == 0 ? (cluster.A, cluster.B) : (cluster.B, cluster.A);
            var token = (await here.JoinAsync(room.Code)).Token;
            // Everybody can vote over HTTP, too; a third has a phone.
            var phone = voter % 3 == 0 ? await RoomClient.ConnectAsync(here.Address, token) : null;
            if (phone is not null)
            {
                phones.Add(phone);
            }

            // All polls at once.
            await Task.WhenAll(polls.Select(poll => VoteAsync(
                voter, poll, answers[poll.Kind][voter * 2], answers[poll.Kind][(voter * 2) + 1],
                (revision, answer) => phone is null ? PutAsync(here, room, poll.Id, token, revision, answer) : CastAsync(phone, poll.Id, revision, answer),
                (revision, answer) => PutAsync(there, room, poll.Id, token, revision, answer),
                revision => there.SendAsync<VoteReceipt>(HttpMethod.Delete, $"/api/rooms/{room.Code}/polls/{poll.Id}/vote?revision={revision}", token))));
            var mine = (await there.StateAsync(room.Code, token)).MyVotes.ToDictionary(vote => vote.PollId);
            foreach (var poll in polls)
            {
                (mine[poll.Id].IsNone, mine[poll.Id].Revision).ShouldBe((voter % 5 == 2, new[] { 1, 1, 1, 2, 0 }[voter % 5]));
                if (voter % 5 != 2)
                {
                    Json(mine[poll.Id]).ShouldBe(Json(answers[poll.Kind][(voter * 2) + (voter % 5 == 4 ? 0 : 1)]));
                }
            }
        });

        RoomClient[] screens = [desk, screen, .. phones];
        foreach (var poll in polls)
        {
            var recount = await RecountAsync(poll.Id);
            recount[0].ShouldBe(Voters - (Voters / 5));
            var people = poll.Kind == PollKind.WordCloud ? await PeoplePerWordAsync(poll.Id) : null;
            var figures = poll.Kind == PollKind.Numeric ? await FiguresAsync(poll.Id) : null;
            await Until.TrueAsync(
                () => screens.All(client => client.Tallies.TryGetValue(poll.Id, out var tally)
                    && recount.SequenceEqual([tally.Voters, .. tally.Counts])
                    && (people is null || (tally.Entries!.Total == people.Count && tally.Entries.Others == 0
                        && tally.Entries.Items.All(item => people.GetValueOrDefault(item.N) == item.Count)))
                    && figures == Figures(tally.Numbers)),
                $"every screen shows the recount of {poll.Kind}: {string.Join(' ', recount)} {string.Join(' ', people ?? [])} {figures}");
        }

        await Task.WhenAll(phones.Select(phone => phone.DisposeAsync().AsTask()));
    }

    /// <summary>A fifth of the voters each: changes; changes on two instances at once; withdraws; withdraws and answers again; repeats.</summary>
    private static async Task VoteAsync(
        int voter, PollView poll, Answer first, Answer second, Func<int, Answer, Task<VoteReceipt>> here, Func<int, Answer, Task<VoteReceipt>> there,
        Func<int, Task<VoteReceipt>> withdraw)
    {
        var receipt = await here(0, first);
        Json(receipt).ShouldBe(Json(first), $"{poll.Kind}");
        switch (voter % 5)
        {
            case 0:
                Json(await there(1, second)).ShouldBe(Json(second));
                break;
            case 1:
                var both = await Task.WhenAll(here(1, second), there(1, second));
                both.ShouldAllBe(one => one.TallyVersion == both[0].TallyVersion && Json(one) == Json(second));
                break;
            case 2 or 3:
                (await withdraw(1)).IsNone.ShouldBeTrue();
                if (voter % 5 == 3)
                {
                    Json(await here(2, second)).ShouldBe(Json(second));
                }

                break;
            default:
                var again = await there(0, second);
                (again.TallyVersion, Json(again)).ShouldBe((receipt.TallyVersion, Json(first)), "an equal revision changes nothing");
                break;
        }
    }

    [Theory]
    [InlineData(PollKind.Rating, """{"value":3,"revision":0}""", """{"value":9,"revision":1}""", "vote.badAnswer")]
    [InlineData(PollKind.Scales, """{"values":[1,null,2,3],"revision":0}""", """{"values":[1],"revision":1}""", "vote.badAnswer")]
    [InlineData(PollKind.Ranking, """{"ranking":[2,0],"revision":0}""", """{"ranking":[2,2],"revision":1}""", "vote.badAnswer")]
    [InlineData(PollKind.Points, """{"points":[50,50,0,0],"revision":0}""", """{"points":[50,49,0,0],"revision":1}""", "vote.badAnswer")]
    [InlineData(PollKind.Motion, """{"choices":[1],"revision":0}""", """{"choices":[5],"revision":1}""", "vote.badAnswer")]
    [InlineData(PollKind.WordCloud, """{"texts":["one"],"revision":0}""", """{"texts":["one",""],"revision":1}""", "vote.badAnswer")]
    [InlineData(PollKind.Numeric, """{"number":-1.5,"revision":0}""", """{"number":-1.55,"revision":1}""", "vote.badAnswer")]
    [InlineData(PollKind.MultipleChoice, """{"choices":[1],"revision":0}""", """{"value":1,"revision":1}""", "vote.badChoice")]
    public async Task A_bad_answer_is_refused_with_the_kinds_code_and_the_stored_one_stays(PollKind kind, string good, string bad, string code)
    {
        var room = await cluster.A.CreateRoomAsync(Draft(kind));
        var poll = (await cluster.A.StateAsync(room.Code, room.HostToken)).Polls[0].Id;
        await cluster.A.DoAsync(room, poll, "open");
        var token = (await cluster.A.JoinAsync(room.Code)).Token;
        await using var phone = await RoomClient.ConnectAsync(cluster.B.Address, token);
        await phone.InvokeAsync<VoteReceipt>("CastVote", poll, JsonDocument.Parse(good).RootElement);

        (await phone.RefusalAsync("CastVote", poll, JsonDocument.Parse(bad).RootElement)).ShouldBe(code);
        (await cluster.A.RefusalAsync(HttpMethod.Put, $"/api/rooms/{room.Code}/polls/{poll}/vote", token, bad)).Code.ShouldBe(code);
        // A lower or equal revision is judged first.
        (await cluster.A.SendAsync<VoteReceipt>(
            HttpMethod.Put, $"/api/rooms/{room.Code}/polls/{poll}/vote", token,
            JsonDocument.Parse(bad.Replace("\"revision\":1", "\"revision\":0", StringComparison.Ordinal)).RootElement)).IsNone.ShouldBeFalse();
        (await cluster.CountAsync($"SELECT voters FROM tallies WHERE poll_id = '{poll}'")).ShouldBe(1);
    }

    [Fact]
    public async Task An_answer_of_a_wrong_type_is_a_bad_answer_also_if_it_arrives_in_pieces()
    {
        (PollKind Kind, string Member)[] members =
        [
            (PollKind.SingleChoice, "choices"), (PollKind.Motion, "choices"), (PollKind.Rating, "value"), (PollKind.Scales, "values"),
            (PollKind.Ranking, "ranking"), (PollKind.Points, "points"), (PollKind.Numeric, "number"), (PollKind.WordCloud, "texts"),
            (PollKind.SingleChoice, "edition"), (PollKind.Rating, "revision"),
        ];
        var room = await cluster.A.CreateRoomAsync([.. Kinds.Select(Draft)]);
        var polls = (await cluster.A.StateAsync(room.Code, room.HostToken)).Polls.ToDictionary(poll => poll.Kind, poll => poll.Id);
        foreach (var poll in polls.Values)
        {
            await cluster.A.DoAsync(room, poll, "open");
        }

        var token = (await cluster.A.JoinAsync(room.Code)).Token;
        await using var phone = await RoomClient.ConnectAsync(cluster.B.Address, token);
        foreach (var (kind, member) in members)
        {
            var code = member == "revision" ? "vote.badRevision" : kind == PollKind.SingleChoice ? "vote.badChoice" : "vote.badAnswer";
            foreach (var wrong in WrongValues)
            {
                var body = member switch
                {
                    "edition" => $$"""{"edition":{{wrong}},"choices":[0],"revision":1}""",
                    "revision" => $$"""{"revision":{{wrong}},"value":1}""",
                    _ => $$"""{"{{member}}":{{wrong}},"revision":1}""",
                };
                // Every value is split, or everything but the end of the request arrives at once.
                foreach (var size in new[] { 4, body.Length - 1 })
                {
                    using var pieces = new PiecesContent(body, size);
                    using var answer = await cluster.A.SendAsync(HttpMethod.Put, $"/api/rooms/{room.Code}/polls/{polls[kind]}/vote", token, pieces);
                    (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString().ShouldBe(code, $"{kind} over HTTP: {body}");
                }

                (await phone.RefusalAsync("CastVote", polls[kind], JsonDocument.Parse(body).RootElement)).ShouldBe(code, $"{kind} on the hub: {body}");
            }
        }
    }

    [Fact]
    public async Task A_motion_knows_how_many_were_entitled_when_it_was_opened()
    {
        var room = await cluster.A.CreateRoomAsync(Draft(PollKind.Motion));
        var poll = (await cluster.A.StateAsync(room.Code, room.HostToken)).Polls[0];
        poll.Entitled.ShouldBeNull();
        for (var i = 0; i < 3; i++)
        {
            await cluster.A.JoinAsync(room.Code);
        }

        await cluster.A.DoAsync(room, poll.Id, "open");
        await cluster.A.JoinAsync(room.Code);
        (await cluster.B.StateAsync(room.Code, room.HostToken)).Polls[0].Entitled.ShouldBe(3);
        await cluster.A.DoAsync(room, poll.Id, "reset");
        (await cluster.B.StateAsync(room.Code, room.HostToken)).Polls[0].Entitled.ShouldBeNull();
    }

    [Fact]
    public async Task An_instance_shows_a_kind_of_a_newer_version_and_takes_no_answers_to_it()
    {
        var (room, poll) = await cluster.OpenRoomAsync();
        await cluster.Cluster.Postgres.ExecuteAsync($"UPDATE polls SET kind = 99, settings = '{{\"new\": true}}' WHERE id = '{poll}'");
        var state = await cluster.B.SendAsync<JsonElement>(HttpMethod.Get, $"/api/rooms/{room.Code}/state", room.HostToken);
        state.GetProperty("polls")[0].GetProperty("kind").GetString().ShouldBe("unknown");
        state.GetProperty("polls")[0].GetProperty("question").GetString().ShouldBe("Which one?");
        var token = (await cluster.A.JoinAsync(room.Code)).Token;
        (await cluster.B.RefusalAsync(
            HttpMethod.Put, $"/api/rooms/{room.Code}/polls/{poll}/vote", token, """{"choices":[0],"revision":0}""")).Code.ShouldBe("vote.badAnswer");
        (await cluster.B.SendAsync<JsonElement>(HttpMethod.Get, $"/api/rooms/{room.Code}/results", room.HostToken))
            .GetProperty("polls").GetArrayLength().ShouldBe(1);
    }

    /// <summary>Well-formed values that no member accepts.</summary>
    private static string[] WrongValues =>
    [
        """{"a":[1,{"b":null}],"c":"]}"}""", """[[1],[[2]],{"d":3}]""", """[{"e":1},{}]""", """["f",[]]""", """[1.5,"2",true]""", "[1,null,{}]", "true",
        $"\"{new string('x', 5_000)}\"", "\"3\"", "1e400", "[1e400]", new string('9', 500), "-0.5e-99", "{}", "[[]]", "[[],null]",
    ];

    private static PollDraft Draft(PollKind kind)
    {
        var shape = Answering.Shape(kind, Options);
        return TestApi.Draft($"{kind}?", shape.Options, kind, PollSettings.Of(shape.Settings));
    }

    private static Task<VoteReceipt> CastAsync(RoomClient phone, Guid poll, int revision, Answer answer) =>
        phone.InvokeAsync<VoteReceipt>("CastVote", poll, Request(answer, revision));

    private static Task<VoteReceipt> PutAsync(TestApi api, CreatedRoom room, Guid poll, string token, int revision, Answer answer) =>
        api.SendAsync<VoteReceipt>(HttpMethod.Put, $"/api/rooms/{room.Code}/polls/{poll}/vote", token, Request(answer, revision));

    private static VoteRequest Request(Answer answer, int revision) => new()
    {
        Choices = answer.Choices, Value = answer.Value, Values = answer.Values, Ranking = answer.Ranking, Points = answer.Points,
        Number = answer.Number, Texts = answer.Texts, Revision = revision,
    };

    /// <summary>Only the answer.</summary>
    private static string Json(Answer answer) => JsonSerializer.Serialize(
        new Answer
        {
            Choices = answer.Choices, Value = answer.Value, Values = answer.Values, Ranking = answer.Ranking, Points = answer.Points,
            Number = answer.Number, Texts = answer.Texts,
        },
        Polls.Api.Http.Json.Options);

    /// <summary>How many people said each word, by its number.</summary>
    private async Task<Dictionary<int, int>> PeoplePerWordAsync(Guid poll) => (await cluster.Cluster.Postgres.ExecuteAsync(
        $"""
        SELECT e.n, count(DISTINCT v.participant_id) FROM votes v, unnest(v.keys) AS said (word) JOIN entries e ON e.poll_id = '{poll}' AND e.key = word
        WHERE v.poll_id = '{poll}' GROUP BY e.n
        """)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(row => row.Split('|'))
        .ToDictionary(row => int.Parse(row[0], CultureInfo.InvariantCulture), row => int.Parse(row[1], CultureInfo.InvariantCulture));

    /// <summary>The figures of all numbers, in the form of <see cref="Figures"/>.</summary>
    private async Task<string> FiguresAsync(Guid poll) => (await cluster.Cluster.Postgres.ExecuteAsync(
        $"""
        SELECT concat_ws(' ', count(*), min(x)::float8, max(x)::float8, round(avg(x), 3)::float8, round(percentile_cont(0.5) WITHIN GROUP (ORDER BY x)::numeric, 3)::float8,
          percentile_disc(0.25) WITHIN GROUP (ORDER BY x)::float8, percentile_disc(0.75) WITHIN GROUP (ORDER BY x)::float8)
        FROM (SELECT unnest(keys)::numeric AS x FROM votes WHERE poll_id = '{poll}') numbers
        """)).Trim();

    private static string? Figures(NumberSummary? of) => of is null ? null : string.Join(' ', ((decimal?[])
        [of.N, of.Min, of.Max, of.Mean, of.Median, of.Q1, of.Q3]).Select(figure => figure?.ToString("0.######", CultureInfo.InvariantCulture)));

    private async Task<int[]> RecountAsync(Guid poll)
    {
        var row = (await cluster.Cluster.Postgres.ExecuteAsync(TallyAudit.Statement.Replace("$1", $"'{poll}'", StringComparison.Ordinal))).Split('|');
        int[] Numbers(string array) => [.. array.Trim('{', '}').Split(',', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];
        row[1].ShouldBe(row[3]);
        row[2].ShouldBe(row[4]);
        return [int.Parse(row[3], CultureInfo.InvariantCulture), .. Numbers(row[4])];
    }

    /// <summary>JSON that is sent in small pieces, each in a packet of its own.</summary>
    private sealed class PiecesContent : HttpContent
    {
        private readonly byte[] json;
        private readonly int size;

        public PiecesContent(string json, int size)
        {
            (this.json, this.size) = (Encoding.UTF8.GetBytes(json), size);
            Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            for (var sent = 0; sent < json.Length;)
            {
                // Of a long text only the beginning is sent in small pieces.
                var length = Math.Min(sent < 40 ? size : Math.Max(size, 1_000), json.Length - sent);
                await stream.WriteAsync(json.AsMemory(sent, length));
                await stream.FlushAsync();
                sent += length;
                // Otherwise the server may read several pieces at once, and the test shows less.
                await Task.Delay(1);
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
