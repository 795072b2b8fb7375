using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Connections;
using Polls.Api.Entries;
using Polls.Api.Http;
using Polls.Api.Rooms;
using Polls.Core;
using Polls.Core.Kinds;
using Polls.Core.RoomPolls;
using Polls.Core.Storage;
using Polls.Core.Tallies;
using Polls.Core.Votes;
using Polls.Tests.Clients;
using Polls.Tests.Endpoints;
using Polls.Tests.Servers;
using Polls.Tests.Storage;

namespace Polls.Tests.Journeys;

/// <summary>Word clouds and estimates on two instances: what each audience gets, and what it does not.</summary>
[Collection(nameof(TwoInstances))]
public sealed class EntryJourneyTests(TwoInstances cluster)
{
    private const int Voters = 60;

    [Fact]
    public async Task Every_screen_converges_on_the_words_and_the_hosts_hand_reaches_all_of_them()
    {
        var (room, poll) = await OpenAsync(PollKind.WordCloud, new WordCloudSettings(5));
        await using var phone = await RoomClient.ConnectAsync(cluster.B.Address, (await cluster.A.JoinAsync(room.Code)).Token);
        await using var screen = await RoomClient.ConnectAsync(cluster.B.Address, await cluster.A.ScreenTokenAsync(room));
        await using var desk = await RoomClient.ConnectAsync(cluster.A.Address, room.HostToken);
        await Parallel.ForEachAsync(Enumerable.Range(0, Voters), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, _) =>
        {
            var api = i % 2 == 0 ? cluster.A : cluster.B;
            var token = (await api.JoinAsync(room.Code)).Token;
            await SayAsync(api, room.Code, poll, token, 0, "all", $"word {i}", $"half {i % 2}");
            await SayAsync(api, room.Code, poll, token, 1, "ALL", $"a long word with its number {i}", $"half {i % 2}");
        });

        await ConvergedAsync(room, poll, phone, screen, desk);
        var words = phone.Tallies[poll].Entries.ShouldNotBeNull();
        words.Items.Take(3).Select(item => item.Count).ShouldBe([Voters, Voters / 2, Voters / 2]);
        (words.Total, words.Hidden, words.Items.Sum(item => item.Count) + words.Others).ShouldBe((Voters + 3, null, 3 * Voters));
        phone.Tallies[poll].Counts.ShouldBeEmpty();
        phone.TallyLog.ShouldAllBe(tally => Encoding.UTF8.GetByteCount(JsonSerializer.Serialize(tally.Entries, Json.Options)) <= 1_024);

        var first = words.Items[0].N;
        var hidden = await ActAsync(room, poll, $"{first}/hide");
        (hidden.N, hidden.State).ShouldBe((first, EntryVisibility.Hidden));
        await Until.TrueAsync(() => phone.Tallies[poll].Version >= hidden.TallyVersion && screen.Tallies[poll].Version >= hidden.TallyVersion, "the word is hidden");
        await ConvergedAsync(room, poll, phone, screen, desk);
        phone.Tallies[poll].Entries!.Items.ShouldAllBe(item => item.N != first);
        desk.Tallies[poll].Entries!.Items[0].State.ShouldBe(EntryVisibility.Hidden);

        var (one, other) = (words.Items[1].N, words.Items[2].N);
        await ActAsync(room, poll, $"{one}/merge", new MergeTarget(other));
        await ConvergedAsync(room, poll, phone, screen, desk);
        (phone.Tallies[poll].Entries!.Items[0].N, phone.Tallies[poll].Entries!.Items[0].Count).ShouldBe((other, Voters));

        await ActAsync(room, poll, $"{one}/split");
        await ActAsync(room, poll, $"{first}/show");
        await ConvergedAsync(room, poll, phone, screen, desk);
        JsonSerializer.Serialize(phone.Tallies[poll].Entries, Json.Options).ShouldBe(JsonSerializer.Serialize(words, Json.Options));
        (await cluster.B.StateAsync(room.Code, room.HostToken)).Polls[0].Tally!.Entries!.Items.Count.ShouldBe(Voters + 3);

