using Polls.Core;
using Polls.Core.RoomPolls;
using Polls.Core.Storage;
using Polls.Tests.Clients;
using Polls.Tests.Servers;
using Polls.Tests.Storage;

namespace Polls.Tests.Journeys;

/// <summary>Each participant sees the result once the own answer is stored, on every way to it, and nobody sooner (G6).</summary>
[Collection(nameof(TwoInstances))]
public sealed class AfterVoteTests(TwoInstances cluster)
{
    private static readonly PollSettings AfterVote = new() { ResultsVisibility = ResultsVisibility.AfterVote };

    [Fact]
    public async Task A_participant_sees_the_tally_from_the_own_answer_until_its_withdrawal()
    {
        var (room, poll) = await cluster.OpenRoomAsync(AfterVote);
        var (ann, bob) = (await cluster.A.JoinAsync(room.Code), await cluster.B.JoinAsync(room.Code));
        await using var phone = await RoomClient.ConnectAsync(cluster.A.Address, ann.Token);
        await using var tablet = await RoomClient.ConnectAsync(cluster.B.Address, ann.Token);
        await using var other = await RoomClient.ConnectAsync(cluster.B.Address, bob.Token);
        await using var screen = await RoomClient.ConnectAsync(cluster.B.Address, await cluster.A.ScreenTokenAsync(room));
        await using var host = await RoomClient.ConnectAsync(cluster.A.Address, room.HostToken);
        (phone.Polls[poll].ResultsVisible, phone.Tallies.ContainsKey(poll)).ShouldBe((false, false));

        (await phone.CastAsync(poll, 0, 1)).TallyVersion.ShouldBe(1);

        await cluster.ConvergedAsync(poll, 3, phone, tablet, screen, host);
        await Until.TrueAsync(() => phone.Polls[poll].ResultsVisible && tablet.Polls[poll].ResultsVisible, "both devices may see the result");
        screen.Polls[poll].ResultsVisible.ShouldBeFalse("the screen shows it later");
        (await cluster.B.StateAsync(room.Code, ann.Token)).Polls[0].Tally.ShouldNotBeNull();
        (await phone.GetStateAsync()).Polls[0].Tally.ShouldNotBeNull();
        (await cluster.B.StateAsync(room.Code, bob.Token)).Polls[0].Tally.ShouldBeNull();
        (await other.GetStateAsync()).Polls[0].Tally.ShouldBeNull();

        // Further votes reach only those who have voted.
        var carl = await cluster.A.JoinAsync(room.Code);
        await cluster.A.VoteAsync(room.Code, poll, carl.Token, 0, 2);
        await cluster.ConvergedAsync(poll, 3, phone, tablet, screen, host);
        await using (var late = await RoomClient.ConnectAsync(cluster.B.Address, carl.Token))
        {
            await cluster.ConvergedAsync(poll, 3, late);
        }

        (await phone.WithdrawAsync(poll, 1)).TallyVersion.ShouldBeNull();
        await Until.TrueAsync(() => !phone.Polls[poll].ResultsVisible && !tablet.Polls[poll].ResultsVisible, "both devices may not see the result");
        (await cluster.A.StateAsync(room.Code, ann.Token)).Polls[0].Tally.ShouldBeNull();
        await cluster.ConvergedAsync(poll, 3, screen, host);

        other.TallyLog.ShouldBeEmpty();
        await cluster.A.DoAsync(room, poll, "close");
        await cluster.ConvergedAsync(poll, 3, phone, tablet, other, screen, host);
        await Until.TrueAsync(() => screen.Polls[poll].ResultsVisible, "the screen may show the result, which it has already");
    }

    [Fact]
    public async Task A_vote_of_which_the_instance_that_stored_it_told_nobody_reaches_the_voters_screen()
    {
        var (room, poll) = await cluster.OpenRoomAsync(AfterVote);
        var ann = await cluster.A.JoinAsync(room.Code);
        await using var phone = await RoomClient.ConnectAsync(cluster.B.Address, ann.Token);
        // As one that was killed after the receipt. Redis is there all the time.
        await using var killed = new TestCore(cluster.Cluster.Postgres.ConnectionString);

        (await killed.CastAsync(await killed.PollAsync(poll), ann.ParticipantId, 0, 1)).Outcome.ShouldBe(VoteOutcome.Accepted);

        await Until.TrueAsync(() => phone.Polls[poll].ResultsVisible, "the voter sees the result");
        phone.OwnVotes.Select(vote => (vote.Revision, vote.Choices!.Single())).ShouldBe([(0, 1)]);
        await cluster.ConvergedAsync(poll, 3, phone);
    }

    [Fact]
    public async Task The_hosts_hand_wins_over_the_own_answer()
    {
        var (room, poll) = await cluster.OpenRoomAsync(AfterVote);
        await using var voter = await RoomClient.ConnectAsync(cluster.A.Address, (await cluster.A.JoinAsync(room.Code)).Token);
        await using var silent = await RoomClient.ConnectAsync(cluster.B.Address, (await cluster.A.JoinAsync(room.Code)).Token);
        await voter.CastAsync(poll, 0, 0);
        await cluster.ConvergedAsync(poll, 3, voter);

        await cluster.A.DoAsync(room, poll, "hide-results");
        await Until.TrueAsync(() => !voter.Polls[poll].ResultsVisible, "the host hides the result");
        (await voter.CastAsync(poll, 1, 1)).TallyVersion.ShouldBeNull();
        (await voter.GetStateAsync()).Polls[0].Tally.ShouldBeNull();

        await cluster.A.DoAsync(room, poll, "show-results");
        await cluster.ConvergedAsync(poll, 3, voter, silent);
        await Until.TrueAsync(() => silent.Polls[poll].ResultsVisible, "the participant without an answer may see the result, too");
    }

    [Fact]
    public async Task A_reset_takes_the_sight_of_the_next_tally_away()
    {
        var (room, poll) = await cluster.OpenRoomAsync(AfterVote);
        await using var voter = await RoomClient.ConnectAsync(cluster.B.Address, (await cluster.A.JoinAsync(room.Code)).Token);
        await voter.CastAsync(poll, 0, 0);
        await cluster.ConvergedAsync(poll, 3, voter);
        await cluster.A.DoAsync(room, poll, "reset");
        await cluster.A.DoAsync(room, poll, "open");
        await Until.TrueAsync(() => voter.Polls.TryGetValue(poll, out var seen) && seen.Edition == 2 && !seen.ResultsVisible, "the poll is open again");
        var versions = voter.TallyLog.Count;
        await cluster.A.VoteAsync(room.Code, poll, (await cluster.A.JoinAsync(room.Code)).Token, 0, 2);
        (await voter.GetStateAsync()).Polls[0].Tally.ShouldBeNull();
        voter.TallyLog.Count.ShouldBe(versions);
        await voter.CastAsync(poll, 0, 1);
        await cluster.ConvergedAsync(poll, 3, voter);
    }
}
