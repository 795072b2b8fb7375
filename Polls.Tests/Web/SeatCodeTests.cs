using Microsoft.Playwright;
using Polls.Api.Seats;
using Polls.Tests.Clients;
using Polls.Tests.Journeys;

namespace Polls.Tests.Web;

/// <summary>Joining with the seat code from a slip of paper: scanned or typed, once.</summary>
[Collection(nameof(PhonePages))]
public sealed class SeatCodeTests(BreakableInstances cluster, Chromium chromium) : BrowserTest(cluster, chromium)
{
    [Fact]
    public async Task The_link_of_a_slip_joins_with_one_tap_and_is_removed_from_the_address()
    {
        var (room, seats) = await Cluster.A.SeatRoomAsync(2, TestApi.Draft());
        var poll = (await Cluster.A.StateAsync(room.Code, room.HostToken)).Polls[0].Id;
        await Cluster.A.DoAsync(room, poll, "open");
        var phone = await PhoneAsync(Cluster.B, $"/r/{room.Code}#seat={seats[0]}");
        await Assertions.Expect(phone.Seat).ToHaveValueAsync(seats[0]);
        phone.Page.Url.ShouldEndWith($"/r/{room.Code}");

        // A reload while joining does not use up the code.
        await phone.ReloadAsync();
        await Assertions.Expect(phone.Seat).ToHaveValueAsync(seats[0]);
        await phone.JoinAsync();
        (await phone.Page.EvaluateAsync<string[]>("() => Object.values(localStorage)")).ShouldAllBe(kept => !kept.Contains(seats[0]));
        await phone.VoteAsync("Option 2");
        await phone.CountedAsync("Option 2");
        await phone.ShowsTallyAsync(1, 0, 1, 0);

        // A participant stays in the room and uses no second code, whatever is scanned.
        await phone.GoAsync("/");
        await phone.GoAsync($"/r/{room.Code}#seat={seats[1]}");
        await phone.CountedAsync("Option 2");
        phone.Page.Url.ShouldEndWith($"/r/{room.Code}");
        (await StoredAsync(room.RoomId)).ShouldBe((1, 1));
    }

    [Fact]
    public async Task A_lost_response_does_not_use_up_the_code()
    {
        var (room, seats) = await Cluster.A.SeatRoomAsync(1);
        var phone = await PhoneAsync(Cluster.A, $"/r/{room.Code}#seat={seats[0]}");
        phone.Traffic.ExpectBrokenConnections();
        var lost = 0;
        await phone.Page.RouteAsync("**/participants", async route =>
        {
            if (lost++ > 0)
            {
                await route.ContinueAsync();
                return;
            }

            (await route.FetchAsync()).Status.ShouldBe(201);
            await route.AbortAsync();
        });
        await phone.JoinAsync();
        await phone.SaysAsync("waiting");
        lost.ShouldBe(2);
        (await StoredAsync(room.RoomId)).ShouldBe((1, 1));
    }

    [Fact]
    public async Task The_link_of_another_slip_replaces_the_code_on_an_open_page()
    {
        var (room, seats) = await Cluster.A.SeatRoomAsync(2);
        var phone = await PhoneAsync(Cluster.A, $"/r/{room.Code}#seat={seats[0]}");
        await Assertions.Expect(phone.Seat).ToHaveValueAsync(seats[0]);
        await phone.GoAsync($"/r/{room.Code}#seat={seats[1]}");
        await Assertions.Expect(phone.Seat).ToHaveValueAsync(seats[1]);
        phone.Page.Url.ShouldNotContain("seat");
    }

    [Fact]
    public async Task A_code_is_understood_however_it_is_typed_and_shown_as_on_the_slip()
    {
        var (room, seats) = await Cluster.A.SeatRoomAsync(1);
        var phone = await PhoneAsync(Cluster.A, $"/r/{room.Code}");
        var (typed, shown) = (phone.Seat, Assertions.Expect(phone.Seat));
        await shown.ToBeFocusedAsync();
        await typed.PressSequentiallyAsync("o i-l u9");
        await shown.ToHaveValueAsync("011V-9");

        // The caret stays in the middle where the user types.
        await typed.EvaluateAsync("(input) => input.setSelectionRange(1, 1)");
        await phone.Page.Keyboard.TypeAsync("xy");
        await shown.ToHaveValueAsync("0XY1-1V9");
        (await typed.EvaluateAsync<int>("(input) => input.selectionStart")).ShouldBe(3);
        for (var i = 0; i < 2; i++)
        {
            await phone.Page.Keyboard.PressAsync("Backspace");
        }

        await shown.ToHaveValueAsync("011V-9");
        await typed.FillAsync("٣۴ＡＢ");
        await shown.ToHaveValueAsync("34AB");
        await typed.FillAsync($"{room.JoinUrl}#seat={seats[0].ToLowerInvariant()}");
        await shown.ToHaveValueAsync(seats[0]);
        await typed.FillAsync("");
        await typed.PressSequentiallyAsync($"{seats[0][..4]} {seats[0][5..]}X".ToLowerInvariant());
        await shown.ToHaveValueAsync(seats[0]);
        await typed.PressAsync("Enter");
        await phone.SaysAsync("waiting");
        (await StoredAsync(room.RoomId)).ShouldBe((1, 1));
    }

