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
        await Assertions.Expect(desk.Dialog).ToContainTextAsync(desk.Text("offline"));
        await desk.FindNetworkAsync();
        await Assertions.Expect(desk.Dialog).Not.ToContainTextAsync(desk.Text("offline"));
    }
}
