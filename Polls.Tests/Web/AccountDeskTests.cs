using Microsoft.Playwright;
using Polls.Tests.Accounts;
using Polls.Tests.Clients;
using Polls.Tests.Journeys;

namespace Polls.Tests.Web;

/// <summary>The desk's account functions, through its user interface.</summary>
[Collection(nameof(HostPages))]
public sealed class AccountDeskTests(BreakableInstances cluster, Chromium chromium) : BrowserTest(cluster, chromium)
{
    [Fact]
    public async Task A_host_registers_starts_a_session_shares_it_ends_opens_and_deletes_it()
    {
        var (owner, email) = (await DeskAsync(Cluster.A), TestApi.NewEmail());
        await RegisterAsync(owner, email);
        await owner.SaysAsync("noAccountRooms");
        var room = await owner.StartRoomAsync("Town hall");
        await owner.GoAsync("/host");

        // A link makes somebody else a co-host, who opens the session on the other instance.
        await owner.ClickAsync("coHostsNamed", "Town hall");
        await owner.ClickInDialogAsync("makeLink");
        var link = await owner.Page.GetByLabel(owner.Text("coHostLink")).InputValueAsync();
        var other = await DeskAsync(Cluster.B, new Uri(link).PathAndQuery + new Uri(link).Fragment);
        other.Page.Url.ShouldNotContain("cohost");
        await other.SaysAsync("invitedToHost");
        await other.IsSoundAsync();
        var coHost = TestApi.NewEmail();
        await other.SignInAsync(coHost, register: true);
        await other.SaysAsync("asCoHost");
        await other.Page.Locator(".room-row a", new() { HasText = "Town hall" }).First.ClickAsync();
        (await other.RoomAsync()).Code.ShouldBe(room.Code);

        // After the removal, the co-host is disconnected.
        await owner.GoAsync("/host");
        await owner.ClickAsync("coHostsNamed", "Town hall");
        other.Traffic.ExpectStatus(403);
        other.Traffic.ExpectBrokenConnections();
        await owner.Button("removeCoHost", coHost).WaitForAsync();
        await owner.IsSoundAsync();
        await owner.ClickAsync("removeCoHost", coHost);
        await owner.Page.Keyboard.PressAsync("Escape");
        await other.SaysAsync("noRightHint");

        // Ended, reopened, and deleted with everything in it.
        await EndAsync(room);
        await owner.GoAsync("/host");
        await owner.ClickAsync("reopenRoomNamed", "Town hall");
        (await owner.RoomAsync()).Code.ShouldBe(room.Code);
        (await AskAsync($"SELECT count(*) FROM rooms WHERE code = '{room.Code}' AND ended_at IS NULL")).ShouldBe(["1"]);
        await owner.GoAsync("/host");
        await owner.ClickAsync("deleteRoomNamed", "Town hall");
        await owner.AgreeAsync("delete");
        await owner.SaysAsync("noAccountRooms");
        (await AskAsync($"SELECT count(*) FROM rooms WHERE title = 'Town hall' AND code = '{room.Code}'")).ShouldBe(["0"]);
    }

    [Fact]
    public async Task A_second_factor_is_enabled_at_the_desk_and_required_on_the_next_device()
    {
        var (desk, email) = (await DeskAsync(Cluster.A), TestApi.NewEmail());
        await RegisterAsync(desk, email);
        await desk.Page.Locator(".account-button").ClickAsync();
        await desk.Page.Locator("summary", new() { HasText = desk.Text("twoFactor") }).ClickAsync();
        var app = new AuthenticatorApp(await desk.Page.GetByLabel(desk.Text("sharedKey")).InputValueAsync());
        await desk.IsSoundAsync();
        await desk.Page.Locator("#factor-code").FillAsync(app.Next());
        await desk.ClickInDialogAsync("turnOn");
        await desk.SaysAsync("recoveryHint");
        await desk.IsSoundAsync();
        await desk.ClickInDialogAsync("signOut");

        var next = await DeskAsync(Cluster.B);
        next.Traffic.ExpectStatus(401);
        await next.Page.Locator(".account-button").ClickAsync();
        await next.SignInAsync(email, register: false);
        await next.Page.Locator("#account-code").FillAsync(app.Next());
        await next.IsSoundAsync();
        await next.ClickInDialogAsync("signIn");
        await next.SaysAsync("noAccountRooms");
    }

    [Fact]
    public async Task A_wrong_password_shows_a_message_and_keeps_the_input()
    {
        var desk = await DeskAsync(Cluster.A);
        desk.Traffic.ExpectStatus(401);
        await desk.Page.Locator(".account-button").ClickAsync();
        await desk.SignInAsync(TestApi.NewEmail(), register: false);
        await desk.SaysAsync("signInFailed");
        await desk.IsSoundAsync();
        await Assertions.Expect(desk.Page.Locator("#account-password")).ToHaveValueAsync(TestApi.Password);
    }

    private static async Task RegisterAsync(Desk desk, string email)
    {
        await desk.Page.Locator(".account-button").ClickAsync();
        await desk.SignInAsync(email, register: true);
        await Assertions.Expect(desk.Dialog).ToHaveCountAsync(0);
        await Assertions.Expect(desk.Page.Locator(".account-button")).ToHaveTextAsync(email);
    }
}
