using System.Net;
using System.Text;
using System.Xml.Linq;
using Polls.Api.Results;
using Polls.Api.Rooms;
using Polls.Api.Seats;
using Polls.Core.RoomPolls;
using Polls.Core.Storage;
using Polls.Tests.Clients;
using Polls.Tests.Results;

namespace Polls.Tests.Journeys;

/// <summary>The host's export of the results, and the QR code.</summary>
[Collection(nameof(TwoInstances))]
public sealed class ResultsTests(TwoInstances cluster)
{
    [Fact]
    public async Task The_results_are_the_votes_that_were_cast()
    {
        var (room, poll) = await cluster.OpenRoomAsync(new PollSettings { ResultsVisibility = ResultsVisibility.HostOnly });
        var ann = await cluster.A.JoinAsync(room.Code, "Ann");
        var bob = await cluster.B.JoinAsync(room.Code);
        var gone = await cluster.B.JoinAsync(room.Code, "Gone");
        await cluster.A.VoteAsync(room.Code, poll, ann.Token, 1, 0);
        var last = await cluster.B.VoteAsync(room.Code, poll, ann.Token, 7, 2);
        await cluster.B.VoteAsync(room.Code, poll, bob.Token, 0, 1);
        await cluster.A.VoteAsync(room.Code, poll, gone.Token, 1, 1);
        using (await cluster.A.SendAsync(HttpMethod.Delete, $"/api/rooms/{room.Code}/polls/{poll}/vote?revision=2", gone.Token, null))
        {
        }

        var results = await cluster.B.SendAsync<RoomResults>(HttpMethod.Get, $"/api/rooms/{room.Code}/results", room.HostToken);

        (results.Code, results.Title).ShouldBe((room.Code, room.Title));
        var only = results.Polls.ShouldHaveSingleItem();
        (only.Poll.Id, only.Poll.Tally!.Voters).ShouldBe((poll, 2));
        only.Poll.Tally.Counts.ShouldBe([0, 1, 1]);
        only.Votes.Select(vote => (vote.ParticipantId, vote.Nickname, vote.Choices!.Single(), vote.Revision)).ShouldBe(
            [(ann.ParticipantId, "Ann", 2, 7), (bob.ParticipantId, null, 1, 0)], ignoreOrder: true);
        only.Votes.Single(vote => vote.Nickname == "Ann").CastAt.ShouldBe(last.CastAt, TimeSpan.FromMicroseconds(1));
    }

    [Fact]
    public async Task The_CSV_preserves_every_text_and_contains_no_formula()
    {
        var room = await cluster.A.CreateRoomAsync(new PollDraft(
            "=cmd|'/c calc'!A1, \"quoted\"", PollKind.MultipleChoice, ["+1", "two, \"2\"", "@three"], null));
        var poll = (await cluster.A.StateAsync(room.Code, room.HostToken)).Polls[0].Id;
        await cluster.A.DoAsync(room, poll, "open");
        var formula = await cluster.A.JoinAsync(room.Code, "=HYPERLINK(\"x\",\"y\")");
        var plain = await cluster.A.JoinAsync(room.Code, "Zoë 🗳");
        await cluster.A.VoteAsync(room.Code, poll, formula.Token, 3, 0, 1);
        await cluster.A.VoteAsync(room.Code, poll, plain.Token, 1, 2);

        using var response = await cluster.B.SendAsync(HttpMethod.Get, $"/api/rooms/{room.Code}/results.csv", room.HostToken, null);

        response.Content.Headers.ContentType!.ToString().ShouldBe("text/csv; charset=utf-8");
        response.Content.Headers.ContentDisposition!.DispositionType.ShouldBe("attachment");
        var bytes = await response.Content.ReadAsByteArrayAsync();
        bytes[..3].ShouldBe(Encoding.UTF8.GetPreamble());
        var rows = ResultsCsvTests.Rows(bytes);
        rows[0].ShouldBe(["poll", "question", "participant", "nickname", "choices", "options", "revision", "castAt", "kind", "answer"]);
        var byParticipant = rows.Skip(1).ToDictionary(row => row[2]);
        byParticipant.Count.ShouldBe(2);
        byParticipant[formula.ParticipantId.ToString()][..7].ShouldBe(
            ["1", "'=cmd|'/c calc'!A1, \"quoted\"", formula.ParticipantId.ToString(), "'=HYPERLINK(\"x\",\"y\")", "0 1", "'+1 | two, \"2\"", "3"]);
        byParticipant[formula.ParticipantId.ToString()][8..].ShouldBe(["multipleChoice", "'+1 | two, \"2\""]);
        byParticipant[plain.ParticipantId.ToString()][..7].ShouldBe(
            ["1", "'=cmd|'/c calc'!A1, \"quoted\"", plain.ParticipantId.ToString(), "Zoë 🗳", "2", "'@three", "1"]);
        rows.SelectMany(row => row).ShouldAllBe(cell => cell.Length == 0 || !"=+-@\t\r".Contains(cell[0]));
    }

