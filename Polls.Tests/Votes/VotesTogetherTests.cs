using Polls.Core;
using Polls.Core.Storage;
using Polls.Core.Votes;
using Polls.Tests.Clients;
using Polls.Tests.Servers;
using Polls.Tests.Storage;

namespace Polls.Tests.Votes;

/// <summary>
/// Interactions between many votes: they share a batch, and neither an invalid vote nor a flood nor a locked poll
/// affects the others.
/// </summary>
[Collection(nameof(SharedPostgres))]
public sealed class VotesTogetherTests(SharedPostgres postgres) : VoteTests(postgres)
{
    private readonly Guid voter = Guid.NewGuid();

    [Fact]
    public async Task Votes_of_different_polls_share_a_batch_and_keep_to_their_polls()
    {
        var one = await core.OpenAsync(TestApi.Draft(options: 2));
        var two = await core.OpenAsync(TestApi.Draft(options: 4, kind: PollKind.MultipleChoice));
        var answers = await core.CastTogetherAsync(
            TestCore.Vote(two, voter, 0, 1, 3), TestCore.Vote(one, voter, 9, 0), TestCore.Vote(two, Guid.NewGuid(), 0),
            TestCore.Vote(one, Guid.NewGuid(), 0, 1), TestCore.Vote(two, Guid.NewGuid(), 0, 0, 1, 2, 3));
        answers.ShouldAllBe(answer => answer.Outcome == VoteOutcome.Accepted);
        answers.Select(answer => answer.Vote!.PollId).ShouldBe([two.Id, one.Id, two.Id, one.Id, two.Id]);
        answers.Select(answer => answer.Vote!.Revision).ShouldBe([0, 9, 0, 0, 0]);
        answers.Select(answer => answer.Vote!.TallyVersion).ShouldAllBe(version => version == 1, "one batch increases the tally's version once");
        (await core.AuditAsync(one.Id)).ShouldBe(2, 1, 1);
        (await core.AuditAsync(two.Id)).ShouldBe(2, 1, 2, 1, 2);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(5)]
    public async Task A_bad_vote_in_a_batch_fails_alone(int place)
    {
        var poll = await core.OpenAsync();
        var closed = await core.OpenAsync();
        await core.CloseAsync(closed);
        var draft = await core.DraftAsync();
        foreach (var (bad, outcome) in new[]
        {
            (TestCore.Vote(poll with { Id = Guid.NewGuid() }, voter, 0, 0), VoteOutcome.PollNotFound),
            (TestCore.Vote(poll with { Edition = 2 }, voter, 0, 0), VoteOutcome.PollEdited),
            (TestCore.Vote(closed, voter, 0, 0), VoteOutcome.PollNotOpen),
            (TestCore.Vote(draft, voter, 0, 0), VoteOutcome.PollNotOpen),
            (TestCore.Vote(poll, voter, -1, 0), VoteOutcome.Rejected),
        })
        {
            var before = await core.AuditAsync(poll.Id);
            List<PendingVote> batch = [.. Enumerable.Range(0, 5).Select(_ => TestCore.Vote(poll, Guid.NewGuid(), 0, 1))];
            batch.Insert(place, bad);
            var answers = await core.CastTogetherAsync([.. batch]);
            answers.Select((answer, i) => (i, answer.Outcome)).ShouldBe(
                Enumerable.Range(0, 6).Select(i => (i, i == place ? outcome : VoteOutcome.Accepted)));
            (await core.AuditAsync(poll.Id)).ShouldBe(before.Voters + 5, 0, before.Voters + 5, 0);
        }

        (await core.AuditAsync(closed.Id)).ShouldBe(0, 0, 0, 0);
        (await core.AuditAsync(draft.Id)).ShouldBe(0, 0, 0, 0);
    }

