using Microsoft.Playwright;
using Polls.Core.Kinds;
using Polls.Core.RoomPolls;
using Polls.Core.Storage;
using Polls.Tests.Journeys;

namespace Polls.Tests.Web.Kinds;

/// <summary>Formal votes: the rule is known while people vote, and the outcome follows from it.</summary>
[Collection(nameof(HostPages))]
public sealed class MotionTests(BreakableInstances cluster, Chromium chromium) : BrowserTest(cluster, chromium)
{
    [Fact]
    public async Task Outcomes_are_those_of_the_shared_vectors()
    {
        await PageChecks.ShouldFindNothingAsync("outcomes.mjs");
    }

    [Fact]
    public async Task Equal_votes_with_different_percentages_are_explained_while_people_vote()
    {
        var room = await Cluster.A.CreateRoomAsync(new PollDraft("Shall we?", PollKind.Motion, []));
        var poll = (await Cluster.A.StateAsync(room.Code, room.HostToken)).Polls.Single();
        await Cluster.A.DoAsync(room, poll.Id, "open");
        var phone = await JoinedPhoneAsync(Cluster.B, room);
        for (var choice = 0; choice < 3; choice++)
        {
            await Cluster.A.VoteAsync(room.Code, poll.Id, (await Cluster.A.JoinAsync(room.Code)).Token, 0, choice);
        }

        await phone.ShowsTallyAsync(3, 1, 1, 1);
        await phone.SaysAsync("adjusted");
    }

    [Fact]
    public async Task A_motion_is_written_voted_on_and_decided()
    {
        var desk = await DeskAsync(Cluster.A);
        var room = await desk.StartRoomAsync("Assembly");
        await desk.WriteAsync(new PollDraft("Shall we?", PollKind.Motion, []));
        await desk.Page.Locator("#kind-motion").CheckAsync();
        await desk.Page.Locator("#visibility").SelectOptionAsync("live");
        await desk.Page.Locator("#majority").SelectOptionAsync("twoThirds");
        await desk.Page.Locator("#quorum").FillAsync("some");
        await desk.ClickAsync("save");
        await Assertions.Expect(desk.Page.Locator("#quorum")).ToBeFocusedAsync();
        await Assertions.Expect(desk.Page.Locator("#quorum-about")).ToHaveTextAsync("Enter a whole number from 1 to 1,000,000, or leave this empty.");
        await Assertions.Expect(desk.Page.Locator("#visibility")).ToHaveAttributeAsync("aria-invalid", "false");
        await desk.Page.Locator("#quorum").FillAsync("\u0663");
        await Assertions.Expect(desk.Page.Locator("#quorum")).ToHaveAttributeAsync("aria-invalid", "false");
        await desk.SaveAsync();
        await desk.SeesAsync("To be adopted: two thirds of the yes and no votes");
        await desk.ClickAsync("openPoll");

        var screen = await ScreenAsync(Cluster.B, room);
        Phone[] phones = [await JoinedPhoneAsync(Cluster.A, room), await JoinedPhoneAsync(Cluster.B, room), await JoinedPhoneAsync(Cluster.B, room)];
        Tab[] all = [desk, screen, .. phones];
        await EachAsync(all, tab => tab.ShowsTallyAsync(0, 0, 0, 0));
        await EachAsync(all, tab => tab.SeesAsync("To be adopted: two thirds of the yes and no votes"));
        await EachAsync(all, tab => tab.SeesAsync("Quorum: 3"));

        await phones[0].VoteAsync("Yes");
        await phones[0].CountedAsync("Yes");
        await phones[1].Option("Yes").FocusAsync();
        await phones[1].Page.Keyboard.PressAsync("Enter");
        await phones[1].CountedAsync("Yes");
        await phones[2].VoteAsync("No");
        await phones[2].CountedAsync("No");
        await phones[2].VoteAsync("Abstain");
        await phones[2].CountedAsync("Abstain");
        await EachAsync(all, tab => tab.ShowsTallyAsync(3, 2, 0, 1));
        await phones[2].Button("withdraw").TapAsync();
        await phones[2].SaysAsync("withdrawn");
        await EachAsync(all, tab => tab.ShowsTallyAsync(2, 2, 0, 0));
        await phones[2].VoteAsync("No");
        await EachAsync(all, tab => tab.ShowsTallyAsync(3, 2, 1, 0));

        await desk.ClickAsync("closePoll");
        const string Outcome = "Adopted: 2 of 3 votes are yes; two thirds of the yes and no votes were needed (2).";
        await EachAsync(all, tab => tab.SeesAsync(Outcome));
        await phones[0].HearsAsync(Outcome);
        await Assertions.Expect(phones[2].Page.Locator(".result-row:has(.mine-mark) .result-text")).ToContainTextAsync("No");
        await EachAsync(phones, phone => phone.ShowsCountsAsync(2, 1, 0));
    }

    [Fact]
    public async Task The_outcome_is_shown_with_the_result_only()
    {
        var room = await Cluster.A.CreateRoomAsync(
            Draft("Which half?", new MotionSettings(Abstain: false, Base: MotionBase.Entitled, Entitled: 4)),
            Draft("Are we enough?", new MotionSettings(Quorum: 5)),
            Draft("Are we sure?", new MotionSettings()));
        var polls = (await Cluster.A.StateAsync(room.Code, room.HostToken)).Polls.Select(poll => poll.Id).ToList();
        var phone = await JoinedPhoneAsync(Cluster.A, room);
        var screen = await ScreenAsync(Cluster.B, room);
        Tab[] both = [phone, screen];

        await Cluster.A.DoAsync(room, polls[0], "open");
        await EachAsync(both, tab => tab.SeesAsync("To be adopted: more than half of all entitled to vote (3)"));
        await EachAsync(both, tab => tab.SeesAsync("Entitled to vote: 4"));
        await Assertions.Expect(phone.Options).ToHaveCountAsync(2);
        await phone.VoteAsync("Yes");
        await phone.CountedAsync("Yes");
        await VoteAsync(0, 0);
        await Cluster.A.DoAsync(room, polls[0], "close");
        const string Rejected = "Rejected: 2 votes are yes, of 4 entitled to vote; more than half of all entitled to vote were needed (3).";
        await EachAsync(both, tab => tab.SeesAsync(Rejected));
        await Cluster.A.DoAsync(room, polls[0], "hide-results");
        await EachAsync(both, tab => tab.SeesNoMoreAsync("Rejected"));
        await phone.SaysAsync("yourVoteIs", "Yes");

        await Cluster.A.DoAsync(room, polls[1], "open");
        await VoteAsync(1, 0);
        await Cluster.A.DoAsync(room, polls[1], "close");
        await EachAsync(both, tab => tab.SeesAsync("Not quorate: 1 vote was cast, 5 were needed."));

        await Cluster.A.DoAsync(room, polls[2], "open");
        await VoteAsync(2, 2);
        await Cluster.A.DoAsync(room, polls[2], "close");
        await EachAsync(both, tab => tab.SeesAsync("No result: nobody voted yes or no."));

        async Task VoteAsync(int poll, int choice) =>
            await Cluster.A.VoteAsync(room.Code, polls[poll], (await Cluster.A.JoinAsync(room.Code)).Token, 0, choice);
    }

    private static PollDraft Draft(string question, MotionSettings settings) => new(question, PollKind.Motion, [], PollSettings.Of(settings));
}
