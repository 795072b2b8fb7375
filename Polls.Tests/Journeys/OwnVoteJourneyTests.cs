using System.Net;
using Polls.Core.RoomPolls;
using Polls.Core.Storage;
using Polls.Core.Votes;
using Polls.Tests.Clients;
using Polls.Tests.Servers;

namespace Polls.Tests.Journeys;

/// <summary>One participant on several devices and tabs, over hub and HTTP: all of them show the vote that counts.</summary>
[Collection(nameof(TwoInstances))]
public sealed class OwnVoteJourneyTests(TwoInstances cluster)
{
    [Fact]
    public async Task An_equal_revision_with_another_answer_gets_the_answer_that_counts()
    {
        var (room, poll) = await cluster.OpenRoomAsync();
        var person = await cluster.A.JoinAsync(room.Code);
        await using var phone = await RoomClient.ConnectAsync(cluster.A.Address, person.Token);
        (await phone.CastAsync(poll, 0, 1)).Choices.ShouldBe([1]);

        (await phone.CastAsync(poll, 0, 2)).Choices.ShouldBe([1]);
        (await phone.WithdrawAsync(poll, 0)).Choices.ShouldBe([1]);
        (await cluster.B.VoteAsync(room.Code, poll, person.Token, 0, 0)).Choices.ShouldBe([1]);
        (await cluster.B.SendAsync<VoteReceipt>(HttpMethod.Delete, $"/api/rooms/{room.Code}/polls/{poll}/vote?revision=0", person.Token))
            .Choices.ShouldBe([1]);

        var withdrawn = await phone.WithdrawAsync(poll, 5);
        (withdrawn.Revision, withdrawn.Choices!.Count).ShouldBe((5, 0));
        var lower = await phone.CastAsync(poll, 4, 2);
        (lower.Revision, lower.Choices!.Count).ShouldBe((5, 0));
        (await cluster.TallyAsync(poll)).ShouldBe([0, 0, 0, 0]);
    }

