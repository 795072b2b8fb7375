using System.Text.Json.Nodes;
using Polls.Api.Rooms;
using Polls.Tests.Clients;
using Polls.Tests.Journeys;

namespace Polls.Tests.Web;

/// <summary>Joining a room that requires accounts: the phone signs in on the desk's page and returns.</summary>
[Collection(nameof(PhonePages))]
public sealed class AccountJoinTests(BreakableInstances cluster, Chromium chromium) : BrowserTest(cluster, chromium)
{
    [Fact]
    public async Task A_phone_signs_in_returns_and_votes_and_the_same_account_on_another_device_is_the_same_voter()
    {
        var (room, poll) = await OpenRoomAsync();
        var email = await NewAccountAsync();
        var phone = await PhoneAsync(Cluster.A, $"/r/{room.Code}");
        await phone.SaysAsync("accountNeeded");
        await phone.SignInAsync(email);
        phone.Page.Url.ShouldEndWith($"/r/{room.Code}");
        await phone.SaysNoMoreAsync("accountNeeded");
        await phone.JoinAsync("Ann");
        await phone.VoteAsync("Option 1");
        await phone.CountedAsync("Option 1");

        var tablet = await PhoneAsync(Cluster.B, $"/r/{room.Code}");
        await tablet.SignInAsync(email);
        await tablet.JoinAsync();
        await tablet.ChosenAsync("Option 1");
        await tablet.VoteAsync("Option 2");
        await tablet.CountedAsync("Option 2");
        await EachAsync([phone, tablet], tab => tab.ShowsTallyAsync(1, 0, 1, 0));
        (await Cluster.TallyAsync(poll)).ShouldBe([1, 0, 1, 0]);
        (await JoinedAsync(room)).ShouldBe(1);
    }

    [Fact]
    public async Task Cancelling_the_sign_in_leads_back_to_a_page_where_it_can_be_repeated()
    {
        var (room, _) = await OpenRoomAsync();
        var phone = await PhoneAsync(Cluster.A, $"/r/{room.Code}");
        var desk = await phone.GoToSignInAsync();
        await desk.ClickInDialogAsync("close");
        await phone.IsBackAsync();
        await phone.SaysAsync("accountNeeded");

        // The browser's own back navigation.
        await phone.GoToSignInAsync();
        await phone.Page.GoBackAsync();
        await phone.IsBackAsync();
        await phone.SaysAsync("accountNeeded");
        (await JoinedAsync(room)).ShouldBe(0);
        await phone.SignInAsync(await NewAccountAsync());
        await phone.JoinAsync();
        (await JoinedAsync(room)).ShouldBe(1);
    }

    [Fact]
    public async Task On_a_device_with_another_account_one_can_sign_out_and_join_with_the_own_account()
    {
        var (room, poll) = await OpenRoomAsync();
        var (ann, bob) = (await NewAccountAsync(), await NewAccountAsync());
        var phone = await PhoneAsync(Cluster.A, $"/r/{room.Code}");
        await phone.SignInAsync(ann);
        var desk = await phone.GoToSignInAsync("notYou");
        (await phone.AccountAsync()).ShouldBeNull();
        await desk.SignInAsync(bob, register: false);
        await phone.IsBackAsync();
        await phone.SeesAsync(bob);
        await phone.SeesNoMoreAsync(ann);
        await phone.JoinAsync();
        await phone.VoteAsync("Option 3");
        await phone.CountedAsync("Option 3");

        // Ann still has her vote.
        var other = await PhoneAsync(Cluster.B, $"/r/{room.Code}");
        await other.SignInAsync(ann);
        await other.JoinAsync();
        await other.ChosenAsync();
        await other.VoteAsync("Option 3");
        await other.CountedAsync("Option 3");
        await EachAsync([phone, other], tab => tab.ShowsTallyAsync(2, 0, 0, 2));
        (await Cluster.TallyAsync(poll)).ShouldBe([2, 0, 0, 2]);
    }

    [Fact]
    public async Task A_phone_with_an_account_that_has_outdated_room_data_joins_with_its_account()
    {
        var (before, _) = await OpenRoomAsync();
        var (room, _) = await OpenRoomAsync();
        var email = await NewAccountAsync();
        var phone = await PhoneAsync(Cluster.A, $"/r/{before.Code}");
        await phone.SignInAsync(email);
        await IsTakenForAsync(phone, room, "device");
        await phone.GoAsync($"/r/{room.Code}");
        await phone.JoinButton.WaitForAsync();
        await phone.SeesNoMoreAsync(email);
        phone.Traffic.ExpectStatus(401);
        await phone.JoinAsync();
        (await phone.AccountAsync()).ShouldBe(email);
        (await JoinedAsync(room)).ShouldBe(1);
    }

    [Fact]
    public async Task A_phone_without_an_account_that_has_outdated_room_data_is_sent_to_the_sign_in()
    {
        var (room, _) = await OpenRoomAsync();
        var phone = await NewPhoneAsync(Cluster.A, Look.Phone);
        await IsTakenForAsync(phone, room, "device");
        await phone.GoAsync($"/r/{room.Code}");
        phone.Traffic.ExpectStatus(401);
        var desk = await phone.GoToSignInAsync("join");
        await desk.SignInAsync(await NewAccountAsync(), register: false);
        await phone.IsBackAsync();
        await phone.JoinAsync();
        (await JoinedAsync(room)).ShouldBe(1);
    }

    [Fact]
    public async Task An_account_that_was_signed_out_everywhere_is_asked_to_sign_in_again()
    {
        var (room, _) = await OpenRoomAsync();
        var email = await NewAccountAsync();
        var phone = await PhoneAsync(Cluster.A, $"/r/{room.Code}");
        await phone.SignInAsync(email);
        var elsewhere = await Cluster.B.SignInAsync(email);
        (await Cluster.B.RefusalAsync(HttpMethod.Post, "/api/accounts/logout-everywhere", elsewhere.AccessToken)).Code.ShouldBeNull();
        phone.Traffic.ExpectStatus(401);
        var desk = await phone.GoToSignInAsync("join");
        (await phone.AccountAsync()).ShouldBeNull();
        await desk.SignInAsync(email, register: false);
        await phone.IsBackAsync();
        await phone.JoinAsync();
        (await JoinedAsync(room)).ShouldBe(1);
    }

    private async Task<(CreatedRoom Room, Guid Poll)> OpenRoomAsync()
    {
        var room = await Cluster.A.CreateRoomAsync("account", "The members", TestApi.Draft());
        var poll = (await Cluster.A.StateAsync(room.Code, room.HostToken)).Polls[0].Id;
        await Cluster.A.DoAsync(room, poll, "open");
        return (room, poll);
    }

    private async Task<string> NewAccountAsync()
    {
        var email = TestApi.NewEmail();
        await Cluster.B.RegisterAsync(email);
        return email;
    }

    private Task<long> JoinedAsync(CreatedRoom room) =>
        Cluster.CountAsync($"SELECT count(*) FROM participants WHERE room_id = '{room.RoomId}'");

    /// <summary>The room code on the phone belongs to an earlier room with this level.</summary>
    private static async Task IsTakenForAsync(Phone phone, CreatedRoom room, string level) =>
        await phone.Page.RouteAsync($"**/api/rooms/{room.Code}", async route =>
        {
            var answer = await route.FetchAsync();
            var summary = JsonNode.Parse(await answer.TextAsync())!;
            summary["assurance"]!.GetValue<string>().ShouldBe("account");
            summary["assurance"] = level;
            await route.FulfillAsync(new() { Response = answer, Body = summary.ToJsonString() });
        });
}
