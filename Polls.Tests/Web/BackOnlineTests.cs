using Microsoft.Playwright;
using Polls.Tests.Clients;
using Polls.Tests.Journeys;

namespace Polls.Tests.Web;

/// <summary>No page says that there is no connection when there is one.</summary>
[Collection(nameof(PhonePages))]
public sealed class BackOnlineTests(BreakableInstances cluster, Chromium chromium) : BrowserTest(cluster, chromium)
{
    [Fact]
    public async Task A_phone_that_joined_in_vain_joins_when_it_is_online_again()
    {
        var room = await Cluster.A.CreateRoomAsync(TestApi.Draft());
        var phone = await PhoneAsync(Cluster.A, $"/r/{room.Code}");
        await phone.LoseNetworkAsync();
        await phone.JoinButton.TapAsync();
        await phone.SaysAsync("offline");
        await phone.FindNetworkAsync();
        await phone.SaysNoMoreAsync("offline");
        await phone.SaysAsync("waiting");
    }

    [Fact]
    public async Task A_session_that_could_not_be_started_leaves_no_error_behind()
    {
        var desk = await DeskAsync(Cluster.A);
        await desk.Page.GetByLabel(desk.Text("roomTitle")).FillAsync("Friday");
        await desk.LoseNetworkAsync();
        await desk.ClickAsync("create");
        await desk.SaysAsync("offline");
        await desk.FindNetworkAsync();
        await desk.SaysNoMoreAsync("offline");
        await desk.ClickAsync("create");
        await desk.RoomAsync();
    }

    [Fact]
    public async Task Signing_in_without_a_connection_leaves_no_error_behind()
    {
        var desk = await DeskAsync(Cluster.A);
        await desk.ClickAsync("signIn");
        await desk.LoseNetworkAsync();
        await desk.SignInAsync(TestApi.NewEmail(), register: false);
        await IsOfflineForAWhileAsync(desk);
    }

    [Fact]
    public async Task The_dialogs_of_an_account_load_again_and_leave_no_error_behind()
    {
        var desk = await DeskAsync(Cluster.A);
        await desk.Page.Locator(".account-button").ClickAsync();
        await desk.SignInAsync(TestApi.NewEmail(), register: true);
        await Assertions.Expect(desk.Dialog).ToHaveCountAsync(0);
        await desk.StartRoomAsync("Town hall");
        await desk.GoAsync("/host");
        await desk.Button("coHostsNamed", "Town hall").WaitForAsync();
        await desk.LoseNetworkAsync();
        await desk.ClickAsync("coHostsNamed", "Town hall");
        await IsOfflineForAWhileAsync(desk);
        await desk.ClickInDialogAsync("makeLink");
        await desk.Page.GetByLabel(desk.Text("coHostLink")).WaitForAsync();
        await desk.Page.Keyboard.PressAsync("Escape");

        await desk.Page.Locator(".account-button").ClickAsync();
        await desk.Dialog.GetByText(desk.Text("inviteToRegister")).ClickAsync();
        await desk.LoseNetworkAsync();
        await desk.ClickInDialogAsync("makeLink");
        await IsOfflineForAWhileAsync(desk);
        await desk.ClickInDialogAsync("makeLink");
        await desk.Page.GetByLabel(desk.Text("registerLink")).WaitForAsync();
    }

    [Fact]
    public async Task Seat_codes_that_could_not_be_made_leave_no_error_behind()
    {
        var desk = await DeskAsync(Cluster.A);
        await desk.StartRoomAsync("The assembly", "perSeatCode");
        await desk.ClickAsync("seats");
        await desk.LoseNetworkAsync();
        await desk.MakeSeatsAsync("3");
        await IsOfflineForAWhileAsync(desk);
        await desk.ClickInDialogAsync("makeSeats");
        await desk.SaysAsync("seatsTaken", "0", "3");
    }

    private static async Task IsOfflineForAWhileAsync(Desk desk)
    {
        await Assertions.Expect(desk.Dialog).ToContainTextAsync(desk.Text("offline"));
        await desk.FindNetworkAsync();
        await Assertions.Expect(desk.Dialog).Not.ToContainTextAsync(desk.Text("offline"));
    }
}
