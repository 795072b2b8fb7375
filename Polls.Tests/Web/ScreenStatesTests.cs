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

    /// <summary>The looks in which each state of a walk is inspected: one walk per language, which belongs to the page.</summary>
    public static TheoryData<Look[]> Looks => new(
        [new(1280, 720, Touch: false), new(1920, 1080, Dark: true, Touch: false)],
        [new(1280, 720, Language: "ar", Touch: false)]);

    [Theory]
    [MemberData(nameof(Looks))]
    public async Task Every_state_of_the_screen_fits_and_is_accessible(Look[] looks)
    {
        ArgumentNullException.ThrowIfNull(looks);
        var stranger = await ScreenAsync(Cluster.A, "/screen/000000", looks[0]);
        await stranger.SaysAsync("noToken");
        await InspectPageAsync(stranger, "opened without the host's link");
        await stranger.GetNoAnswersAsync();
        var early = await Cluster.A.CreateRoomAsync();
        await stranger.GoAsync($"/screen/{early.Code}#token={await Cluster.A.ScreenTokenAsync(early)}");
        await stranger.SaysAsync("connecting");
        await InspectPageAsync(stranger, "without the room's state");

        var hidden = new PollSettings { ResultsVisibility = ResultsVisibility.HostOnly, DurationSeconds = 3600 };
        var room = await Cluster.A.CreateRoomAsync(
            LongTexts.Title, TestApi.Draft("Which one?", 3, settings: hidden), TestApi.Draft("Which of the eight, if you had to choose one of them today?", 8), LongTexts.Poll);
        var polls = (await Cluster.A.StateAsync(room.Code, room.HostToken)).Polls.Select(poll => poll.Id).ToList();
        var screen = await ScreenAsync(Cluster.A, room, looks[0]);
        await screen.SaysAsync("waiting");
        await InspectAsync("waiting for the first poll");

        await Cluster.A.DoAsync(room, polls[0], "open");
        await screen.SaysAsync("hidden");
        await InspectAsync("an open poll with a hidden result");
        await VoteAsync(polls[0], 2);
        await Cluster.A.DoAsync(room, polls[0], "show-results");
        await screen.ShowsCountsAsync(0, 0, 1);
        await InspectAsync("an open poll");

        // A theme chosen on a screen replaces the browser's for good, so these screens are pages of their own.
        List<(BigScreen Screen, Look Look)> others = [];
        foreach (var look in looks)
        {
            others.Add((await ScreenAsync(Cluster.A, room, look), look));
            await others[^1].Screen.ChooseThemeAsync(dark: !look.Dark);
            await others[^1].Screen.ShowsCountsAsync(0, 0, 1);
        }

        await InspectOthersAsync("the other theme");
        await Cluster.A.DoAsync(room, polls[0], "hide-results");
        await Cluster.A.DoAsync(room, polls[0], "close");
        await EachAsync(others.Select(other => other.Screen), other => other.SaysAsync("hiddenClosed"));
        await InspectOthersAsync("a closed poll with a hidden result");
        foreach (var (other, look) in others)
        {
            await other.ChooseThemeAsync(look.Dark);
        }

        await InspectOthersAsync("the first theme again");

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
        async Task InspectOthersAsync(string state)
        {
            foreach (var (other, look) in others)
            {
                await flaws.InspectAsync(state, other, [look]);
            }
        }

        Task InspectAsync(string state) => InspectPageAsync(screen, state);
        Task InspectPageAsync(BigScreen inspected, string state) => flaws.InspectAsync(state, inspected, looks);
    }
}
