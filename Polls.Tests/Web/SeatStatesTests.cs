using Polls.Api.Rooms;
using Polls.Tests.Clients;
using Polls.Tests.Journeys;

namespace Polls.Tests.Web;

/// <summary>Pages of a room with seat codes, in both themes and both text directions.</summary>
[Collection(nameof(HostPages))]
public sealed class SeatStatesTests(BreakableInstances cluster, Chromium chromium) : BrowserTest(cluster, chromium)
{
    private readonly Flaws flaws = new();

    // As in the other classes: one walk per language, whose states are inspected in all looks.
    public static TheoryData<Look[]> Phones => new([new(320, 568), new(390, 844, Dark: true)], [new(360, 740, Language: "ar")]);

    public static TheoryData<Look[]> Desks => new(
        [new(1280, 800), new(320, 640)], [new(390, 844, Dark: true, "ar")], [new(1280, 800, Dark: true, "de", Touch: false)]);

    public static TheoryData<Look[]> Screens => new(
        [new(1280, 720, Touch: false)], [new(1920, 1080, Dark: true, "ar", Touch: false)], [new(1024, 768, Language: "fr", Touch: false)]);

    [Theory]
    [MemberData(nameof(Phones))]
    public async Task Joining_with_a_seat_code_fits_a_phone_and_is_accessible(Look[] looks)
    {
        ArgumentNullException.ThrowIfNull(looks);
        var (room, seats) = await Cluster.A.SeatRoomAsync(2, TestApi.Draft("Shall we?"));
        var phone = await PhoneAsync(Cluster.A, $"/r/{room.Code}", looks[0]);
        phone.Traffic.ExpectStatus(404);
        phone.Traffic.ExpectStatus(409);
        await phone.Seat.WaitForAsync();
        await InspectAsync("an empty field");
        await phone.JoinButton.TapAsync();
        await phone.SaysAsync("seatMissing");
        await InspectAsync("no code");
        await phone.Seat.FillAsync("AAAAAAAA");
        await phone.JoinButton.TapAsync();
        await phone.SaysAsync("seatUnknown");
        await InspectAsync("an unknown code");
        await Cluster.A.SendAsync<JoinedRoom>(HttpMethod.Post, $"/api/rooms/{room.Code}/participants", null, new { seat = seats[0] });
        await phone.Seat.FillAsync(seats[0]);
        await phone.JoinButton.TapAsync();
        await phone.SaysAsync("seatTaken");
        await InspectAsync("a taken code");
        await phone.GoAsync($"/r/{room.Code}#seat={seats[1]}");
        await InspectAsync("a scanned code");
        await phone.JoinAsync();
        var poll = (await Cluster.A.StateAsync(room.Code, room.HostToken)).Polls[0].Id;
        await Cluster.A.DoAsync(room, poll, "open");
        await phone.VoteAsync("Option 1");
        await phone.ShowsCountsAsync(1, 0, 0);
        await phone.SaysAsync("perSeatCode");
        await InspectAsync("an open poll");
        await Cluster.A.DoAsync(room, poll, "close");
        await phone.SaysAsync("results");
        await phone.SaysAsync("perSeatCode");
        await InspectAsync("a result");
        flaws.ShouldBeNone();

        Task InspectAsync(string state) => flaws.InspectAsync(state, phone, looks);
    }

    [Theory]
    [MemberData(nameof(Desks))]
    public async Task The_desk_of_a_room_with_seat_codes_fits_and_is_accessible(Look[] looks)
    {
        ArgumentNullException.ThrowIfNull(looks);
        var desk = await DeskAsync(Cluster.A, look: looks[0]);
        await InspectAsync("the levels");
        var room = await desk.StartRoomAsync(LongTexts.Title, "perSeatCode");
        await desk.SaysAsync("seatsNone");
        await InspectAsync("no codes yet");
        await desk.ClickAsync("seats");
        await InspectAsync("the window without codes");
        await desk.MakeSeatsAsync("0");
        await desk.SaysAsync("badSeatCount", await desk.NumberAsync(2000));
        await InspectAsync("an invalid number");
        await desk.MakeSeatsAsync("30");
        await desk.SaysAsync("seatsTaken", await desk.NumberAsync(0), await desk.NumberAsync(30));
        await InspectAsync("the window with codes");
        await desk.ClickInDialogAsync("printSeats");
        (await desk.SlipsAsync()).Select(sheet => sheet.Count).ShouldBe([24, 6]);
        await InspectAsync("the pages to print");
        (await desk.PrintedPagesAsync()).ShouldBe(2);
        await desk.ClickAsync("toDesk");
        await desk.ClickAsync("qr");
        await desk.SaysAsync("qrSeats");
        await InspectAsync("the code to scan");
        await desk.AgreeAsync("close");
        var poll = await Cluster.A.WriteAsync(room, TestApi.Draft("Shall we?"));
        await Cluster.A.DoAsync(room, poll.Id, "open");
        await desk.SelectAsync("Shall we?");
        await desk.ShowsStateAsync("open");
        await desk.SaysAsync("perSeatCode");
        await InspectAsync("an open poll");
        flaws.ShouldBeNone();

        Task InspectAsync(string state) => flaws.InspectAsync(state, desk, looks);
    }

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task The_big_screen_of_a_room_with_seat_codes_fits_and_is_accessible(Look[] looks)
    {
        ArgumentNullException.ThrowIfNull(looks);
        var (room, _) = await Cluster.A.SeatRoomAsync(1, TestApi.Draft("Shall we?", 5, settings: new() { DurationSeconds = 3600 }), LongTexts.Poll);
        var polls = (await Cluster.A.StateAsync(room.Code, room.HostToken)).Polls;
        var screen = await ScreenAsync(Cluster.A, room, looks[0]);
        await screen.SaysAsync("seatNeeded");
        await InspectAsync("between polls");
        foreach (var poll in polls)
        {
            await Cluster.A.DoAsync(room, poll.Id, "open");
            await screen.SeesAsync(poll.Question);
            await screen.SaysAsync("perSeatCode");
            await screen.SaysAsync("seatNeeded");
            await InspectAsync(poll.Question);
        }

        flaws.ShouldBeNone();

        Task InspectAsync(string state) => flaws.InspectAsync(state, screen, looks);
    }
}
