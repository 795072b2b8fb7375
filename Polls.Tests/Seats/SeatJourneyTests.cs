using System.Net;
using System.Text.Json;
using System.Xml.Linq;
using Polls.Api.Rooms;
using Polls.Api.Seats;
using Polls.Core.Storage;
using Polls.Tests.Journeys;

namespace Polls.Tests.Seats;

/// <summary>How voters are verified at each level of assurance, over HTTP and on two instances.</summary>
[Collection(nameof(TwoInstances))]
public sealed class SeatJourneyTests(TwoInstances cluster)
{
    [Fact]
    public async Task Each_seat_code_admits_one_person()
    {
        var room = await MakeAsync("seatCode");
        var path = $"/api/rooms/{room.Code}";
        var made = await cluster.A.SendAsync<SeatList>(HttpMethod.Post, $"{path}/seats", room.HostToken, new { count = 30 });
        made.Seats.Select(seat => seat.Number).ShouldBe(Enumerable.Range(1, 30));
        made.Seats[0].Url.ToString().ShouldEndWith($"/r/{room.Code}#seat={made.Seats[0].Code}");

        (await cluster.B.SendAsync<RoomSummary>(HttpMethod.Get, path)).Assurance.ShouldBe(Assurance.SeatCode);
        (await JoinAsync(null)).ShouldBe((HttpStatusCode.Forbidden, "seat.required"));
        (await JoinAsync("AAAA-AAAA")).ShouldBe((HttpStatusCode.NotFound, "seat.unknown"));
        var joined = await cluster.B.SendAsync<JoinedRoom>(
            HttpMethod.Post, $"{path}/participants", null, new { seat = made.Seats[0].Code.ToLowerInvariant() });
        (await JoinAsync(made.Seats[0].Code)).ShouldBe((HttpStatusCode.Conflict, "seat.taken"));

        (await cluster.B.StateAsync(room.Code, joined.Token)).Assurance.ShouldBe(Assurance.SeatCode);
        var listed = await cluster.A.SendAsync<SeatList>(HttpMethod.Get, $"{path}/seats", room.HostToken);
        (listed.Taken, listed.Seats.Count(seat => seat.Taken)).ShouldBe((1, 0), "one code alone would show who used it");
        (await cluster.A.RefusalAsync(HttpMethod.Get, $"{path}/seats", joined.Token)).ShouldBe((HttpStatusCode.Forbidden, "auth.forbidden"));

        // Nothing stored or exported connects a seat code with a voter.
        (await cluster.CountAsync($"SELECT count(*) FROM seats WHERE taken_by = '{joined.ParticipantId}'")).ShouldBe(0);
        var results = await cluster.A.SendAsync<JsonElement>(HttpMethod.Get, $"{path}/results", room.HostToken);
        results.GetRawText().ShouldNotContain(made.Seats[0].Code);
        results.GetProperty("audit").EnumerateArray().Select(action => action.GetProperty("what").GetString()).ShouldBe(["createRoom", "addSeats"]);

        Task<(HttpStatusCode, string?)> JoinAsync(string? seat) =>
            cluster.A.RefusalAsync(HttpMethod.Post, $"{path}/participants", null, seat is null ? null : new { seat });
    }

    [Fact]
    public async Task The_sheets_have_a_slip_for_every_free_code()
    {
        var room = await MakeAsync("seatCode", "Tea & <biscuits>");
        var path = $"/api/rooms/{room.Code}/seats";
        var made = await cluster.A.SendAsync<SeatList>(HttpMethod.Post, path, room.HostToken, new { count = 30 });
        for (var i = 3; i < 8; i++)
        {
            await cluster.A.SendAsync<JoinedRoom>(HttpMethod.Post, $"/api/rooms/{room.Code}/participants", null, new { seat = made.Seats[i].Code });
        }

        var shown = new List<string>();
        for (var page = 1; page <= 2; page++)
        {
            using var answer = await cluster.A.SendAsync(HttpMethod.Get, $"{path}/sheets/{page}.svg", room.HostToken, null);
            answer.Content.Headers.ContentType?.MediaType.ShouldBe("image/svg+xml");
            var texts = XDocument.Parse(await answer.Content.ReadAsStringAsync()).Descendants().Where(element => element.Name.LocalName == "text").ToList();
            texts[0].Value.ShouldBe("Tea & <biscuits>");
            shown.AddRange(texts.Where(text => (string?)text.Attribute("font-weight") == "bold").Select(text => text.Value));
        }

        shown.ShouldBe(made.Seats.Where(seat => seat.Number is < 4 or > 8).Select(seat => seat.Code));
        (await cluster.A.RefusalAsync(HttpMethod.Get, $"{path}/sheets/3.svg", room.HostToken)).Status.ShouldBe(HttpStatusCode.NotFound);
        (await cluster.A.RefusalAsync(HttpMethod.Get, $"{path}/sheets/0.svg", room.HostToken)).Status.ShouldBe(HttpStatusCode.NotFound);
        foreach (var page in (int[])[int.MaxValue, (int.MaxValue / SeatSheet.PerPage) + 2, 1 << 30])
        {
            (await cluster.A.RefusalAsync(HttpMethod.Get, $"{path}/sheets/{page}.svg", room.HostToken)).Status.ShouldBe(HttpStatusCode.NotFound);
        }

    }

    [Fact]
    public async Task A_room_counts_devices_by_default()
    {
        var room = await cluster.A.CreateRoomAsync();
        (await cluster.B.StateAsync(room.Code, room.HostToken)).Assurance.ShouldBe(Assurance.Device);
        (await cluster.A.RefusalAsync(HttpMethod.Post, $"/api/rooms/{room.Code}/seats", room.HostToken, new { count = 1 }))
            .ShouldBe((HttpStatusCode.Conflict, "seat.notWanted"));
        var open = await MakeAsync("open");
        (await cluster.B.StateAsync(open.Code, open.HostToken)).Assurance.ShouldBe(Assurance.Open);
        (await cluster.A.RefusalAsync(HttpMethod.Post, "/api/rooms", body: """{"title":"A room","assurance":"certain"}"""))
            .ShouldBe((HttpStatusCode.BadRequest, "request.malformed"));
    }

    private Task<CreatedRoom> MakeAsync(string assurance, string title = "A room") =>
        cluster.A.SendAsync<CreatedRoom>(HttpMethod.Post, "/api/rooms", null, new { title, assurance });
}
