using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.Playwright;
using Polls.Tests.Accounts;
using Polls.Tests.Clients;
using Polls.Tests.Journeys;
using Polls.Tests.Servers;

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
    public async Task A_host_sees_where_the_account_is_signed_in_signs_a_device_out_and_deletes_the_account()
    {
        var (desk, email) = (await DeskAsync(Cluster.A), TestApi.NewEmail());
        await RegisterAsync(desk, email);
        var room = await desk.StartRoomAsync("Town hall");
        var (app, state) = await AuthenticatorApp.SetUpAsync(Cluster.A, (await Cluster.A.SignInAsync(email)).AccessToken);
        var other = await Cluster.B.SendAsync<AccessTokenResponse>(
            HttpMethod.Post, "/api/accounts/login", null, new { email, password = TestApi.Password, twoFactorCode = app.Next() });

        // The second factor ended the desk's first session.
        desk.Traffic.ExpectStatus(401);
        desk.Traffic.ExpectStatus(403);
        desk.Traffic.ExpectBrokenConnections();
        await desk.GoAsync("/host");
        await Assertions.Expect(desk.Page.Locator(".account-button")).ToHaveTextAsync(desk.Text("signIn"));
        await desk.Page.Locator(".account-button").ClickAsync();
        await desk.SignInAsync(email, register: false);
        await desk.Page.Locator("#account-code").FillAsync(app.Next());
        await desk.ClickInDialogAsync("signIn");
        await Assertions.Expect(desk.Page.Locator(".account-button")).ToHaveTextAsync(email);

        await desk.Page.Locator(".account-button").ClickAsync();
        await OpenPartAsync(desk, "places");
        await desk.SaysAsync("thisDevice");
        await desk.SaysAsync("unknownDevice");
        await desk.IsSoundAsync();
        (await Cluster.A.RefusalAsync(HttpMethod.Get, "/api/accounts/manage/info", other.AccessToken)).Code.ShouldBeNull();
        var button = desk.Button("signOutNamed", desk.Text("unknownDevice"));
        for (var left = await button.CountAsync(); left > 0; left--)
        {
            await button.First.ClickAsync();
            await Assertions.Expect(button).ToHaveCountAsync(left - 1);
        }

        (await Cluster.A.RefusalAsync(HttpMethod.Get, "/api/accounts/manage/info", other.AccessToken)).Code.ShouldBe("auth.required");

        await OpenPartAsync(desk, "deleteAccount");
        await desk.Page.Locator("#delete-password").FillAsync(TestApi.Password);
        await desk.Page.GetByLabel(desk.Text("deleteMyRooms")).CheckAsync();
        await desk.ClickInDialogAsync("deleteAccount");
        await desk.SaysAsync("codeRequired");
        await desk.IsSoundAsync();
        await desk.Page.Locator("#delete-code").FillAsync(state.RecoveryCodes![0]);
        await desk.ClickInDialogAsync("deleteAccount");
        await Assertions.Expect(desk.Page.Locator(".account-button")).ToHaveTextAsync(desk.Text("signIn"));
        (await AskAsync($"SELECT (SELECT count(*) FROM accounts WHERE email = '{email}') + (SELECT count(*) FROM rooms WHERE code = '{room.Code}')")).ShouldBe(["0"]);
    }

    [Fact]
    public async Task A_new_password_asks_for_the_code_of_the_second_factor_and_keeps_what_was_typed()
    {
        var (desk, email) = (await DeskAsync(Cluster.A), TestApi.NewEmail());
        desk.Traffic.ExpectStatus(401);
        var (app, _) = await AuthenticatorApp.SetUpAsync(Cluster.A, (await Cluster.A.RegisterAsync(email)).AccessToken);
        await desk.Page.Locator(".account-button").ClickAsync();
        await desk.SignInAsync(email, register: false);
        await desk.Page.Locator("#account-code").FillAsync(app.Next());
        await desk.ClickInDialogAsync("signIn");
        await Assertions.Expect(desk.Dialog).ToHaveCountAsync(0);

        await desk.Page.Locator(".account-button").ClickAsync();
        await OpenPartAsync(desk, "changePassword");
        await desk.Page.Locator("#old-password").FillAsync(TestApi.Password);
        await desk.Page.Locator("#new-password").FillAsync("another horse battery");
        await desk.ClickInDialogAsync("changePassword");
        await desk.SaysAsync("codeRequired");
        await Assertions.Expect(desk.Page.Locator("#new-password")).ToHaveValueAsync("another horse battery");
        await desk.IsSoundAsync();
        await desk.Page.Locator("#password-code").FillAsync(app.Next());
        await desk.ClickInDialogAsync("changePassword");
        await desk.SaysAsync("passwordChanged");
        await Assertions.Expect(desk.Page.Locator("#new-password")).ToHaveValueAsync("");
        (await Cluster.A.RefusalAsync(HttpMethod.Post, "/api/accounts/login", null, new { email, password = TestApi.Password })).Code.ShouldBe("account.signInFailed");
    }

    [Fact]
    public async Task Tabs_that_renew_their_tokens_at_the_same_time_stay_signed_in()
    {
        var (desk, email) = (await DeskAsync(Cluster.A), TestApi.NewEmail());
        await RegisterAsync(desk, email);
        // Both find the access token expired, on the device's clock.
        await desk.Page.EvaluateAsync("const key = 'polls.host.account'; localStorage.setItem(key, JSON.stringify({ ...JSON.parse(localStorage.getItem(key)), until: 0 }))");
        var second = await desk.Page.Context.NewPageAsync();
        await Task.WhenAll(desk.Page.ReloadAsync(), second.GotoAsync(desk.Page.Url));
        foreach (var page in (IPage[])[desk.Page, second])
        {
            await Assertions.Expect(page.Locator(".account-button")).ToHaveTextAsync(email);
            await Assertions.Expect(page.GetByText(desk.Text("noAccountRooms"))).ToBeVisibleAsync();
        }

        (await AskAsync($"SELECT renewals FROM account_sessions s JOIN accounts a ON a.id = s.account_id WHERE a.email = '{email}'")).ShouldBe(["1"]);
    }

    [Fact]
    public async Task A_host_signs_all_other_devices_out_of_a_session_and_goes_on_also_if_the_answer_is_lost()
    {
        var desk = await DeskAsync(Cluster.A);
        var room = await desk.StartRoomAsync("Town hall");
        await OpenDeviceAsync(desk);
        var link = new Uri(await desk.Page.GetByLabel(desk.Text("deviceLink")).InputValueAsync());
        await desk.IsSoundAsync();
        var other = await DeskAsync(Cluster.B, link.PathAndQuery + link.Fragment);
        await other.Page.Locator("#page-title", new() { HasText = "Town hall" }).WaitForAsync();
        other.Traffic.ExpectStatus(403);
        other.Traffic.ExpectBrokenConnections();
        desk.Traffic.ExpectStatus(403);
        desk.Traffic.ExpectBrokenConnections();

        // The first answer gets lost: the desk's own token no longer works then.
        var lost = 0;
        await desk.Page.RouteAsync("**/revoke-host-tokens", async route =>
        {
            if (Interlocked.Increment(ref lost) == 1)
            {
                await route.FetchAsync();
                await route.AbortAsync();
                return;
            }

            await route.ContinueAsync();
        });
        await desk.ClickInDialogAsync("otherDevices");
        await desk.IsSoundAsync();
        await desk.AgreeAsync("otherDevices");
        await other.SaysAsync("noRightHint");
        await Assertions.Expect(desk.Page.Locator("#page-title")).ToHaveTextAsync("Town hall");
        await Until.TrueAsync(() => lost >= 2, "the desk asks again");
        await OpenDeviceAsync(desk);
        var fresh = new Uri(await desk.Page.GetByLabel(desk.Text("deviceLink")).InputValueAsync());
        fresh.Fragment.ShouldNotBe(link.Fragment);
        (await Cluster.B.RefusalAsync(HttpMethod.Get, $"/api/rooms/{room.Code}/results", Uri.UnescapeDataString(fresh.Fragment["#token=".Length..]))).Code.ShouldBeNull();
        (await AskAsync($"SELECT host_token_series FROM rooms WHERE code = '{room.Code}'")).ShouldBe(["1"]);
    }

    [Fact]
    public async Task Signing_in_waits_for_a_busy_server()
    {
        var email = TestApi.NewEmail();
        await Cluster.A.RegisterAsync(email);
        var desk = await DeskAsync(Cluster.A);
        desk.Traffic.ExpectStatus(503);
        var asked = 0;
        await desk.Page.RouteAsync("**/api/accounts/login", route => Interlocked.Increment(ref asked) <= 2
            ? route.FulfillAsync(new()
            {
                Status = 503, ContentType = "application/problem+json", Body = """{"code":"busy"}""",
                Headers = new Dictionary<string, string> { ["Retry-After"] = "1" },
            })
            : route.ContinueAsync());
        await desk.Page.Locator(".account-button").ClickAsync();
        await desk.SignInAsync(email, register: false);
        await desk.Page.Locator("#account-password").WaitForAsync(new() { State = WaitForSelectorState.Detached });
        asked.ShouldBe(3);
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

    private static async Task OpenDeviceAsync(Desk desk)
    {
        await desk.ClickAsync("more");
        await desk.ClickInDialogAsync("device");
    }

    private static Task OpenPartAsync(Desk desk, string title) =>
        desk.Page.Locator("summary", new() { HasText = desk.Text(title) }).ClickAsync();

    private static async Task RegisterAsync(Desk desk, string email)
    {
        await desk.Page.Locator(".account-button").ClickAsync();
        await desk.SignInAsync(email, register: true);
        await Assertions.Expect(desk.Dialog).ToHaveCountAsync(0);
        await Assertions.Expect(desk.Page.Locator(".account-button")).ToHaveTextAsync(email);
    }
}