        await cluster.A.DoAsync(room, poll, "reset");
        await Until.TrueAsync(() => desk.Tallies[poll].Entries is { Total: 0, Items: [] }, "a reset deletes the words");
    }

    [Fact]
    public async Task A_cloud_of_thousands_of_words_costs_a_phone_a_kilobyte_an_update_and_is_exact()
    {
        const int People = 5_000;
        const int Words = 4_000;
        const int OverHttp = 200;
        var (room, poll) = await OpenAsync(PollKind.WordCloud, new WordCloudSettings());
        var token = (await cluster.A.JoinAsync(room.Code)).Token;
        await using var recorded = await RecordedHub.ConnectAsync(cluster.A.Address, token, HttpTransportType.WebSockets);
        await using var phone = await RoomClient.ConnectAsync(cluster.B.Address, (await cluster.B.JoinAsync(room.Code)).Token);
        await using var screen = await RoomClient.ConnectAsync(cluster.B.Address, await cluster.A.ScreenTokenAsync(room));
        await using var desk = await RoomClient.ConnectAsync(cluster.A.Address, room.HostToken);
        // Everybody says one of 20 common words, of which the first are the most frequent, and one of all others. Most of
        // them vote on a third instance.
        static string[] WordsOf(int i) => [i % (1 + (i % 20)) is > 0 and var n ? $"common {n}" : "👍🏽 👩‍🚀", $"word {i % (Words - 20)}"];
        await using var third = new TestCore(cluster.Cluster.Postgres.ConnectionString, new VoteOptions { ReceiptTimeoutSeconds = 60 });
        var snapshot = (await third.Reader.FindPollAsync(poll, default)).ShouldNotBeNull();
        foreach (var some in Enumerable.Range(0, People - OverHttp).Chunk(1_000))
        {
            var votes = await Task.WhenAll(some.Select(i => third.Queue.CastAsync(
                TestCore.Vote(snapshot, Guid.NewGuid(), 0, PollKinds.Get(PollKind.WordCloud).Read(snapshot.Shape, new Answer { Texts = WordsOf(i) })!), default)));
            votes.ShouldAllBe(vote => vote.Outcome == VoteOutcome.Accepted);
        }

        await Parallel.ForEachAsync(Enumerable.Range(People - OverHttp, OverHttp), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, _) =>
        {
            var api = i % 2 == 0 ? cluster.A : cluster.B;
            await SayAsync(api, room.Code, poll, (await api.JoinAsync(room.Code)).Token, 0, WordsOf(i));
        });

        await Until.TrueAsync(
            () => new[] { phone, screen, desk }.All(client => client.Tallies[poll].Voters == People) && recorded.Received.Contains($"\"voters\":{People}", StringComparison.Ordinal),
            "every screen counts all people");
        var counts = (await cluster.Cluster.Postgres.ExecuteAsync(
            $"SELECT count(*) FROM votes v, unnest(v.keys) AS word WHERE v.poll_id = '{poll}' GROUP BY word ORDER BY 1 DESC"))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse).ToList();
        counts.Count.ShouldBe(Words);
        foreach (var (client, items) in new[] { (phone, 20), (screen, 100), (desk, 200) })
        {
            var words = client.Tallies[poll].Entries!;
            (words.Total, words.Items.Count, words.Others).ShouldBe((Words, items, counts.Skip(items).Sum()));
            words.Items.Select(item => item.Count).ShouldBe(counts.Take(items));
        }

        var updates = recorded.Received.Split('\n', '\u001e').Where(message => message.Contains("TallyChanged", StringComparison.Ordinal)).ToList();
        updates.Count.ShouldBeGreaterThan(1);
        // As they are: escaped, emoji would be three times as long as the bound assumes.
        updates[^1].ShouldContain("\"👍🏽 👩‍🚀\"");
        updates.ShouldAllBe(update => Encoding.UTF8.GetByteCount(update) <= 1_024);
    }

    [Fact]
    public async Task Hidden_words_reach_no_participant_on_any_path()
    {
        var (room, poll) = await OpenAsync(PollKind.WordCloud, new WordCloudSettings(), ResultsVisibility.AfterClose);
        var token = (await cluster.A.JoinAsync(room.Code)).Token;
        await using var phone = await RoomClient.ConnectAsync(cluster.B.Address, token);
        var receipt = await SayAsync(cluster.A, room.Code, poll, token, 0, "secret");
        (receipt.TallyVersion, receipt.Texts![0]).ShouldBe((null, "secret"));
        await using var desk = await RoomClient.ConnectAsync(cluster.B.Address, room.HostToken);
        await Until.TrueAsync(() => desk.Tallies[poll].Entries!.Items is [{ Text: "secret" }], "the desk has the word");

        (await cluster.B.StateAsync(room.Code, token)).Polls[0].Tally.ShouldBeNull();
        (await cluster.B.RefusalAsync(HttpMethod.Get, Path(room, poll), token)).ShouldBe((HttpStatusCode.Forbidden, "results.hidden"));
        phone.TallyLog.ShouldBeEmpty();

        // Nor does anybody notice that, and when, the host looks after the words.
        var other = (await cluster.A.SendAsync<PollView>(
            HttpMethod.Post, $"/api/rooms/{room.Code}/polls", room.HostToken, TestApi.Draft())).Id;
        var (before, version) = (phone.PollChanges, desk.Polls[poll].Version);
        await ActAsync(room, poll, "1/hide");
        var shown = await ActAsync(room, poll, "1/show");
        await Until.TrueAsync(() => desk.Tallies[poll].Version >= shown.TallyVersion, "the desk has what the host did");
        await cluster.A.DoAsync(room, other, "open");
        await Until.TrueAsync(() => phone.Polls.GetValueOrDefault(other)?.State == PollState.Open, "what comes later has arrived");
        (phone.PollChanges, phone.States).ShouldBe((before + 1, 1));
        (await cluster.B.StateAsync(room.Code, room.HostToken)).Polls[0].Version.ShouldBe(version);

        await cluster.A.DoAsync(room, poll, "close");
        await Until.TrueAsync(() => phone.Tallies.ContainsKey(poll), "the result is shown");
        phone.Tallies[poll].Entries!.Items.Select(item => item.Text).ShouldBe(["secret"]);
        (await PageAsync(token, room, poll)).Items[0].Text.ShouldBe("secret");
    }

    [Fact]
    public async Task Pages_of_words_have_a_tag_and_are_for_those_who_may_see_them()
    {
        var (room, poll) = await OpenAsync(PollKind.WordCloud, new WordCloudSettings(10, 30, true, false), ResultsVisibility.AfterVote);
        var (ann, bob) = ((await cluster.A.JoinAsync(room.Code)).Token, (await cluster.B.JoinAsync(room.Code)).Token);
        await SayAsync(cluster.A, room.Code, poll, ann, 0, "one", "two", "three", "shit");
        (await cluster.B.RefusalAsync(HttpMethod.Get, Path(room, poll), bob)).Code.ShouldBe("results.hidden");

        var page = await PageAsync(ann, room, poll, "?limit=2");
        page.Items.Select(item => item.Text).ShouldBe(["one", "two"]);
        page.Total.ShouldBe(3);
        (await PageAsync(ann, room, poll, $"?limit=2&after={page.Next}")).Items.Select(item => item.Text).ShouldBe(["three"]);
        (await PageAsync(ann, room, poll, "?sort=new")).Items.Select(item => item.Text).ShouldBe(["three", "two", "one"]);
        (await PageAsync(ann, room, poll, "?sort=answered")).Total.ShouldBe(0);
        var waiting = (await PageAsync(room.HostToken, room, poll, "?sort=pending")).Items.Single();
        (waiting.Text, waiting.State, waiting.Reason).ShouldBe(("shit", EntryVisibility.Pending, PendingReason.Filter));
        foreach (var sort in new[] { "pending", "hidden", "archived", "merged" })
        {
            (await cluster.A.RefusalAsync(HttpMethod.Get, $"{Path(room, poll)}?sort={sort}", ann)).Status.ShouldBe(HttpStatusCode.Forbidden);
        }

        foreach (var query in new[] { "?limit=0", "?limit=101", "?limit=x", "?sort=best", "?sort=1", "?after=x", "?after=1.2.3", "?after=-1.2" })
        {
            (await cluster.A.RefusalAsync(HttpMethod.Get, Path(room, poll) + query, ann)).ShouldBe((HttpStatusCode.BadRequest, "request.malformed"));
        }

        using var http = new HttpClient { BaseAddress = cluster.B.Address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ann);
        using var fresh = await http.GetAsync(new Uri(Path(room, poll), UriKind.Relative));
        var tag = fresh.Headers.ETag.ShouldNotBeNull();
        tag.Tag.ShouldBe(string.Create(CultureInfo.InvariantCulture, $"\"{page.Version}\""));
        // As RFC 9110 writes it; proxies that compress make a tag weak.
        foreach (var known in new[] { $"{tag}", $"W/{tag}", $"\"none\", {tag}", "*" })
        {
            http.DefaultRequestHeaders.Remove("If-None-Match");
            http.DefaultRequestHeaders.Add("If-None-Match", known);
            using var again = await http.GetAsync(new Uri(Path(room, poll), UriKind.Relative));
            again.StatusCode.ShouldBe(HttpStatusCode.NotModified, known);
        }

        http.DefaultRequestHeaders.Remove("If-None-Match");
        http.DefaultRequestHeaders.IfNoneMatch.Add(tag);

        await SayAsync(cluster.A, room.Code, poll, bob, 0, "four");
        using var moved = await http.GetAsync(new Uri(Path(room, poll), UriKind.Relative));
        moved.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Commands_for_words_are_the_hosts_and_name_words_of_the_poll()
    {
        var (room, poll) = await OpenAsync(PollKind.WordCloud, new WordCloudSettings());
        var ann = (await cluster.A.JoinAsync(room.Code)).Token;
        await SayAsync(cluster.A, room.Code, poll, ann, 0, "one", "two");
        (await cluster.A.RefusalAsync(HttpMethod.Post, $"{Path(room, poll)}/1/hide", ann, "{}")).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await cluster.A.RefusalAsync(HttpMethod.Post, $"{Path(room, poll)}/9/hide", room.HostToken, "{}")).ShouldBe((HttpStatusCode.NotFound, "entry.notFound"));
        (await cluster.A.RefusalAsync(HttpMethod.Post, $"{Path(room, poll)}/1/merge", room.HostToken, """{"into":1}""")).ShouldBe((HttpStatusCode.Conflict, "entry.badMerge"));
        (await cluster.A.RefusalAsync(HttpMethod.Post, $"{Path(room, poll)}/actions", room.HostToken, """{"action":"hide","entries":[1,9]}""")).Code.ShouldBe("entry.notFound");
        (await cluster.A.RefusalAsync(HttpMethod.Post, $"{Path(room, poll)}/actions", room.HostToken, """{"action":"dance","entries":[1]}""")).Code.ShouldBe("request.malformed");
        var many = string.Join(',', Enumerable.Range(1, 101));
        (await cluster.A.RefusalAsync(HttpMethod.Post, $"{Path(room, poll)}/actions", room.HostToken, $$"""{"action":"hide","entries":[{{many}}]}""")).ShouldBe((HttpStatusCode.BadRequest, "entry.tooMany"));

        var acted = await cluster.A.SendAsync<EntriesActed>(HttpMethod.Post, $"{Path(room, poll)}/actions", room.HostToken, new EntryAction("hide", [1, 2]));
        acted.Entries.ShouldBe([1, 2]);
        acted.TallyVersion.ShouldBe(2);
        (await PageAsync(ann, room, poll)).Total.ShouldBe(0);

        var other = await cluster.A.CreateRoomAsync(TestApi.Draft());
        var choice = (await cluster.A.StateAsync(other.Code, other.HostToken)).Polls[0].Id;
        (await cluster.A.RefusalAsync(HttpMethod.Get, Path(other, choice), other.HostToken)).ShouldBe((HttpStatusCode.NotFound, "poll.noEntries"));
        (await cluster.A.RefusalAsync(HttpMethod.Get, Path(other, poll), other.HostToken)).Code.ShouldBe("poll.notFound");
        (await cluster.A.RefusalAsync(HttpMethod.Post, $"{Path(other, poll)}/1/show", other.HostToken, "{}")).Code.ShouldBe("poll.notFound");
    }

    [Fact]
    public async Task Every_screen_converges_on_the_figures_of_an_estimate()
    {
        var (room, poll) = await OpenAsync(PollKind.Numeric, new NumericSettings(0, 10, 1, "kg"));
        await using var phone = await RoomClient.ConnectAsync(cluster.B.Address, (await cluster.A.JoinAsync(room.Code)).Token);
        await using var desk = await RoomClient.ConnectAsync(cluster.A.Address, room.HostToken);
        phone.Tallies[poll].Numbers.ShouldBe(new NumberSummary(0));
        decimal[] numbers = [1.5m, 2m, 2m, 9.9m];
        foreach (var number in numbers)
        {
            var token = (await cluster.A.JoinAsync(room.Code)).Token;
            var receipt = await cluster.B.SendAsync<VoteReceipt>(
                HttpMethod.Put, $"/api/rooms/{room.Code}/polls/{poll}/vote", token, new { number, revision = 0 });
            receipt.Number.ShouldBe(number);
        }

        await Until.TrueAsync(() => phone.Tallies[poll].Voters == 4 && desk.Tallies[poll].Voters == 4, "every screen has all numbers");
        var figures = phone.Tallies[poll].Numbers!;
        (figures.N, figures.Min, figures.Max, figures.Mean, figures.Median, figures.Q1, figures.Q3).ShouldBe((4, 1.5m, 9.9m, 3.85m, 2m, 1.5m, 2m));
        (figures.Width, figures.From, figures.Bins!.Sum()).ShouldBe((0.5m, 0m, 4));
        (await cluster.A.RefusalAsync(HttpMethod.Get, Path(room, poll), room.HostToken)).Code.ShouldBe("poll.noEntries");
    }

    private async Task<(CreatedRoom Room, Guid Poll)> OpenAsync(
        PollKind kind, KindSettings settings, ResultsVisibility visibility = ResultsVisibility.Live)
    {
        var room = await cluster.A.CreateRoomAsync(TestApi.Draft(
            options: 0, kind: kind, settings: PollSettings.Of(settings) with { ResultsVisibility = visibility }));
        var poll = (await cluster.A.StateAsync(room.Code, room.HostToken)).Polls[0].Id;
        await cluster.A.DoAsync(room, poll, "open");
        return (room, poll);
    }

    /// <summary>All of these screens have the newest version, with the parts of it that are theirs.</summary>
    private async Task ConvergedAsync(CreatedRoom room, Guid poll, params RoomClient[] screens)
    {
        var truth = (await cluster.A.StateAsync(room.Code, room.HostToken)).Polls[0].Tally!;
        await Until.TrueAsync(
            () => screens.All(screen => screen.Tallies[poll].Version == truth.Version && screen.Tallies[poll].Entries!.Total == truth.Entries!.Total),
            $"every screen has version {truth.Version}");
        foreach (var screen in screens)
        {
            var shown = screen.Tallies[poll].Entries!.Items.Where(item => item.State is null).Select(item => (item.N, item.Count)).ToArray();
            truth.Entries!.Items.Where(item => item.State is null).Take(shown.Length).Select(item => (item.N, item.Count)).ShouldBe(shown);
        }
    }

    private Task<EntryChanged> ActAsync(CreatedRoom room, Guid poll, string action, object? body = null) =>
        cluster.B.SendAsync<EntryChanged>(HttpMethod.Post, $"{Path(room, poll)}/{action}", room.HostToken, body ?? new { });

    private Task<EntryPage> PageAsync(string token, CreatedRoom room, Guid poll, string query = "") =>
        cluster.B.SendAsync<EntryPage>(HttpMethod.Get, Path(room, poll) + query, token);

    private static Task<VoteReceipt> SayAsync(TestApi api, string code, Guid poll, string token, int revision, params string[] texts) =>
        api.SendAsync<VoteReceipt>(HttpMethod.Put, $"/api/rooms/{code}/polls/{poll}/vote", token, new { texts, revision });

    private static string Path(CreatedRoom room, Guid poll) => $"/api/rooms/{room.Code}/polls/{poll}/entries";
}