    [Fact]
    public async Task Other_devices_and_tabs_learn_of_a_vote_at_once_and_the_sender_gets_only_the_receipt()
    {
        var (room, poll) = await cluster.OpenRoomAsync();
        var person = await cluster.A.JoinAsync(room.Code);
        var somebody = await cluster.A.JoinAsync(room.Code);
        await using var phone = await RoomClient.ConnectAsync(cluster.A.Address, person.Token);
        await using var tab = await RoomClient.ConnectAsync(cluster.A.Address, person.Token);
        await using var other = await RoomClient.ConnectAsync(cluster.A.Address, somebody.Token);
        await using var host = await RoomClient.ConnectAsync(cluster.A.Address, room.HostToken);

        await phone.CastAsync(poll, 1, 2);
        await LearnsAsync(tab, poll, 1, 2);
        await tab.WithdrawAsync(poll, 2);
        await LearnsAsync(phone, poll, 2);
        await cluster.A.VoteAsync(room.Code, poll, person.Token, 3, 0);
        await LearnsAsync(phone, poll, 3, 0);
        await LearnsAsync(tab, poll, 3, 0);
        // Neither the receipts of repeats nor the sender's own votes are news.
        await phone.CastAsync(poll, 3, 1);
        await phone.CastAsync(poll, 4, 1);
        await LearnsAsync(tab, poll, 4, 1);
        phone.OwnVotes.Select(vote => vote.Revision).ShouldBe([2, 3]);
        tab.OwnVotes.Select(vote => vote.Revision).ShouldBe([1, 3, 4]);
        other.OwnVotes.ShouldBeEmpty();
        host.OwnVotes.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_device_on_another_instance_learns_of_a_vote_too()
    {
        var (room, poll) = await cluster.OpenRoomAsync();
        var person = await cluster.A.JoinAsync(room.Code);
        await using var phone = await RoomClient.ConnectAsync(cluster.A.Address, person.Token);
        await using var laptop = await RoomClient.ConnectAsync(cluster.B.Address, person.Token);

        await phone.CastAsync(poll, 1, 2);
        await LearnsAsync(laptop, poll, 1, 2);
        await laptop.CastAsync(poll, 2, 1);
        await LearnsAsync(phone, poll, 2, 1);
        await cluster.B.VoteAsync(room.Code, poll, person.Token, 3, 0);
        await LearnsAsync(phone, poll, 3, 0);
        await LearnsAsync(laptop, poll, 3, 0);
    }

    [Fact]
    public async Task A_vote_for_another_edition_is_refused_after_receipts_and_closed_polls()
    {
        var (room, poll) = await cluster.OpenRoomAsync();
        var edition = (await cluster.A.StateAsync(room.Code, room.HostToken)).Polls[0].Edition;
        edition.ShouldBe(1);
        var person = await cluster.A.JoinAsync(room.Code);
        await using var phone = await RoomClient.ConnectAsync(cluster.A.Address, person.Token);
        await phone.InvokeAsync<VoteReceipt>("CastVote", poll, new { choices = new[] { 0 }, revision = 1, edition });

        await cluster.A.DoAsync(room, poll, "reset");
        (await phone.RefusalAsync("CastVote", poll, new { choices = new[] { 0 }, revision = 2, edition })).ShouldBe("poll.notOpen");
        await cluster.A.SendAsync<PollView>(
            HttpMethod.Put, $"/api/rooms/{room.Code}/polls/{poll}", room.HostToken, TestApi.Draft("Tear it down?", options: 2));
        await cluster.A.DoAsync(room, poll, "open");
        var now = (await cluster.A.StateAsync(room.Code, room.HostToken)).Polls[0].Edition;
        now.ShouldBeGreaterThan(edition);

        // Also with a choice that the poll does not have now, on both instances and both ways.
        (await phone.RefusalAsync("CastVote", poll, new { choices = new[] { 0 }, revision = 2, edition })).ShouldBe("poll.edited");
        (await phone.RefusalAsync("CastVote", poll, new { choices = new[] { 2 }, revision = 2, edition })).ShouldBe("poll.edited");
        (await phone.RefusalAsync("CastVote", poll, new { choices = new[] { 0 }, revision = 2, edition = now + 1 })).ShouldBe("poll.edited");
        (await cluster.B.RefusalAsync(
                HttpMethod.Put, $"/api/rooms/{room.Code}/polls/{poll}/vote", person.Token, new { choices = new[] { 0 }, revision = 2, edition }))
            .ShouldBe((HttpStatusCode.Conflict, "poll.edited"));
        (await cluster.TallyAsync(poll)).ShouldBe([0, 0, 0]);

        (await phone.InvokeAsync<VoteReceipt>("CastVote", poll, new { choices = new[] { 1 }, revision = 2, edition = now })).Choices.ShouldBe([1]);
        // The receipt comes first, whatever the edition and the choice.
        (await phone.InvokeAsync<VoteReceipt>("CastVote", poll, new { choices = new[] { 7 }, revision = 2, edition })).Choices.ShouldBe([1]);
        (await phone.InvokeAsync<VoteReceipt>("CastVote", poll, new { choices = new[] { 7 }, revision = 1 })).Revision.ShouldBe(2);
        (await phone.RefusalAsync("CastVote", poll, new { choices = new[] { 7 }, revision = 3, edition = now })).ShouldBe("vote.badChoice");
        (await cluster.TallyAsync(poll)).ShouldBe([1, 0, 1]);
    }

    [Fact]
    public async Task A_reset_that_is_opened_again_at_once_takes_the_own_vote_off_every_device()
    {
        var (room, poll) = await cluster.OpenRoomAsync();
        await using var phone = await RoomClient.ConnectAsync(cluster.A.Address, (await cluster.A.JoinAsync(room.Code)).Token);
        for (var round = 0; round < 5; round++)
        {
            await phone.CastAsync(poll, round, 0);
            var before = phone.States;
            await cluster.A.DoAsync(room, poll, "reset");
            await cluster.A.DoAsync(room, poll, "open");
            await Until.TrueAsync(
                () => phone.States > before && phone.State!.MyVotes.Count == 0 && phone.Polls.TryGetValue(poll, out var view) && view.State == PollState.Open,
                "the phone gets a state without its vote");
        }
    }

    [Fact]
    public async Task A_receipt_tells_the_tallys_version_only_while_participants_may_see_the_tally()
    {
        foreach (var visibility in Enum.GetValues<ResultsVisibility>())
        {
            var (room, poll) = await cluster.OpenRoomAsync(new PollSettings { ResultsVisibility = visibility });
            var person = await cluster.A.JoinAsync(room.Code);
            await using var phone = await RoomClient.ConnectAsync(cluster.B.Address, person.Token);
            async Task<bool> TellsAsync(int revision)
            {
                var hub = (await phone.CastAsync(poll, revision, 1)).TallyVersion;
                // The same receipt again, over HTTP.
                (await cluster.A.VoteAsync(room.Code, poll, person.Token, revision, 1)).TallyVersion.ShouldBe(hub);
                return hub is not null;
            }

            (await TellsAsync(0)).ShouldBe(visibility is ResultsVisibility.Live or ResultsVisibility.AfterVote, $"{visibility}, open");
            await cluster.A.DoAsync(room, poll, "show-results");
            (await TellsAsync(1)).ShouldBeTrue($"{visibility}, shown");
            await cluster.A.DoAsync(room, poll, "hide-results");
            (await TellsAsync(2)).ShouldBeFalse($"{visibility}, hidden");
            (await TellsAsync(1)).ShouldBeFalse($"{visibility}, hidden, for a lower revision");
        }

        var (closing, last) = await cluster.OpenRoomAsync(new PollSettings { ResultsVisibility = ResultsVisibility.AfterClose });
        var voter = await cluster.A.JoinAsync(closing.Code);
        (await cluster.A.VoteAsync(closing.Code, last, voter.Token, 0, 1)).TallyVersion.ShouldBeNull();
        await cluster.A.DoAsync(closing, last, "close");
        (await cluster.A.VoteAsync(closing.Code, last, voter.Token, 0, 1)).TallyVersion.ShouldBe(1);
    }

    private static Task LearnsAsync(RoomClient device, Guid poll, int revision, params int[] choices) => Until.TrueAsync(
        () => device.OwnVotes.Any(vote => vote.PollId == poll && vote.Revision == revision && vote.Choices!.SequenceEqual(choices)),
        $"the other device shows revision {revision}");
}
