using Polls.Core.RoomPolls;
using Polls.Core.Storage;
using Polls.Tests.Clients;
using Polls.Tests.Journeys;

namespace Polls.Tests.Web;

/// <summary>Whatever becomes of a vote, the person who cast it is told, and the page shows the vote that counts.</summary>
[Collection(nameof(PhonePages))]
public sealed class FateOfVotesTests(BreakableInstances cluster, Chromium chromium) : BrowserTest(cluster, chromium)
{
    [Fact]
    public async Task Of_two_devices_with_the_same_revision_one_learns_that_the_other_ones_vote_counts()
    {
        var (room, poll) = await Cluster.OpenRoomAsync();
        var phone = await JoinedPhoneAsync(Cluster.A, room);
        var tablet = await SamePersonAsync(phone, room.Code);
        await tablet.Options.First.WaitForAsync();
        await tablet.LoseNetworkAsync();
        await tablet.VoteAsync("Option 2");
        await tablet.SaysAsync("waitingToSend");
        await phone.VoteAsync("Option 1");
        await phone.CountedAsync("Option 1");

        await tablet.FindNetworkAsync();
        await tablet.SaysAsync("overtaken");
        await tablet.ChosenAsync("Option 1");
        await tablet.SaysNoMoreAsync("counted");
        (await Cluster.RecountAsync(poll, 3)).ShouldBe([1, 1, 0, 0]);

        await tablet.VoteAsync("Option 3");
        await tablet.CountedAsync("Option 3");
        await phone.ChosenAsync("Option 3");
        (await Cluster.RecountAsync(poll, 3)).ShouldBe([1, 0, 0, 1]);
    }

    [Fact]
    public async Task A_vote_cast_offline_never_counts_for_a_question_that_replaced_its_own()
    {
        var (room, poll) = await Cluster.OpenRoomAsync();
        var phone = await JoinedPhoneAsync(Cluster.A, room);
        await phone.LoseNetworkAsync();
        await phone.VoteAsync("Option 1");
        await phone.SaysAsync("waitingToSend");
        await Cluster.A.DoAsync(room, poll, "reset");
        await Cluster.A.SendAsync<PollView>(
            HttpMethod.Put, $"/api/rooms/{room.Code}/polls/{poll}", room.HostToken, TestApi.Draft("Tear it down?", options: 2));
        await Cluster.A.DoAsync(room, poll, "open");

        await phone.FindNetworkAsync();
        await phone.SeesAsync("Tear it down?");
        await phone.SaysAsync("edited");
        await phone.ChosenAsync();
        (await Cluster.RecountAsync(poll, 2)).ShouldBe([0, 0, 0]);
        await phone.VoteAsync("Option 2");
        await phone.CountedAsync("Option 2");
        (await Cluster.RecountAsync(poll, 2)).ShouldBe([1, 0, 1]);
    }

    [Fact]
    public async Task A_vote_that_comes_too_late_is_told_also_when_the_next_question_is_open()
    {
        var (room, polls) = await TwoPollsAsync(PollKind.SingleChoice);
        var phone = await JoinedPhoneAsync(Cluster.A, room);
        await phone.LoseNetworkAsync();
        await phone.VoteAsync("Option 1");
        await phone.SaysAsync("waitingToSend");
        await Cluster.A.DoAsync(room, polls[0], "close");
        await Cluster.A.DoAsync(room, polls[1], "open");

        await phone.FindNetworkAsync();
        await phone.SeesAsync("The next one?");
        await phone.SeesAsync("The first one?");
        await phone.SaysAsync("tooLate");
        await phone.HearsAsync($"The first one? {phone.Text("tooLate")}");
        await phone.Button("understood").TapAsync();
        await phone.SeesNoMoreAsync("The first one?");
        await phone.VoteAsync("Option 1");
        await phone.CountedAsync("Option 1");
    }

    [Fact]
    public async Task A_choice_that_was_not_sent_is_told_when_the_question_closes()
    {
        var (room, polls) = await TwoPollsAsync(PollKind.MultipleChoice);
        var phone = await JoinedPhoneAsync(Cluster.A, room);
        await phone.VoteAsync("Option 2");
        await Cluster.A.DoAsync(room, polls[0], "close");
        await phone.SaysAsync("unsent");
        await Cluster.A.DoAsync(room, polls[1], "open");
        await phone.SeesAsync("The next one?");
        await phone.SaysAsync("unsent");
        await phone.SeesAsync("The first one?");
        (await Cluster.RecountAsync(polls[0], 3)).ShouldBe([0, 0, 0, 0]);

        // Once the first one is open again, it can be answered again.
        await Cluster.A.DoAsync(room, polls[0], "open");
        await phone.SaysNoMoreAsync("unsent");
    }

    [Fact]
    public async Task A_sent_choice_is_not_reported_as_lost()
    {
        var (room, polls) = await TwoPollsAsync(PollKind.MultipleChoice);
        var phone = await JoinedPhoneAsync(Cluster.A, room);
        await phone.VoteAsync("Option 2");
        await phone.Button("sendVote").TapAsync();
        await phone.CountedAsync("Option 2");
        await Cluster.A.DoAsync(room, polls[0], "close");
        await Cluster.A.DoAsync(room, polls[1], "open");
        await phone.SeesAsync("The next one?");
        await phone.SeesNoMoreAsync("The first one?");
        await phone.SaysNoMoreAsync("unsent");
    }

    private async Task<(Polls.Api.Rooms.CreatedRoom Room, Guid[] Polls)> TwoPollsAsync(PollKind kind)
    {
        var room = await Cluster.A.CreateRoomAsync(TestApi.Draft("The first one?", kind: kind), TestApi.Draft("The next one?"));
        Guid[] polls = [.. (await Cluster.A.StateAsync(room.Code, room.HostToken)).Polls.Select(poll => poll.Id)];
        await Cluster.A.DoAsync(room, polls[0], "open");
        return (room, polls);
    }

    /// <summary>Another device of the same participant.</summary>
    private async Task<Phone> SamePersonAsync(Phone phone, string code)
    {
        var identity = await phone.Page.EvaluateAsync<string>("(code) => localStorage.getItem('polls.room.' + code)", code);
        var other = await PhoneAsync(Cluster.B, "/");
        await other.Page.EvaluateAsync("([code, identity]) => localStorage.setItem('polls.room.' + code, identity)", new[] { code, identity });
        await other.GoAsync($"/r/{code}");
        return other;
    }
}
