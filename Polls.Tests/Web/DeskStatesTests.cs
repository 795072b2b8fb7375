using Microsoft.Playwright;
using Polls.Core.Kinds;
using Polls.Core.RoomPolls;
using Polls.Core.Storage;
using Polls.Tests.Clients;
using Polls.Tests.Journeys;

namespace Polls.Tests.Web;

/// <summary>Every state of the host's desk, in both themes, on phones and on a laptop.</summary>
[Collection(nameof(HostPages))]
public sealed class DeskStatesTests(BreakableInstances cluster, Chromium chromium) : BrowserTest(cluster, chromium)
{
    private readonly Flaws flaws = new();

    /// <summary>The looks in which each state of a walk is inspected: one walk per language, which belongs to the page.</summary>
    public static TheoryData<Look[]> Looks => new(
        [new(1280, 800, Dark: true), new(320, 640)],
        [new(1280, 800, Language: "ar"), new(390, 844, Dark: true, "ar")]);

    [Theory]
    [MemberData(nameof(Looks))]
    public async Task Every_state_of_the_desk_fits_and_is_accessible(Look[] looks)
    {
        ArgumentNullException.ThrowIfNull(looks);
        var desk = await DeskAsync(Cluster.A, "/host/000000", looks[0]);
        await desk.SaysAsync("noRightHint");
        await InspectAsync("no token");
        await desk.GoAsync("/host");
        await desk.SaysAsync("noRooms");
        await InspectAsync("the start without rooms");
        await desk.ClickAsync("create");
        await desk.SaysAsync("badTitle", await desk.NumberAsync(200));
        await InspectAsync("a room without a name");
        var room = await desk.StartRoomAsync(LongTexts.Title);
        await desk.SaysAsync("noPolls");
        await InspectAsync("an empty desk");

        await Desk.ClickAsync(desk.Page.Locator(".inviting .button"));
        await desk.ClickAsync("save");
        await desk.SaysAsync("badQuestion", await desk.NumberAsync(500));
        await InspectAsync("a single choice without a question");
        await desk.Question.FillAsync(new string('w', 600));
        await desk.SaysAsync("tooLong");
        await InspectAsync("a question that does not fit");
        await desk.Question.FillAsync(LongTexts.Poll.Question!);
        await desk.TickAsync("multiple");
        await desk.TickAsync("custom");
        await desk.Page.Locator("#form-seconds").FillAsync("soon");
        await desk.Page.Locator("#option-1").FillAsync("\u202Ereversed");
        await desk.ClickAsync("save");
        await desk.SaysAsync("badOption");
        await InspectAsync("a multiple choice with faults");
        await desk.ClickAsync("cancel");
        await DialogAsync("throwing away");
        await desk.AgreeAsync("discard");

        var hidden = new PollSettings { ResultsVisibility = ResultsVisibility.HostOnly, AllowChange = false, DurationSeconds = 3600 };
        var first = await Cluster.A.WriteAsync(room, TestApi.Draft("Which one?", settings: hidden));
        await Cluster.A.WriteAsync(room, TestApi.Draft("Which ones?", 5, PollKind.MultipleChoice, PollSettings.Of(new ChoiceSettings(2))));
        var longest = await Cluster.A.WriteAsync(room, LongTexts.Poll);
        await desk.ListsAsync("Which one?", "Which ones?", LongTexts.Poll.Question!);
        await desk.ClickAsync("changeOrder");
        await InspectAsync("the order of the polls");
        await desk.ClickAsync("changeOrder");
        await MenuAsync();
        await desk.ClickAsync("qr");
        await DialogAsync("the code to scan");
        await desk.AgreeAsync("close");

        await desk.SelectAsync(LongTexts.Poll.Question!);
        await InspectAsync("the longest draft");
        await desk.ClickAsync("delete");
        await DialogAsync("deleting");
        await desk.AgreeAsync("cancel");
        await desk.ClickAsync("edit");
        await desk.Page.Locator("#option-1").FillAsync("Another text");
        await Cluster.A.SendAsync<PollView>(
            HttpMethod.Put, $"/api/rooms/{room.Code}/polls/{longest.Id}", room.HostToken, LongTexts.Poll with { Settings = hidden });
        await desk.SaysAsync("changedMeanwhile");
        await InspectAsync("a draft that another host has changed");
        await desk.ClickAsync("takeTheirs");
        await desk.ClickAsync("cancel");
        await BackAsync();
        await desk.SelectAsync("Which one?");
        await InspectAsync("a draft");
        await desk.ClickAsync("openPoll");
        await desk.ShowsStateAsync("open");
        await InspectAsync("an open poll without votes");
        for (var i = 0; i < 3; i++)
        {
            await Cluster.A.VoteAsync(room.Code, first.Id, (await Cluster.A.JoinAsync(room.Code)).Token, 0, i % 2);
        }

        await desk.ShowsCountsAsync(2, 1, 0);
        await InspectAsync("an open poll with hidden results");
        await desk.ClickAsync("showResults");
        await desk.SaysAsync("resultsShown");
        await InspectAsync("an open poll with results");
        await desk.ClickAsync("reset");
        await DialogAsync("resetting");
        await desk.AgreeAsync("cancel");
        await desk.LoseNetworkAsync();
        await desk.SaysAsync("connectionLost");
        await desk.ClickAsync("closePoll");
        await desk.Page.Locator(".problem").WaitForAsync();
        await InspectAsync("no connection");
        await desk.FindNetworkAsync();
        await desk.SaysNoMoreAsync("connectionLost");
        await desk.SaysNoMoreAsync("offline");
        await desk.ClickAsync("closePoll");
        await desk.ShowsStateAsync("closed");
        await InspectAsync("a closed poll");
        await desk.ClickAsync("reopen");
        await DialogAsync("reopening");
        await desk.AgreeAsync("close");
        await desk.Page.Keyboard.PressAsync("?");
        await DialogAsync("the shortcuts");
        await desk.AgreeAsync("close");

        await BackAsync();
        await InspectAsync("the list");
        await desk.ChooseAsync("endRoom");
        await DialogAsync("ending");
        await desk.AgreeAsync("endRoom");
        await desk.SaysAsync("endedHint");
        await InspectAsync("the end");
        await desk.SelectAsync("Which one?");
        await InspectAsync("a result after the end");
        await desk.GoAsync("/host");
        await desk.SaysAsync("yourRooms");
        await InspectAsync("the start with rooms");
        await desk.Page.Locator(".room-row .icon-button").ClickAsync();
        await DialogAsync("removing a room");
        flaws.ShouldBeNone();

        async Task MenuAsync()
        {
            await desk.ClickAsync("more");
            await DialogAsync("the menu");
            await desk.ClickInDialogAsync("device");
            await desk.Page.Locator("#device-link").WaitForAsync();
            await DialogAsync("the second device");
            await desk.AgreeAsync("close");
        }

        // With a single column, the list must be reopened.
        async Task BackAsync()
        {
            if (await desk.Button("back").IsVisibleAsync())
            {
                await desk.ClickAsync("back");
                await Assertions.Expect(desk.Page.Locator(".side")).ToBeVisibleAsync();
            }
        }

        async Task DialogAsync(string state)
        {
            await desk.Dialog.WaitForAsync();
            await InspectAsync(state);
        }

        Task InspectAsync(string state) => flaws.InspectAsync(state, desk, looks);
    }
}
