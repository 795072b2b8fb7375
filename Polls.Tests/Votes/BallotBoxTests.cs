using Polls.Core;
using Polls.Core.Kinds;
using Polls.Core.RoomPolls;
using Polls.Core.Storage;
using Polls.Core.Votes;
using Polls.Tests.Clients;
using Polls.Tests.Servers;
using Polls.Tests.Storage;

namespace Polls.Tests.Votes;

/// <summary>Validation of a vote against a view of the poll that may be outdated.</summary>
[Collection(nameof(SharedPostgres))]
public sealed class BallotBoxTests(SharedPostgres postgres) : VoteTests(postgres)
{
    [Fact]
    public async Task A_good_vote_gets_its_receipt_and_a_repeat_the_same_one()
    {
        var poll = await other.OpenAsync(TestApi.Draft(kind: PollKind.MultipleChoice));
        var voter = Voter(poll);
        var receipt = (await core.Box.CastAsync(voter, poll.Id, new Answer { Choices = [2, 0] }, 0, null, default)).ShouldSucceed();
        (receipt.PollId, receipt.Revision, receipt.TallyVersion).ShouldBe((poll.Id, 0, 1));
        (await core.Box.CastAsync(voter, poll.Id, new Answer { Choices = [0, 2] }, 0, null, default)).ShouldSucceed().ShouldBeEquivalentTo(receipt);
        (await core.AuditAsync(poll.Id)).ShouldBe(1, 1, 0, 1);
        (await core.Box.WithdrawAsync(voter, poll.Id, 1, default)).ShouldSucceed().Revision.ShouldBe(1);
        (await core.Box.CastAsync(voter, poll.Id, new Answer { Choices = [1] }, 0, null, default)).ShouldSucceed().Revision.ShouldBe(1);
        (await core.AuditAsync(poll.Id)).ShouldBe(0, 0, 0, 0);
    }