    [Fact]
    public async Task A_missing_short_unknown_or_taken_code_is_reported_and_can_be_corrected()
    {
        var (room, seats) = await Cluster.A.SeatRoomAsync(2);
        var first = await PhoneAsync(Cluster.A, $"/r/{room.Code}#seat={seats[0]}");
        await first.JoinAsync("Ann");
        var phone = await PhoneAsync(Cluster.B, $"/r/{room.Code}");
        phone.Traffic.ExpectStatus(404);
        phone.Traffic.ExpectStatus(409);

        await phone.JoinButton.TapAsync();
        await SaysAsync("seatMissing");
        await phone.Seat.FillAsync("ABCD");
        await Assertions.Expect(phone.Page.Locator("#seat-error")).ToBeEmptyAsync();
        await phone.JoinButton.TapAsync();
        await SaysAsync("seatShort");
        await phone.Seat.FillAsync("AAAAAAAA");
        await phone.JoinButton.TapAsync();
        await SaysAsync("seatUnknown");
        await phone.Seat.FillAsync(seats[0]);
        await phone.JoinButton.TapAsync();
        await SaysAsync("seatTaken");
        (await StoredAsync(room.RoomId)).ShouldBe((1, 1));

        await phone.Seat.FillAsync(seats[1]);
        await phone.JoinAsync();
        await phone.SaysAsync("waiting");
        (await StoredAsync(room.RoomId)).ShouldBe((2, 2));

        // The link with a used code: a message says so, and the code is not offered again.
        var late = await PhoneAsync(Cluster.B, $"/r/{room.Code}#seat={seats[0]}");
        late.Traffic.ExpectStatus(409);
        await late.JoinButton.TapAsync();
        await late.SaysAsync("seatTaken");
        await late.ReloadAsync();
        await Assertions.Expect(late.Seat).ToHaveValueAsync("");

        async Task SaysAsync(string textName)
        {
            await phone.SaysAsync(textName);
            await Assertions.Expect(phone.Seat).ToBeFocusedAsync();
            await Assertions.Expect(phone.Seat).ToHaveAttributeAsync("aria-invalid", "true");
        }
    }

    [Theory]
    [InlineData("device", "perDevice")]
    [InlineData("open", "perAnyone")]
    [InlineData("seatCode", "perSeatCode")]
    [InlineData("account", "perAccount")]
    public async Task All_pages_show_the_level_of_assurance_next_to_the_result(string level, string textName)
    {
        var room = await Cluster.A.CreateRoomAsync(level, "A room", TestApi.Draft());
        var poll = (await Cluster.A.StateAsync(room.Code, room.HostToken)).Polls[0].Id;
        var seats = level == "seatCode"
            ? (await Cluster.A.SendAsync<SeatList>(HttpMethod.Post, $"/api/rooms/{room.Code}/seats", room.HostToken, new { count = 1 })).Seats
            : [];
        var screen = await ScreenAsync(Cluster.B, room);
        await screen.SaysAsync("waiting");
        await Assertions.Expect(screen.Page.GetByText(screen.Text("seatNeeded"))).ToHaveCountAsync(seats.Count);
        var desk = await DeskAsync(Cluster.A, room);
        var phone = await PhoneAsync(Cluster.B, seats.Count == 0 ? $"/r/{room.Code}" : seats[0].Url.PathAndQuery + seats[0].Url.Fragment);
        await Assertions.Expect(phone.Seat).ToHaveCountAsync(seats.Count);
        if (level == "account")
        {
            await phone.SignInAsync(TestApi.NewEmail(), register: true);
        }

        await phone.JoinAsync();
        await Cluster.A.DoAsync(room, poll, "open");
        await phone.VoteAsync("Option 1");
        await EachAsync([phone, desk, screen], SaysItAsync);
        await Assertions.Expect(screen.Page.GetByText(screen.Text("seatNeeded"))).ToHaveCountAsync(seats.Count);
        await Cluster.A.DoAsync(room, poll, "close");
        await phone.SaysAsync("results");
        await EachAsync([phone, desk, screen], SaysItAsync);

        async Task SaysItAsync(Tab tab)
        {
            await tab.ShowsTallyAsync(1, 1, 0, 0);
            await Assertions.Expect(tab.Page.Locator(".assurance")).ToHaveTextAsync([tab.Text(textName)]);
        }
    }

    private async Task<(long Participants, long Taken)> StoredAsync(Guid room) => (
        await Cluster.CountAsync($"SELECT count(*) FROM participants WHERE room_id = '{room}'"),
        await Cluster.CountAsync($"SELECT count(*) FROM seats WHERE room_id = '{room}' AND taken_at IS NOT NULL"));
}
