using Microsoft.Playwright;
using Polls.Core.Rooms;
using Polls.Tests.Journeys;

namespace Polls.Tests.Web;

/// <summary>A host who is warned of ballot stuffing and acts, and what everybody then reads.</summary>
[Collection(nameof(HostPages))]
public sealed class BallotStuffingPagesTests(BreakableInstances cluster, Chromium chromium) : BrowserTest(cluster, chromium)
{
    private readonly Flaws flaws = new();

    public static TheoryData<Look[], Look[], Look[]> Looks => new()
    {
        { [new(1280, 800), new(320, 640)], [new(320, 568)], [new(1280, 720, Touch: false)] },
        { [new(390, 844, Dark: true, "ar")], [new(360, 740, Language: "ar")], [new(1920, 1080, Dark: true, "ar", Touch: false)] },
        { [new(1280, 800, Dark: true, "de", Touch: false)], [new(390, 844, Dark: true, "de")], [new(1024, 768, Language: "fr", Touch: false)] },
    };

    [Theory]
    [MemberData(nameof(Looks))]
    public async Task A_host_is_warned_locks_the_room_discards_the_votes_and_restores_them(Look[] desks, Look[] phones, Look[] screens)
    {
        ArgumentNullException.ThrowIfNull(desks);
        ArgumentNullException.ThrowIfNull(phones);
        ArgumentNullException.ThrowIfNull(screens);
        var (room, poll) = await Cluster.OpenRoomAsync();
        var phone = await JoinedPhoneAsync(Cluster.B, room, phones[0]);
        await phone.VoteAsync("Option 3");
        await phone.ShowsCountsAsync(0, 0, 1);
        for (var i = 0; i < Attendance.LeastSuspicious; i++)
        {
            var script = await Cluster.A.JoinAsync(room.Code);
            await Cluster.A.VoteAsync(room.Code, poll, script.Token, 1, 0);
        }

        await Cluster.JoinedBeforeAsync(room);
        await Servers.Until.TrueAsync(
            async () => (await AskAsync($"SELECT count(*) FROM participants WHERE room_id = '{room.RoomId}' AND connected"))[0] == "1", "the phone is recorded");
        var screen = await ScreenAsync(Cluster.A, room, screens[0]);
        await screen.ShowsCountsAsync(20, 0, 1);
        var desk = await DeskAsync(Cluster.A, room, desks[0]);
        await Assertions.Expect(desk.Page.Locator(".people-bar.warning")).ToBeVisibleAsync();
        await InspectAsync("a warning", desk, desks);
        await desk.Page.Locator(".people-bar.warning .button").ClickAsync();
        await Assertions.Expect(desk.Dialog.Locator(".join-minutes tbody tr")).Not.ToHaveCountAsync(0);
        await InspectAsync("people", desk, desks);
        await desk.ClickInDialogAsync("lockJoining");
        await screen.SaysAsync("joiningLocked");
        await InspectAsync("locked", screen, screens);

        await desk.Page.Locator("#discard-votes").ClickAsync();
        await InspectAsync("a question", desk, desks);
        await desk.ClickInDialogAsync("discardVotes");
        await screen.ShowsCountsAsync(0, 0, 1);
        await phone.ShowsCountsAsync(0, 0, 1);
        await Assertions.Expect(screen.Page.Locator(".discarded")).ToBeVisibleAsync();
        await Assertions.Expect(phone.Page.Locator(".discarded")).ToBeVisibleAsync();
        // In one column, the desk shows the list of polls.
        await Assertions.Expect(desk.Page.Locator(".discarded")).ToHaveCountAsync(1);

        await Assertions.Expect(desk.Dialog.Locator(".discards li")).ToHaveCountAsync(1);
        await InspectAsync("discarded", desk, desks);
        await InspectAsync("discarded", screen, screens);
        await InspectAsync("discarded", phone, phones);

        var late = await PhoneAsync(Cluster.B, $"/r/{room.Code}", phones[0]);
        late.Traffic.ExpectStatus(409);
        await late.SaysAsync("joiningLocked");
        await InspectAsync("joining is locked", late, phones);
        await late.JoinButton.TapAsync();
        await late.SaysAsync("joiningLocked");
        await desk.ClickInDialogAsync("unlockJoining");
        await late.JoinAsync();

        await desk.ClickInDialogAsync("restore");
        await screen.ShowsCountsAsync(20, 0, 1);
        await Assertions.Expect(phone.Page.Locator(".discarded")).ToHaveCountAsync(0);
        await phone.SaysAsync("counted");
        flaws.ShouldBeNone();

        Task InspectAsync(string state, Tab tab, Look[] looks) => flaws.InspectAsync(state, tab, looks);
    }

    [Fact]
    public async Task A_person_whose_vote_is_discarded_is_told_so_until_it_counts_again()
    {
        var (room, poll) = await Cluster.OpenRoomAsync();
        var phone = await JoinedPhoneAsync(Cluster.B, room);
        await phone.VoteAsync("Option 2");
        await phone.SaysAsync("counted");
        var discard = await Cluster.A.SendAsync<Discard>(
            HttpMethod.Post, $"/api/rooms/{room.Code}/discards", room.HostToken, new { joinedUntil = DateTimeOffset.UtcNow.AddMinutes(1) });
        await phone.SaysAsync("voteDiscarded");
        await Assertions.Expect(phone.Option("Option 2")).ToHaveAttributeAsync("aria-pressed", "false");
        await phone.Option("Option 1").TapAsync();
        await phone.SaysAsync("voteDiscarded");
        await Cluster.A.SendAsync<Discard>(HttpMethod.Post, $"/api/rooms/{room.Code}/discards/{discard.Id}/restore", room.HostToken);
        await phone.SaysAsync("counted");
        await Assertions.Expect(phone.Option("Option 2")).ToHaveAttributeAsync("aria-pressed", "true");
        (await Cluster.TallyAsync(poll)).ShouldBe([1, 0, 1, 0]);
    }
}