    [Theory]
    [InlineData(null, 0, "vote.badChoice")]
    [InlineData(new int[0], 0, "vote.badChoice")]
    [InlineData(new[] { 3 }, 0, "vote.badChoice")]
    [InlineData(new[] { -1 }, 0, "vote.badChoice")]
    [InlineData(new[] { 0, 1 }, 0, "vote.badChoice")]
    [InlineData(new[] { 65536 }, 0, "vote.badChoice")]
    [InlineData(new[] { 0 }, -1, "vote.badRevision")]
    public async Task A_vote_of_the_wrong_shape_is_refused_and_not_stored(int[]? choices, int revision, string code)
    {
        var poll = await other.OpenAsync();
        (await core.Box.CastAsync(Voter(poll), poll.Id, new Answer { Choices = choices }, revision, null, default)).ShouldBeRefused(code);
        (await core.VotesAsync(poll.Id)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_voter_who_floods_is_refused_with_a_time_to_wait()
    {
        var poll = await other.OpenAsync();
        var voter = Voter(poll);
        // The box's own view of the poll, so that only votes wait below.
        (await core.Box.CastAsync(voter, poll.Id, new Answer { Choices = [0] }, 0, null, default)).ShouldSucceed();
        Task<Outcome<VoteReceipt>>[] flood;
        await using (await core.BlockAsync())
        {
            flood = [.. Enumerable.Range(1, 50).Select(revision => core.Box.CastAsync(voter, poll.Id, new Answer { Choices = [0] }, revision, null, default))];
            core.Queue.Depth.ShouldBe(flood.Length);
        }

        var refused = (await Task.WhenAll(flood)).Where(answer => answer.Refusal is not null).ToList();
        refused.ShouldNotBeEmpty();
        refused.ShouldAllBe(answer => answer.Refusal!.Code == "rateLimited" && answer.Refusal.RetryAfter > TimeSpan.Zero);
    }

    [Fact]
    public async Task Votes_that_are_not_possible_are_refused_with_the_reason()
    {
        var poll = await other.OpenAsync(TestApi.Draft(settings: new PollSettings { AllowChange = false }));
        var voter = Voter(poll);
        (await core.Box.CastAsync(voter, Guid.NewGuid(), new Answer { Choices = [0] }, 0, null, default)).ShouldBeRefused("poll.notFound");
        (await core.Box.CastAsync(voter with { RoomId = Guid.NewGuid() }, poll.Id, new Answer { Choices = [0] }, 0, null, default)).ShouldBeRefused("poll.notFound");
        (await core.Box.WithdrawAsync(voter with { RoomId = Guid.NewGuid() }, poll.Id, 0, default)).ShouldBeRefused("poll.notFound");
        (await core.Box.WithdrawAsync(voter, poll.Id, -1, default)).ShouldBeRefused("vote.badRevision");
        (await core.Box.CastAsync(voter, poll.Id, new Answer { Choices = [0] }, 0, null, default)).ShouldSucceed();
        (await core.Box.CastAsync(voter, poll.Id, new Answer { Choices = [1] }, 1, null, default)).ShouldBeRefused("vote.changeNotAllowed");
        await other.CloseAsync(poll);
        (await core.Box.CastAsync(Voter(poll), poll.Id, new Answer { Choices = [0] }, 0, null, default)).ShouldBeRefused("poll.notOpen");
        (await core.AuditAsync(poll.Id)).ShouldBe(1, 1, 0, 0);
        var draft = await other.DraftAsync();
        (await core.Box.CastAsync(Voter(draft), draft.Id, new Answer { Choices = [0] }, 0, null, default)).ShouldBeRefused("poll.notOpen");
    }

    [Fact]
    public async Task A_vote_for_a_draft_is_refused_without_revealing_its_options()
    {
        var draft = await other.DraftAsync(TestApi.Draft(options: 3));
        foreach (var choices in new int[]?[] { null, [], [0], [2], [3], [-1], [0, 1], [0, 0], [65_536] })
        {
            (await core.Box.CastAsync(Voter(draft), draft.Id, new Answer { Choices = choices }, 0, null, default)).ShouldBeRefused("poll.notOpen");
        }

        (await core.Box.WithdrawAsync(Voter(draft), draft.Id, 0, default)).ShouldBeRefused("poll.notOpen");

        // Nor is a poll that was open: its options may have been rewritten.
        var reset = await other.OpenAsync();
        (await core.Box.CastAsync(Voter(reset), reset.Id, new Answer { Choices = [0] }, 0, null, default)).ShouldSucceed();
        await other.ResetAsync(reset);
        (await core.Box.CastAsync(Voter(reset), reset.Id, new Answer { Choices = [3] }, 0, null, default)).ShouldBeRefused("poll.notOpen");
        (await core.VotesAsync(draft.Id)).ShouldBeEmpty();
        (await core.VotesAsync(reset.Id)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_deleted_poll_is_not_found_even_on_an_instance_that_knew_it()
    {
        var poll = await other.OpenAsync();
        (await core.Box.CastAsync(Voter(poll), poll.Id, new Answer { Choices = [0] }, 0, null, default)).ShouldSucceed();
        await other.ResetAsync(poll);
        (await other.Polls.DeleteAsync(poll.RoomId, poll.Id, default)).ShouldSucceed();
        (await core.Box.CastAsync(Voter(poll), poll.Id, new Answer { Choices = [0] }, 0, null, default)).ShouldBeRefused("poll.notFound");
    }

    [Fact]
    public async Task An_instance_with_an_outdated_view_checks_the_vote_against_the_current_poll()
    {
        var poll = await other.OpenAsync(TestApi.Draft(options: 3));
        (await core.Box.CastAsync(Voter(poll), poll.Id, new Answer { Choices = [2] }, 0, null, default)).ShouldSucceed();
        await RewriteAsync(poll, options: 2);
        (await core.Box.CastAsync(Voter(poll), poll.Id, new Answer { Choices = [2] }, 0, null, default)).ShouldBeRefused("vote.badChoice");
        (await core.Box.CastAsync(Voter(poll), poll.Id, new Answer { Choices = [1] }, 0, null, default)).ShouldSucceed();
        await RewriteAsync(poll, options: 5);
        (await core.Box.CastAsync(Voter(poll), poll.Id, new Answer { Choices = [4] }, 0, null, default)).ShouldSucceed();
        (await core.AuditAsync(poll.Id)).ShouldBe(1, 0, 0, 0, 0, 1);
    }

    [Fact]
    public async Task A_poll_edited_between_the_check_and_the_commit_is_checked_again()
    {
        var poll = await other.OpenAsync(TestApi.Draft(options: 3));
        Task<Outcome<VoteReceipt>> gone, stays;
        await using (await core.BlockAsync())
        {
            gone = core.Box.CastAsync(Voter(poll), poll.Id, new Answer { Choices = [2] }, 0, null, default);
            stays = core.Box.CastAsync(Voter(poll), poll.Id, new Answer { Choices = [1] }, 0, null, default);
            await Until.TrueAsync(() => core.Queue.Depth == 2, "both wait");
            await RewriteAsync(poll, options: 2);
        }

        (await gone).ShouldBeRefused("vote.badChoice");
        (await stays).ShouldSucceed();
        (await core.AuditAsync(poll.Id)).ShouldBe(1, 0, 1);
        (await core.VotesAsync(poll.Id)).Count.ShouldBe(1);
    }

    private async Task RewriteAsync(PollSnapshot poll, int options)
    {
        await other.ResetAsync(poll);
        (await other.Polls.EditAsync(poll.RoomId, poll.Id, TestApi.Draft(options: options), default)).ShouldSucceed();
        await other.OpenAsync(poll);
    }

    private static Voter Voter(PollSnapshot poll) => new(poll.RoomId, Guid.NewGuid());
}
