using Microsoft.Playwright;
using Polls.Tests.Clients;
using Polls.Tests.Journeys;

namespace Polls.Tests.Web;

/// <summary>A host who deletes the session at the desk.</summary>
[Collection(nameof(HostPages))]
public sealed class DeleteRoomTests(BreakableInstances cluster, Chromium chromium) : BrowserTest(cluster, chromium)
{
    [Fact]
    public async Task Deleting_from_the_menu_ends_the_session_for_everyone_and_deletes_its_votes()
    {
        var desk = await DeskAsync(Cluster.A);
        var room = await desk.StartRoomAsync("A trial run");
        var poll = await Cluster.A.WriteAsync(room, TestApi.Draft());
        await Cluster.A.DoAsync(room, poll.Id, "open");
        var phone = await JoinedPhoneAsync(Cluster.B, room);
        var screen = await ScreenAsync(Cluster.B, room);
        await phone.VoteAsync("Option 1");
        await phone.CountedAsync("Option 1");

        // Cancelling deletes nothing.
        await desk.ChooseAsync("deleteRoom");
        await desk.SaysAsync("deleteRoomAsk", "A trial run");
        await desk.AgreeAsync("cancel");
        (await LeftAsync()).ShouldBe(1);
        await desk.ShowsTallyAsync(1, 1, 0, 0);

        // Their connections are closed, and their tokens are invalid from then on.
        foreach (var tab in new Tab[] { desk, phone, screen })
        {
            tab.Traffic.ExpectBrokenConnections();
            tab.Traffic.ExpectStatus(401);
            tab.Traffic.ExpectStatus(404);
        }

        await desk.ChooseAsync("deleteRoom");
        await desk.AgreeAsync("delete");
        await Assertions.Expect(desk.Page).ToHaveURLAsync(new Uri(Cluster.A.Address, "/host").AbsoluteUri);
        await desk.SaysAsync("noRooms");
        await EachAsync([phone, screen], tab => tab.SaysAsync("ended"));
        (await LeftAsync()).ShouldBe(0);
        (await Cluster.CountAsync($"SELECT count(*) FROM votes WHERE poll_id = '{poll.Id}'")).ShouldBe(0);

        // The room cannot be found any more, even if a connection is established and its close arrives later.
        await phone.HearOfTheEndLateAsync();
        await phone.ReloadAsync();
        await phone.SaysAsync("noRoom");
        await desk.Page.GoBackAsync();
        await desk.SaysAsync("noRightHint");

        Task<long> LeftAsync() => Cluster.CountAsync($"SELECT count(*) FROM rooms WHERE code = '{room.Code}'");
    }

    [Fact]
    public async Task An_ended_session_can_be_deleted_too()
    {
        var desk = await DeskAsync(Cluster.A);
        var room = await desk.StartRoomAsync("Yesterday");
        await EndAsync(room);
        await desk.SaysAsync("ended");
        await desk.ChooseAsync("deleteRoom");
        await desk.AgreeAsync("delete");
        await desk.SaysAsync("noRooms");
        (await Cluster.CountAsync($"SELECT count(*) FROM rooms WHERE title = 'Yesterday' AND code = '{room.Code}'")).ShouldBe(0);
    }
}
