using Polls.Core.RoomPolls;
using Polls.Core.Storage;
using Polls.Tests.Clients;
using Polls.Tests.Journeys;

namespace Polls.Tests.Web;

/// <summary>Every state of the big screen, in both themes, on a small and on a large projector.</summary>
[Collection(nameof(HostPages))]
public sealed class ScreenStatesTests(BreakableInstances cluster, Chromium chromium) : BrowserTest(cluster, chromium)
{
    private readonly Flaws flaws = new();

    public static TheoryData<Look> Looks => new(
        new Look(1280, 720, Touch: false),
        new Look(1920, 1080, Dark: true, Touch: false),
        new Look(1280, 720, Dark: false, "ar", Touch: false));

    [Theory]
    [MemberData(nameof(Looks))]
    public async Task Every_state_of_the_screen_fits_and_is_accessible(Look look)
    {
        ArgumentNullException.ThrowIfNull(look);
        var stranger = await ScreenAsync(Cluster.A, "/screen/000000", look);
        await stranger.SaysAsync("noToken");
        await InspectPageAsync(stranger, "opened without the host's link");

        var hidden = new PollSettings { ResultsVisibility = ResultsVisibility.HostOnly, DurationSeconds = 3600 };
        var room = await Cluster.A.CreateRoomAsync(
            LongTexts.Title, TestApi.Draft("Which one?", 3, settings: hidden), TestApi.Draft("Which of the eight, if you had to choose one of them today?", 8), LongTexts.Poll);
        var polls = (await Cluster.A.StateAsync(room.Code, room.HostToken)).Polls.Select(poll => poll.Id).ToList();
        var screen = await ScreenAsync(Cluster.A, room, look);
        await screen.SaysAsync("waiting");
        await InspectAsync("waiting for the first poll");

        await Cluster.A.DoAsync(room, polls[0], "open");
        await screen.SaysAsync("hidden");
        await InspectAsync("an open poll with a hidden result");
        await VoteAsync(polls[0], 2);
        await Cluster.A.DoAsync(room, polls[0], "show-results");
        await screen.ShowsCountsAsync(0, 0, 1);
        await InspectAsync("an open poll");
        await screen.Page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = screen.Text(look.Dark ? "light" : "dark") }).ClickAsync();
        await InspectAsync("the other theme");
        await Cluster.A.DoAsync(room, polls[0], "hide-results");
        await Cluster.A.DoAsync(room, polls[0], "close");
        await screen.SaysAsync("hiddenClosed");
        await InspectAsync("a closed poll with a hidden result");
        await screen.Page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = screen.Text(look.Dark ? "dark" : "light") }).ClickAsync();

        await Cluster.A.DoAsync(room, polls[1], "open");
        await VoteAsync(polls[1], 7);
        await screen.ShowsCountsAsync(0, 0, 0, 0, 0, 0, 0, 1);
        await InspectAsync("eight options");
        await Cluster.A.DoAsync(room, polls[1], "close");
        await screen.SaysAsync("votingClosed");
        await InspectAsync("a result");

        await Cluster.A.DoAsync(room, polls[2], "open");
        await VoteAsync(polls[2], 4);
        await screen.ShowsCountsAsync([.. Enumerable.Range(0, 20).Select(i => i == 4 ? 1 : 0)]);
        await InspectAsync("the longest poll");
        await screen.LoseNetworkAsync();
        await screen.SaysAsync("connectionLost");
        await InspectAsync("no connection");
        await screen.FindNetworkAsync();
        await screen.SaysNoMoreAsync("connectionLost");
        await EndAsync(room);
        await screen.SaysAsync("ended");
        await InspectAsync("the end");
        flaws.ShouldBeNone();

        async Task VoteAsync(Guid poll, int option) =>
            await Cluster.A.VoteAsync(room.Code, poll, (await Cluster.A.JoinAsync(room.Code)).Token, 0, option);
        Task InspectAsync(string state) => InspectPageAsync(screen, state);
        async Task InspectPageAsync(BigScreen inspected, string state)
        {
            string[] found = [.. await Inspection.BarriersAsync(inspected.Page), .. await Inspection.CutOffAsync(inspected.Page)];
            flaws.Note(state, found);
        }
    }
}
