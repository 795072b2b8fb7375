using Polls.Core.Kinds;
using Polls.Core.RoomPolls;
using Polls.Core.Storage;
using Polls.Tests.Journeys;

namespace Polls.Tests.Web;

/// <summary>
/// The pictures of the README, taken in a real session; <c>scripts/screenshots</c> sets the folder to keep them. Other
/// runs take them too and discard them.
/// </summary>
[Collection(nameof(HostPages))]
public sealed class PicturesTests(BreakableInstances cluster, Chromium chromium) : BrowserTest(cluster, chromium)
{
    private static readonly int[] Votes = [0, 1, 1, 2, 1, 0, 3, 2, 1, 1, 0, 1, 2, 1, 0, 1, 2, 3, 1, 0, 1, 2, 1];

    [Fact]
    public async Task Pictures_are_taken_of_a_session()
    {
        var folder = Environment.GetEnvironmentVariable("POLLS_PICTURES") ?? Directory.CreateTempSubdirectory("polls-pictures").FullName;
        var room = await Cluster.A.CreateRoomAsync(
            new PollDraft("Where shall we hold the summer party?", PollKind.SingleChoice, ["At the lake", "In the old brewery", "On the roof terrace", "Somewhere completely different"]),
            new PollDraft("Which topics shall we talk about?", PollKind.MultipleChoice, ["Roadmap", "Hiring", "Tools"], PollSettings.Of(new ChoiceSettings(2))),
            new PollDraft("How was this session?", PollKind.SingleChoice, ["Great", "Fine", "Too long"]));
        var poll = (await Cluster.A.StateAsync(room.Code, room.HostToken)).Polls[0].Id;
        var desk = await ScreenAsync(Cluster.A, $"/host/{room.Code}#token={room.HostToken}", new Look(1280, 800, Touch: false));
        var screen = await ScreenAsync(Cluster.B, room, new Look(1280, 720, Dark: true, Touch: false));
        var phone = await JoinedPhoneAsync(Cluster.B, room);
        await Cluster.A.DoAsync(room, poll, "open");
        foreach (var choice in Votes)
        {
            await Cluster.A.VoteAsync(room.Code, poll, (await Cluster.A.JoinAsync(room.Code)).Token, 0, choice);
        }

        await phone.VoteAsync("On the roof terrace");
        await phone.CountedAsync("On the roof terrace");
        await screen.ShowsTallyAsync(24, 5, 11, 6, 2);
        await desk.SeesAsync("24 votes");
        foreach (var (tab, name) in new (Tab, string)[] { (phone, "phone"), (desk, "desk"), (screen, "screen") })
        {
            var path = Path.Combine(folder, $"{name}.png");
            await tab.Page.ScreenshotAsync(new() { Path = path });
            new FileInfo(path).Length.ShouldBeGreaterThan(10_000);
        }
    }
}