    [Fact]
    public async Task A_full_queue_answers_busy_at_once_and_drops_no_accepted_vote()
    {
        await using var small = Postgres.Core(new VoteOptions { Writers = 1, QueueLimit = 5, ReceiptTimeoutSeconds = 60 });
        var poll = await small.OpenAsync();
        Task<VoteResult>[] taken;
        await using (await small.BlockAsync())
        {
            taken = [.. Enumerable.Range(0, 5).Select(_ => small.CastAsync(poll, Guid.NewGuid(), 0, 2))];
            var refused = small.CastAsync(poll, voter, 0, 0);
            refused.IsCompleted.ShouldBeTrue("no vote waits for a place");
            (await refused).ShouldBe(new VoteResult(VoteOutcome.Busy));
            taken.ShouldAllBe(answer => !answer.IsCompleted);
        }

        (await Task.WhenAll(taken)).ShouldAllBe(answer => answer.Outcome == VoteOutcome.Accepted);
        (await small.VotesAsync(poll.Id)).Keys.ShouldNotContain(voter);
        (await small.AuditAsync(poll.Id)).ShouldBe(5, 0, 0, 5);
        (await small.CastAsync(poll, voter, 0, 0)).Outcome.ShouldBe(VoteOutcome.Accepted);
    }

    [Fact]
    public async Task A_voters_flood_takes_no_places_of_others_is_refused_beyond_its_share_and_accepted_votes_are_stored()
    {
        const int Flood = 5_000;
        // One vote is in progress, and eight may wait behind it.
        const int Taken = 1 + 8;
        var poll = await core.OpenAsync();
        Task<VoteResult>[] flood, others;
        await using (await core.HoldAsync(poll.Id))
        {
            await using (await core.BlockAsync())
            {
                flood = [.. Enumerable.Range(0, Flood).Select(revision => core.CastAsync(poll, voter, revision, 0))];
                others = [.. Enumerable.Range(0, 300).Select(_ => core.CastAsync(poll, Guid.NewGuid(), 0, 1))];
            }

            await Until.TrueAsync(() => flood.Count(answer => answer.IsCompleted) >= Flood - Taken, "the surplus is refused");
            flood.Where(answer => answer.IsCompleted).ShouldAllBe(answer => answer.Result == new VoteResult(VoteOutcome.TooFast));
            others.ShouldAllBe(answer => !answer.IsCompleted, "their poll is locked: nothing has been committed yet");
        }

        (await Task.WhenAll(others)).ShouldAllBe(
            answer => answer.Outcome == VoteOutcome.Accepted && answer.Vote!.TallyVersion == 1,
            "they share the first batch, regardless of earlier votes");
        var answers = await Task.WhenAll(flood);
        answers.Select(answer => answer.Outcome).ShouldBe(
            [.. Enumerable.Repeat(VoteOutcome.Accepted, Taken), .. Enumerable.Repeat(VoteOutcome.TooFast, Flood - Taken)]);
        answers[..Taken].Select(answer => answer.Vote!.TallyVersion!.Value).ShouldBe(
            Enumerable.Range(1, Taken).Select(version => (long)version), "one of them per batch, in their order");
        (await core.VotesAsync(poll.Id))[voter].Revision.ShouldBe(Taken - 1);
        (await core.AuditAsync(poll.Id)).ShouldBe(301, 1, 300, 0);
        (await core.CastAsync(poll, voter, Flood, 2)).Outcome.ShouldBe(VoteOutcome.Accepted, "later votes of the voter are accepted again");
        (await core.AuditAsync(poll.Id)).ShouldBe(301, 0, 300, 1);
    }

