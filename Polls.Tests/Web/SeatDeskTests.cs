using Microsoft.Playwright;
using Polls.Api.Rooms;
using Polls.Api.Seats;
using Polls.Tests.Journeys;

namespace Polls.Tests.Web;

/// <summary>
/// A host who must know that each person votes once: choosing the level, creating seat codes, printing them.
/// </summary>
[Collection(nameof(HostPages))]
public sealed class SeatDeskTests(BreakableInstances cluster, Chromium chromium) : BrowserTest(cluster, chromium)
{
    [Theory]
    [InlineData(null, "device")]
    [InlineData("perDevice", "device")]
    [InlineData("perAnyone", "open")]
    [InlineData("perSeatCode", "seatCode")]
    [InlineData("perAccount", "account")]
    public async Task A_room_gets_the_level_that_its_host_chose(string? choice, string level)
    {
        var desk = await DeskAsync(Cluster.A);
        var room = await desk.StartRoomAsync("All hands", choice);
        var summary = await Cluster.B.SendAsync<RoomSummary>(HttpMethod.Get, $"/api/rooms/{room.Code}");
        $"{summary.Assurance}".ShouldBe(level, StringCompareShould.IgnoreCase);
        await Assertions.Expect(desk.Page.Locator(".seat-bar")).ToHaveCountAsync(level == "seatCode" ? 1 : 0);
        await desk.ClickAsync("more");
        await Assertions.Expect(desk.Dialog.GetByText(desk.Text("seats"), new() { Exact = true })).ToHaveCountAsync(level == "seatCode" ? 1 : 0);
    }

    [Fact]
    public async Task A_host_makes_codes_sees_them_taken_and_prints_the_free_ones()
    {
        var desk = await DeskAsync(Cluster.A);
        var room = await desk.StartRoomAsync("The assembly", "perSeatCode");
        await desk.SaysAsync("seatsNone");
        await desk.ClickAsync("seats");
        foreach (var senseless in new[] { "", "0", "2001", "ten", "1.5" })
        {
            await desk.MakeSeatsAsync(senseless);
            await desk.SaysAsync("badSeatCount", await desk.NumberAsync(2000));
            await desk.Page.Locator("#seats-more").FillAsync("1");
            await Assertions.Expect(desk.Page.Locator("#seats-error")).ToBeEmptyAsync();
        }

        await desk.MakeSeatsAsync("25");
        await desk.SaysAsync("seatsTaken", "0", "25");
        await desk.SeesAsync("25 codes are ready.");
        await desk.MakeSeatsAsync("٥");
        await desk.SaysAsync("seatsTaken", "0", "30");
        await desk.SaysAsync("seatsNeeded");

        var seats = await SeatsAsync(room);
        var phone = await PhoneAsync(Cluster.B, $"/r/{room.Code}#seat={seats[3].Code}");
        await phone.JoinAsync();
        await desk.SaysAsync("seatsTaken", "1", "30");
        await JoinWithAsync(room, seats.Skip(4).Take(4).Select(seat => seat.Code));

        await desk.ClickInDialogAsync("printSeats");
        var slips = await desk.SlipsAsync();
        slips.Select(sheet => sheet.Count).ShouldBe([24, 1]);
        slips.SelectMany(sheet => sheet).ShouldBe(seats.Where(seat => seat.Number is < 4 or > 8).Select(seat => seat.Code));
        await desk.SeesAsync("2 A4 pages");
        (await desk.PrintedPagesAsync()).ShouldBe(2);
        await desk.Page.EvaluateAsync("() => { window.print = () => { window.printed = true; }; }");
        await desk.ClickAsync("print");
        await desk.Page.WaitForFunctionAsync("() => window.printed");

        await desk.ClickAsync("toDesk");
        await Assertions.Expect(desk.Page.Locator("#seats")).ToBeFocusedAsync();
        await desk.SaysAsync("noPolls");
    }

    [Fact]
    public async Task Codes_taken_while_the_pages_are_fetched_do_not_remove_the_slips_of_other_codes()
    {
        var (room, codes) = await Cluster.A.SeatRoomAsync(30);
        var desk = await DeskAsync(Cluster.A, room);
        var joined = false;
        await desk.Page.RouteAsync("**/seats/sheets/2.svg", async route =>
        {
            if (!joined)
            {
                joined = true;
                await JoinWithAsync(room, codes.Take(5));
            }

            await route.ContinueAsync();
        });
        await desk.ClickAsync("seats");
        await desk.ClickInDialogAsync("printSeats");
        (await desk.SlipsAsync()).SelectMany(sheet => sheet).ShouldBe(codes.Skip(5));
        joined.ShouldBeTrue();
    }

    [Fact]
    public async Task Refusals_by_the_server_are_shown_in_the_dialog_for_seat_codes()
    {
        var (room, _) = await Cluster.A.SeatRoomAsync(1);
        await Cluster.Cluster.Postgres.ExecuteAsync(
            $"INSERT INTO seats (room_id, code, number, told) SELECT '{room.RoomId}', lpad(i::text, 8, '0'), i, false FROM generate_series(2, 10000) i");
        var desk = await DeskAsync(Cluster.A, room);
        desk.Traffic.ExpectStatus(409);
        await desk.ClickAsync("seats");
        await desk.SaysAsync("seatsTaken", "0", await desk.NumberAsync(10_000));
        await desk.MakeSeatsAsync("1");
        await desk.SaysAsync("tooManySeats", await desk.NumberAsync(10_000));
    }

    private async Task JoinWithAsync(CreatedRoom room, IEnumerable<string> seats)
    {
        foreach (var seat in seats)
        {
            await Cluster.B.SendAsync<JoinedRoom>(HttpMethod.Post, $"/api/rooms/{room.Code}/participants", null, new { seat });
        }
    }

    private async Task<IReadOnlyList<Seat>> SeatsAsync(CreatedRoom room) =>
        (await Cluster.B.SendAsync<SeatList>(HttpMethod.Get, $"/api/rooms/{room.Code}/seats", room.HostToken)).Seats;
}
