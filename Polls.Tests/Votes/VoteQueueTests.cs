using Polls.Core;
using Polls.Core.Kinds;
using Polls.Core.RoomPolls;
using Polls.Core.Storage;
using Polls.Core.Votes;
using Polls.Tests.Clients;
using Polls.Tests.Servers;
using Polls.Tests.Storage;

namespace Polls.Tests.Votes;

/// <summary>The answers to a voter, and what is stored at that time (G1, G2).</summary>
[Collection(nameof(SharedPostgres))]
public sealed class VoteQueueTests(SharedPostgres postgres) : VoteTests(postgres)
{
    private readonly Guid voter = Guid.NewGuid();

    [Fact]
    public async Task A_receipt_comes_only_after_other_connections_can_read_the_vote()
    {
        var poll = await core.OpenAsync();
        for (var revision = 0; revision < 20; revision++)
        {
            var result = await core.CastAsync(poll, voter, revision, revision % 3);
            var stored = (await other.VotesAsync(poll.Id))[voter];
            result.ShouldBe(new VoteResult(VoteOutcome.Accepted, Receipt(stored)));
            stored.Revision.ShouldBe(revision);
            stored.Marks.ShouldBe([(short)(revision % 3)]);
        }

        (await other.AuditAsync(poll.Id)).ShouldBe(1, 0, 1, 0);
    }