    [Fact]
    public async Task A_continuous_flood_does_not_delay_other_voters()
    {
        var poll = await core.OpenAsync();
        using var stop = new CancellationTokenSource();
        var flooded = 0;
        var flooding = Task.Run(async () =>
        {
            var answers = new List<VoteResult>();
            for (var revision = 0; !stop.IsCancellationRequested;)
            {
                answers.AddRange(await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => core.CastAsync(poll, voter, revision++, 0))));
                Volatile.Write(ref flooded, answers.Count);
            }

            return answers;
        });
        await Until.TrueAsync(() => Volatile.Read(ref flooded) >= 200, "the flood is running");
        (await Task.WhenAll(Enumerable.Range(0, 500).Select(_ => core.CastAsync(poll, Guid.NewGuid(), 0, 1))))
            .ShouldAllBe(answer => answer.Outcome == VoteOutcome.Accepted);
        await stop.CancelAsync();

        var answers = await flooding.WaitAsync(TimeSpan.FromSeconds(60));
        answers.ShouldAllBe(answer => answer.Outcome == VoteOutcome.Accepted || answer.Outcome == VoteOutcome.TooFast);
        answers.ShouldContain(answer => answer.Outcome == VoteOutcome.TooFast);
        (await core.VotesAsync(poll.Id))[voter].Revision.ShouldBe(answers.Max(answer => answer.Vote?.Revision ?? -1));
        (await core.AuditAsync(poll.Id)).ShouldBe(501, 1, 500, 0);
    }

    [Fact]
    public async Task A_locked_poll_delays_only_its_own_votes()
    {
        // With the product's own time-out; a later answer would be a refusal.
        await using var product = Postgres.Core(new VoteOptions { Writers = 1 });
        var held = await product.OpenAsync();
        var free = await product.OpenAsync();
        PendingVote[] late = [.. Enumerable.Range(0, 10).Select(_ => TestCore.Vote(held, Guid.NewGuid(), 0, 1))];
        Task<VoteResult>[] waiting, answers;
        await using (await product.HoldAsync(held.Id))
        {
            await using (await product.BlockAsync())
            {
                waiting = [.. late.Select(vote => product.Queue.CastAsync(vote, default))];
                answers = [.. Enumerable.Range(0, 10).Select(_ => product.CastAsync(free, Guid.NewGuid(), 0, 2))];
                product.Queue.Depth.ShouldBe(20, "both polls' votes make one batch");
            }

            (await Task.WhenAll(answers)).ShouldAllBe(answer => answer.Outcome == VoteOutcome.Accepted);
            (await product.AuditAsync(free.Id)).ShouldBe(10, 0, 0, 10);
            (await product.AuditAsync(held.Id)).ShouldBe(0, 0, 0, 0);
            waiting.ShouldAllBe(answer => !answer.IsCompleted || answer.Result == new VoteResult(VoteOutcome.Unavailable));
            await Until.TrueAsync(() => waiting.All(answer => answer.IsCompleted), "no vote waits forever");
            waiting.ShouldAllBe(answer => answer.Result == new VoteResult(VoteOutcome.Unavailable));
            (await product.CastAsync(free, voter, 0, 0)).Outcome.ShouldBe(VoteOutcome.Accepted, "the storage is not reported as unavailable");
        }

        // The same votes again, as all clients of ours do.
        var again = await Task.WhenAll(late.Select(vote => product.CastAsync(held, vote.ParticipantId, vote.Revision, 1)));
        again.ShouldAllBe(answer => answer.Outcome == VoteOutcome.Accepted);
        (await product.AuditAsync(held.Id)).ShouldBe(10, 0, 10, 0);
        (await product.AuditAsync(free.Id)).ShouldBe(11, 1, 0, 10);
    }

    [Fact]
    public async Task Draining_answers_every_accepted_vote_and_accepts_no_more()
    {
        var poll = await core.OpenAsync();
        Task<VoteResult>[] taken;
        Task drained;
        await using (await core.BlockAsync())
        {
            // Some of the same voter, which need more than one batch.
            taken = [.. Enumerable.Range(0, 20).Select(i => core.CastAsync(poll, i < 15 ? Guid.NewGuid() : voter, i, 0))];
            drained = core.Queue.DrainAsync();
            (await core.CastAsync(poll, Guid.NewGuid(), 0, 1)).ShouldBe(new VoteResult(VoteOutcome.Busy));
            drained.IsCompleted.ShouldBeFalse();
        }

        await drained.WaitAsync(TimeSpan.FromSeconds(60));
        taken.ShouldAllBe(answer => answer.IsCompleted || answer.Wait(TimeSpan.FromSeconds(60)));
        (await Task.WhenAll(taken)).ShouldAllBe(answer => answer.Outcome == VoteOutcome.Accepted);
        (await core.AuditAsync(poll.Id)).ShouldBe(16, 16, 0, 0);
    }
}