    [Fact]
    public async Task The_summary_has_a_row_for_every_option_and_is_for_the_host_only()
    {
        var (room, poll) = await cluster.OpenRoomAsync();
        var ann = await cluster.A.JoinAsync(room.Code);
        await cluster.A.VoteAsync(room.Code, poll, ann.Token, 1, 1);

        using var response = await cluster.B.SendAsync(HttpMethod.Get, $"/api/rooms/{room.Code}/summary.csv", room.HostToken, null);

        response.Content.Headers.ContentType!.ToString().ShouldBe("text/csv; charset=utf-8");
        response.Content.Headers.ContentDisposition!.FileName.ShouldBe($"polls-{room.Code}-summary.csv");
        ResultsCsvTests.Rows(await response.Content.ReadAsByteArrayAsync()).Skip(1).Select(row => (row[4], row[5], row[6], row[7]))
            .ShouldBe([("0", "0%", "1", "open"), ("1", "100%", "1", "open"), ("0", "0%", "1", "open")]);
        (await cluster.A.RefusalAsync(HttpMethod.Get, $"/api/rooms/{room.Code}/summary.csv", ann.Token))
            .ShouldBe((HttpStatusCode.Forbidden, "auth.forbidden"));
    }

    [Theory]
    [InlineData(true, "device", true)]
    [InlineData(false, "seatCode", true)]
    [InlineData(false, "device", false)]
    public async Task Where_votes_are_secret_the_results_tell_neither_when_nor_in_which_order_they_were_cast(
        bool anonymous, string assurance, bool secret)
    {
        var room = await cluster.A.SendAsync<CreatedRoom>(
            HttpMethod.Post, "/api/rooms", null, new { title = "A room", anonymous, assurance, polls = new[] { TestApi.Draft() } });
        var poll = (await cluster.A.StateAsync(room.Code, room.HostToken)).Polls[0].Id;
        await cluster.A.DoAsync(room, poll, "open");
        var path = $"/api/rooms/{room.Code}";
        var seats = secret && assurance == "seatCode"
            ? (await cluster.A.SendAsync<SeatList>(HttpMethod.Post, $"{path}/seats", room.HostToken, new { count = 8 })).Seats
            : null;
        var cast = new List<Guid>();
        for (var i = 0; i < 8; i++)
        {
            var joined = await cluster.A.SendAsync<JoinedRoom>(HttpMethod.Post, $"{path}/participants", null, new { seat = seats?[i].Code });
            await cluster.B.VoteAsync(room.Code, poll, joined.Token, 0, i % 3);
            cast.Add(joined.ParticipantId);
        }

        var votes = (await cluster.B.SendAsync<RoomResults>(HttpMethod.Get, $"{path}/results", room.HostToken)).Polls[0].Votes;

        votes.Select(vote => vote.ParticipantId).ShouldBe(secret ? cast.Order() : cast);
        cast.ShouldAllBe(id => id.Version == 4, "an id tells nothing about the time of joining");
        votes.All(vote => vote.CastAt.TimeOfDay == TimeSpan.Zero).ShouldBe(secret);
        votes.ShouldAllBe(vote => vote.CastAt > DateTimeOffset.UtcNow.AddDays(-2));
    }

    [Fact]
    public async Task The_code_to_scan_is_a_picture_of_the_join_link()
    {
        var (room, _) = await cluster.OpenRoomAsync();
        using var response = await cluster.B.SendAsync(HttpMethod.Get, $"/api/rooms/{room.Code}/qr.svg", null, null);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("image/svg+xml");
        var svg = XDocument.Parse(await response.Content.ReadAsStringAsync()).Root!;
        svg.Name.ShouldBe(XName.Get("svg", "http://www.w3.org/2000/svg"));
        svg.Attribute("viewBox").ShouldNotBeNull();
        svg.Descendants().ShouldNotBeEmpty();
        room.JoinUrl.AbsolutePath.ShouldBe($"/r/{room.Code}");
    }
}