    [Fact]
    public async Task No_answer_is_sent_while_the_commit_is_blocked()
    {
        var poll = await core.OpenAsync();
        Task<VoteResult> answer;
        await using (await core.HoldAsync(poll.Id))
        {
            answer = core.CastAsync(poll, voter, 0, 1);
            await core.UntilWaitingAsync(1);
            answer.IsCompleted.ShouldBeFalse();
        }

        (await answer).Outcome.ShouldBe(VoteOutcome.Accepted);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_repeated_revision_gets_the_same_receipt_whatever_it_chooses_also_after_the_close(bool allowChange)
    {
        var poll = await core.OpenAsync(TestApi.Draft(settings: new PollSettings { AllowChange = allowChange }));
        var receipt = (await core.CastAsync(poll, voter, 4, 0)).Vote.ShouldNotBeNull();
        var repeated = new VoteResult(VoteOutcome.Repeated, receipt);
        (await core.CastAsync(poll, voter, 4, 0)).ShouldBe(repeated);
        (await other.CastAsync(poll, voter, 4, 2)).ShouldBe(repeated);
        (await other.CastAsync(poll, voter, 4)).ShouldBe(repeated);
        (await core.CastAsync(poll, Guid.NewGuid(), 0, 1)).Outcome.ShouldBe(VoteOutcome.Accepted);
        await core.CloseAsync(poll);
        (await core.CastAsync(poll, voter, 4, 0)).ShouldBe(repeated);
        (await other.CastAsync(poll, voter, 4, 1)).ShouldBe(repeated);
        (await core.AuditAsync(poll.Id)).ShouldBe(2, 1, 1, 0);
    }

    [Fact]
    public async Task A_lower_revision_changes_nothing_and_gets_the_current_receipt()
    {
        var poll = await core.OpenAsync();
        var standing = new VoteResult(VoteOutcome.Superseded, (await core.CastAsync(poll, voter, 5, 2)).Vote);
        (await core.CastAsync(poll, voter, 4, 0)).ShouldBe(standing);
        (await other.CastAsync(poll, voter, 0)).ShouldBe(standing);
        await core.CloseAsync(poll);
        (await core.CastAsync(poll, voter, 1, 1)).ShouldBe(standing);
        (await core.AuditAsync(poll.Id)).ShouldBe(1, 0, 0, 1);
    }

    [Fact]
    public async Task Simultaneous_requests_of_one_voter_give_one_vote()
    {
        var poll = await core.OpenAsync();
        for (var round = 1; round <= 20; round++)
        {
            var someone = Guid.NewGuid();
            var same = await Task.WhenAll(
                core.CastAsync(poll, someone, 0, 0), other.CastAsync(poll, someone, 0, 1), core.CastAsync(poll, someone, 0, 2));
            same.Count(result => result.Outcome == VoteOutcome.Accepted).ShouldBe(1);
            same.Count(result => result.Outcome == VoteOutcome.Repeated).ShouldBe(2);
            same.Select(result => result.Vote).Distinct().ShouldHaveSingleItem().ShouldNotBeNull();

            await Task.WhenAll(core.CastAsync(poll, someone, 1, 0), other.CastAsync(poll, someone, 3, 2), other.CastAsync(poll, someone, 2, 1));
            var stored = (await core.VotesAsync(poll.Id))[someone];
            (stored.Revision, stored.Marks.Single()).ShouldBe((3, (short)2));
            (await core.AuditAsync(poll.Id)).ShouldBe(round, 0, 0, round);
        }
    }

    [Fact]
    public async Task If_changes_are_not_allowed_the_first_vote_stands()
    {
        var poll = await core.OpenAsync(TestApi.Draft(settings: new PollSettings { AllowChange = false }));
        (await core.CastAsync(poll, voter, 0, 1)).Outcome.ShouldBe(VoteOutcome.Accepted);
        (await core.CastAsync(poll, voter, 1, 2)).ShouldBe(new VoteResult(VoteOutcome.ChangeNotAllowed));
        (await other.CastAsync(poll, voter, 2)).ShouldBe(new VoteResult(VoteOutcome.ChangeNotAllowed));

        var together = Guid.NewGuid();
        var answers = await core.CastTogetherAsync(TestCore.Vote(poll, together, 0, 0), TestCore.Vote(poll, together, 1, 2));
        answers.Select(answer => answer.Outcome).ShouldBe([VoteOutcome.Accepted, VoteOutcome.ChangeNotAllowed]);

        for (var round = 0; round < 10; round++)
        {
            var torn = Guid.NewGuid();
            var both = await Task.WhenAll(core.CastAsync(poll, torn, 1, 0), other.CastAsync(poll, torn, 2, 0));
            both.Count(answer => answer.Outcome == VoteOutcome.Accepted).ShouldBe(1);
        }

        (await core.AuditAsync(poll.Id)).ShouldBe(12, 11, 1, 0);
    }

    [Fact]
    public async Task A_withdrawn_vote_is_not_counted_its_revision_stays_taken_and_a_later_vote_counts_again()
    {
        var poll = await core.OpenAsync(TestApi.Draft(kind: PollKind.MultipleChoice));
        await core.CastAsync(poll, voter, 1, 0, 2);
        (await core.AuditAsync(poll.Id)).ShouldBe(1, 1, 0, 1);
        var withdrawn = await core.CastAsync(poll, voter, 2);
        withdrawn.Outcome.ShouldBe(VoteOutcome.Accepted);
        (await core.AuditAsync(poll.Id)).ShouldBe(0, 0, 0, 0);
        (await core.CastAsync(poll, voter, 1, 0, 2)).ShouldBe(withdrawn with { Outcome = VoteOutcome.Superseded });
        (await core.CastAsync(poll, voter, 2, 1)).ShouldBe(withdrawn with { Outcome = VoteOutcome.Repeated });
        (await core.AuditAsync(poll.Id)).ShouldBe(0, 0, 0, 0);
        (await core.CastAsync(poll, voter, 3, 1, 2)).Outcome.ShouldBe(VoteOutcome.Accepted);
        (await core.AuditAsync(poll.Id)).ShouldBe(1, 0, 1, 1);
    }

    [Fact]
    public async Task Concurrent_votes_of_one_voter_are_committed_in_order()
    {
        var poll = await core.OpenAsync();
        var answers = await core.CastTogetherAsync(
            TestCore.Vote(poll, voter, 1, 0), TestCore.Vote(poll, voter, 3, 1), TestCore.Vote(poll, voter, 2, 2),
            TestCore.Vote(poll, voter, 3, 2), TestCore.Vote(poll, voter, 4, 2));
        answers.Select(answer => answer.Outcome).ShouldBe(
            [VoteOutcome.Accepted, VoteOutcome.Accepted, VoteOutcome.Superseded, VoteOutcome.Repeated, VoteOutcome.Accepted]);
        answers[2].Vote.ShouldBe(answers[1].Vote);
        answers[3].Vote.ShouldBe(answers[1].Vote);
        (await core.AuditAsync(poll.Id)).ShouldBe(1, 0, 0, 1);
    }

    [Fact]
    public async Task A_caller_that_goes_away_gets_the_receipt_of_its_vote_on_the_next_try()
    {
        var poll = await core.OpenAsync();
        using var gone = new CancellationTokenSource();
        await using (await core.HoldAsync(poll.Id))
        {
            var answer = core.Queue.CastAsync(TestCore.Vote(poll, voter, 7, 1), gone.Token);
            await core.UntilWaitingAsync(1);
            await gone.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(() => answer);
        }

        await Until.TrueAsync(async () => (await other.VotesAsync(poll.Id)).ContainsKey(voter), "the vote is stored");
        var stored = (await other.VotesAsync(poll.Id))[voter];
        (await other.CastAsync(poll, voter, 7, 1)).ShouldBe(new VoteResult(VoteOutcome.Repeated, Receipt(stored)));
        (await core.AuditAsync(poll.Id)).ShouldBe(1, 0, 1, 0);
        // The instance that stored it may have stopped before it told the voter's other devices.
        (await other.CastAsync(poll, voter, 7, 2)).Outcome.ShouldBe(VoteOutcome.Repeated);
        await Until.TrueAsync(() => other.Heard.VotesOf(voter).Count == 2, "a repeat is told");
        other.Heard.VotesOf(voter).ShouldAllBe(told => told.Revision == 7 && told.Ballot.Marks.Single() == 1);
    }

    [Fact]
    public async Task An_expired_poll_accepts_no_vote_even_before_it_is_closed()
    {
        var poll = await core.DraftAsync();
        await core.OpenAsync(poll, 86_400);
        (await core.CastAsync(poll, voter, 0, 0)).Outcome.ShouldBe(VoteOutcome.Accepted);
        await core.RunAsync("UPDATE polls SET closes_at = clock_timestamp() WHERE id = $1", poll.Id);
        (await core.CastAsync(poll, Guid.NewGuid(), 0, 0)).ShouldBe(new VoteResult(VoteOutcome.PollNotOpen));
        (await core.CastAsync(poll, voter, 1, 1)).ShouldBe(new VoteResult(VoteOutcome.PollNotOpen));
        (await core.PollAsync(poll.Id)).State.ShouldBe(PollState.Open);
        (await core.AuditAsync(poll.Id)).ShouldBe(1, 1, 0, 0);
    }

    private static CommittedVote Receipt(VoteRow stored) => new(stored.PollId, stored.Revision, new Ballot(stored.Marks, stored.Weights), stored.TallyVersion, stored.CastAt);
}
