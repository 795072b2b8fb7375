using Polls.Core.Kinds;
using Polls.Core.RoomPolls;
using Polls.Core.Storage;
using Polls.Tests.Clients;
using Polls.Tests.Journeys;

namespace Polls.Tests.Web;

/// <summary>Every state of the phone's page, in both themes, on the smallest and on a common phone.</summary>
[Collection(nameof(PhonePages))]
public sealed class PhoneStatesTests(BreakableInstances cluster, Chromium chromium) : BrowserTest(cluster, chromium)
{
    private readonly Flaws flaws = new();

    /// <summary>The looks in which each state of a walk is inspected: one walk per language, which belongs to the page.</summary>
    public static TheoryData<Look[]> Looks => new([new(320, 568), new(390, 844, Dark: true)], [new(320, 568, Dark: true, "ar")]);

    [Theory]
    [MemberData(nameof(Looks))]
    public async Task Every_state_of_the_phone_fits_and_is_accessible(Look[] looks)
    {
        ArgumentNullException.ThrowIfNull(looks);
        var phone = await PhoneAsync(Cluster.A, "/", looks[0]);
        phone.Traffic.ExpectStatus(400);
        phone.Traffic.ExpectStatus(404);
        await InspectAsync("typing a code");
        await phone.TypeCodeAsync("12");
        await phone.Button("go").TapAsync();
        await phone.SaysAsync("badCode");
        await InspectAsync("too short a code");
        await phone.GoAsync("/r/000000");
        await phone.SaysAsync("noRoom");
        await InspectAsync("no such room");

        var room = await Cluster.A.CreateRoomAsync(
            TestApi.Draft("Tabs or spaces?"),
            TestApi.Draft("Once and for all?", settings: new PollSettings { AllowChange = false, ResultsVisibility = ResultsVisibility.HostOnly, DurationSeconds = 3600 }),
            TestApi.Draft("Which ones?", 5, PollKind.MultipleChoice, PollSettings.Of(new ChoiceSettings(2))),
            LongTexts.Poll);
        var polls = (await Cluster.A.StateAsync(room.Code, room.HostToken)).Polls.Select(poll => poll.Id).ToList();
        await phone.GoAsync($"/r/{room.Code}");
        await phone.JoinButton.WaitForAsync();
        await InspectAsync("joining");
        await phone.Page.GetByLabel(phone.Text("nickname")).FillAsync("\u202Ereversed");
        await phone.JoinButton.TapAsync();
        await phone.SaysAsync("nicknameBad");
        await InspectAsync("a nickname that cannot be shown");
        await phone.Page.GetByLabel(phone.Text("nickname")).FillAsync(new string('w', 60));
        await phone.SaysAsync("tooLong");
        await InspectAsync("a nickname that does not fit");
        await phone.JoinAsync("Ann");
        await phone.SaysAsync("waiting");
        await InspectAsync("waiting for the host");

        await Cluster.A.DoAsync(room, polls[0], "open");
        await phone.Options.First.WaitForAsync();
        await InspectAsync("an open poll");
        await phone.VoteAsync("Option 1");
        await phone.CountedAsync("Option 1");
        await phone.ShowsCountsAsync(1, 0, 0);
        await InspectAsync("a vote that counts");
        await phone.Button("withdraw").TapAsync();
        await phone.SaysAsync("withdrawn");
        await InspectAsync("a vote taken back");

        await Cluster.A.DoAsync(room, polls[1], "open");
        await phone.SaysAsync("moreQuestions");
        await InspectAsync("two open polls");
        await Cluster.A.DoAsync(room, polls[0], "close");
        await phone.SaysNoMoreAsync("moreQuestions");
        await phone.VoteAsync("Option 2");
        await phone.CountedAsync("Option 2");
        await phone.Option("Option 1").TapAsync(new() { Force = true });
        await phone.SaysAsync("noChange");
        await InspectAsync("a timed poll that takes no second vote");
        await Cluster.A.DoAsync(room, polls[1], "close");
        await phone.SaysAsync("resultsHidden");
        await InspectAsync("a closed poll with a hidden result");

        await Cluster.A.DoAsync(room, polls[2], "open");
        foreach (var option in new[] { "Option 1", "Option 4", "Option 5" })
        {
            await phone.VoteAsync(option);
        }

        await phone.SaysAsync("tooMany", await phone.NumberAsync(2));
        await InspectAsync("too many choices");
        await phone.Button("sendVote").TapAsync();
        await phone.CountedAsync("Option 1", "Option 4");
        await InspectAsync("several choices that count");
        await phone.VoteAsync("Option 1");
        await phone.VoteAsync("Option 4");
        await phone.Button("withdraw").TapAsync();
        await phone.SaysAsync("withdrawn");
        await InspectAsync("several choices taken back");
        await Cluster.A.DoAsync(room, polls[2], "close");
        await phone.SaysAsync("results");
        await InspectAsync("a result");

        await Cluster.A.DoAsync(room, polls[3], "open");
        await phone.Options.Nth(19).WaitForAsync();
        await InspectAsync("the longest poll");
        await phone.LoseNetworkAsync();
        await phone.Options.Nth(2).TapAsync();
        await phone.SaysAsync("waitingToSend");
        await phone.SaysAsync("connectionLost");
        await InspectAsync("a vote that waits for a connection");
        await Cluster.A.DoAsync(room, polls[3], "close");
        await phone.FindNetworkAsync();
        await phone.SaysAsync("tooLate");
        await phone.SaysNoMoreAsync("connectionLost");
        await InspectAsync("a vote that came too late");
        await Cluster.A.DoAsync(room, polls[0], "open");
        await phone.Button("understood").WaitForAsync();
        await InspectAsync("the next question, and a vote that came too late");
        await phone.Button("understood").TapAsync();
        await Cluster.A.DoAsync(room, polls[0], "close");
        await EndAsync(room);
        await phone.SaysAsync("thanks");
        await InspectAsync("the end, with results");

        var early = await NewPhoneAsync(Cluster.A, looks[0]);
        await early.GetNoAnswersAsync();
        await early.GoAsync($"/r/{(await Cluster.A.CreateRoomAsync()).Code}");
        await early.JoinButton.TapAsync();
        await early.SaysAsync("loading");
        await InspectPageAsync(early, "joined, without the room's state");

        var late = await PhoneAsync(Cluster.A, $"/r/{room.Code}", looks[0]);
        await late.SaysAsync("thanks");
        await InspectPageAsync(late, "the end for someone who was not there");
        late.Traffic.ExpectBrokenConnections();
        await late.Page.RouteAsync("**/api/**", route => route.AbortAsync());
        await late.ReloadAsync();
        await late.SaysAsync("offline");
        await InspectPageAsync(late, "no connection at all");
        flaws.ShouldBeNone();

        Task InspectAsync(string state) => InspectPageAsync(phone, state);
        Task InspectPageAsync(Phone inspected, string state) => flaws.InspectAsync(state, inspected, looks);
    }
}
