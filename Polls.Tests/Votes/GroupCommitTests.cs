using Polls.Core.Polls;
using Polls.Core.Votes;
using static Polls.Tests.Votes.VoteStore;

namespace Polls.Tests.Votes;

/// <summary>The group commit on real PostgreSQL: what other systems got wrong here must stay right.</summary>
[Collection(nameof(VoteStore))]
public sealed class GroupCommitTests(VoteStore store)
{
    [Fact]
    public async Task A_receipt_means_that_another_connection_can_read_the_vote()
    {
        await using var queue = store.Instance();
        var (_, polls) = await store.OpenPollsAsync();
        for (var revision = 0; revision < 20; revision++)
        {
            var voter = Guid.CreateVersion7();
            var result = await queue.CastAsync(Vote(polls[0], voter, revision, 1), default);
            result.Outcome.ShouldBe(VoteOutcome.Accepted);
            await using var look = store.Database.CreateCommand(
                $"SELECT tally_version FROM votes WHERE poll_id = '{polls[0]}' AND participant_id = '{voter}' AND revision = {revision}");
            (await look.ExecuteScalarAsync()).ShouldBe(result.Receipt!.TallyVersion);
        }
    }

    [Fact]
    public async Task Two_requests_at_once_by_one_voter_on_two_instances_are_one_vote()
    {
        await using var one = store.Instance();
        await using var two = store.Instance();
        var (room, polls) = await store.OpenPollsAsync();
        for (var round = 0; round < 50; round++)
        {
            var voter = Guid.CreateVersion7();
            var results = await Task.WhenAll(
                one.CastAsync(Vote(polls[0], voter, 1, 0), default), two.CastAsync(Vote(polls[0], voter, 1, 1), default),
                one.CastAsync(Vote(polls[0], voter, 1, 0), default), two.CastAsync(Vote(polls[0], voter, 1, 2), default));
            results.Count(result => result.Outcome == VoteOutcome.Accepted).ShouldBe(1);
            results.Select(result => result.Receipt).Distinct().ShouldHaveSingleItem();
        }

        (await store.RecountAsync(polls[0]))[0].ShouldBe(50);
        await store.ShouldBeExactAsync(room, polls[0]);
    }

    [Fact]
    public async Task Many_writers_on_many_polls_in_any_order_never_deadlock_and_never_write_a_stale_counter()
    {
        var (room, polls) = await store.OpenPollsAsync(polls: 4);
        VoteQueue[] instances = [store.Instance(new VoteOptions { Writers = 3, BatchLimit = 20 }), store.Instance(new VoteOptions { Writers = 1 }), store.Instance()];
        var voters = Enumerable.Range(0, 60).Select(_ => Guid.CreateVersion7()).ToArray();
        var failed = 0;
        await Task.WhenAll(voters.Select((voter, v) => Task.Run(async () =>
        {
            var random = new Random(v);
            for (var revision = 0; revision < 40; revision++)
            {
                var poll = polls[random.Next(polls.Length)];
                int[] marks = random.Next(5) == 0 ? [] : [random.Next(3)];
                var result = await instances[random.Next(instances.Length)].CastAsync(Vote(poll, voter, revision, marks), default);
                if (result.Outcome != VoteOutcome.Accepted)
                {
                    Interlocked.Increment(ref failed);
                }
            }
        })));
        failed.ShouldBe(0);
        foreach (var poll in polls)
        {
            await store.ShouldBeExactAsync(room, poll);
        }

        await using var deadlocks = store.Database.CreateCommand("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()");
        (await deadlocks.ExecuteScalarAsync()).ShouldBe(0L);
        foreach (var instance in instances)
        {
            await instance.DisposeAsync();
        }
    }

    [Fact]
    public async Task Every_tally_that_was_ever_told_is_consistent_and_no_version_is_told_with_two_contents()
    {
        await using var one = store.Instance();
        await using var two = store.Instance();
        var (_, polls) = await store.OpenPollsAsync();
        await Task.WhenAll(Enumerable.Range(0, 300).Select(i =>
            (i % 2 == 0 ? one : two).CastAsync(Vote(polls[0], Guid.CreateVersion7(), 0, i % 3), default)));
        var told = store.Audience.Tallies.Where(tally => tally.PollId == polls[0]).ToList();
        told.ShouldAllBe(tally => tally.Counts.Sum() == tally.Voters);
        foreach (var version in told.GroupBy(tally => tally.Version))
        {
            version.Select(tally => string.Join(',', tally.Counts)).Distinct().ShouldHaveSingleItem();
        }

        told.OrderBy(tally => tally.Version).Last().Voters.ShouldBe(300);
    }

    [Fact]
    public async Task Revisions_out_of_order_leave_the_highest_and_tell_the_late_ones_so()
    {
        await using var queue = store.Instance();
        var (room, polls) = await store.OpenPollsAsync();
        var voter = Guid.CreateVersion7();
        var third = await queue.CastAsync(Vote(polls[0], voter, 3, 2), default);
        var first = await queue.CastAsync(Vote(polls[0], voter, 1, 0), default);
        var again = await queue.CastAsync(Vote(polls[0], voter, 3, 1), default);
        first.Outcome.ShouldBe(VoteOutcome.Superseded);
        again.Outcome.ShouldBe(VoteOutcome.Repeated);
        first.Receipt.ShouldBe(third.Receipt);
        again.Receipt.ShouldBe(third.Receipt);
        (await store.RecountAsync(polls[0])).ShouldBe([1, 0, 0, 1]);
        await store.ShouldBeExactAsync(room, polls[0]);
    }

    [Fact]
    public async Task A_withdrawn_vote_is_not_brought_back_by_a_late_repeat()
    {
        await using var queue = store.Instance();
        var (room, polls) = await store.OpenPollsAsync();
        var voter = Guid.CreateVersion7();
        await queue.CastAsync(Vote(polls[0], voter, 1, 0), default);
        (await queue.CastAsync(Vote(polls[0], voter, 2), default)).Outcome.ShouldBe(VoteOutcome.Accepted);
        (await queue.CastAsync(Vote(polls[0], voter, 1, 0), default)).Outcome.ShouldBe(VoteOutcome.Superseded);
        (await store.RecountAsync(polls[0])).ShouldBe([0, 0, 0, 0]);
        await queue.CastAsync(Vote(polls[0], voter, 3, 1), default);
        (await store.RecountAsync(polls[0])).ShouldBe([1, 0, 1, 0]);
        await store.ShouldBeExactAsync(room, polls[0]);
    }

    [Fact]
    public async Task Where_no_change_is_allowed_the_first_vote_stands_also_within_one_batch()
    {
        // One writer: what arrives while its first batch is under way meets in the next one.
        await using var queue = store.Instance(new VoteOptions { Writers = 1 });
        var (room, polls) = await store.OpenPollsAsync(settings: new PollSettings { AllowChange = false });
        var voter = Guid.CreateVersion7();
        var results = await Task.WhenAll(
            queue.CastAsync(Vote(polls[0], voter, 1, 0), default),
            queue.CastAsync(Vote(polls[0], voter, 2, 1), default),
            queue.CastAsync(Vote(polls[0], voter, 3), default));
        results.Select(result => result.Outcome).ShouldBe([VoteOutcome.Accepted, VoteOutcome.ChangeNotAllowed, VoteOutcome.ChangeNotAllowed]);
        (await store.RecountAsync(polls[0])).ShouldBe([1, 1, 0, 0]);
        await store.ShouldBeExactAsync(room, polls[0]);
    }

    [Fact]
    public async Task One_bad_vote_in_a_batch_fails_alone()
    {
        await using var queue = store.Instance(new VoteOptions { Writers = 1 });
        var (room, polls) = await store.OpenPollsAsync(polls: 2);
        await store.PollCommands.CloseAsync(room, polls[1], default);
        var good = Enumerable.Range(0, 30).Select(i => queue.CastAsync(Vote(polls[0], Guid.CreateVersion7(), 0, i % 3), default)).ToList();
        var unknown = queue.CastAsync(Vote(Guid.CreateVersion7(), Guid.CreateVersion7(), 0, 0), default);
        var closed = queue.CastAsync(Vote(polls[1], Guid.CreateVersion7(), 0, 0), default);
        var edited = queue.CastAsync(new PendingVote(polls[0], 99, Guid.CreateVersion7(), 0, [0]), default);
        // Refused by a constraint of the database itself, so that the whole statement fails at first.
        var broken = queue.CastAsync(Vote(polls[0], Guid.CreateVersion7(), -5, 0), default);
        good.AddRange(Enumerable.Range(0, 30).Select(i => queue.CastAsync(Vote(polls[0], Guid.CreateVersion7(), 0, i % 3), default)));

        (await Task.WhenAll(good)).ShouldAllBe(result => result.Outcome == VoteOutcome.Accepted);
        (await unknown).Outcome.ShouldBe(VoteOutcome.PollNotFound);
        (await closed).Outcome.ShouldBe(VoteOutcome.PollNotOpen);
        (await edited).Outcome.ShouldBe(VoteOutcome.PollEdited);
        (await broken).Outcome.ShouldBe(VoteOutcome.Rejected);
        (await store.RecountAsync(polls[0]))[0].ShouldBe(60);
        await store.ShouldBeExactAsync(room, polls[0]);
    }

    [Fact]
    public async Task After_a_close_is_acknowledged_no_vote_gets_in_and_every_receipt_before_is_counted()
    {
        VoteQueue[] instances = [store.Instance(), store.Instance()];
        for (var round = 0; round < 10; round++)
        {
            var (room, polls) = await store.OpenPollsAsync();
            var accepted = 0;
            var closed = false;
            var late = 0;
            var voting = Enumerable.Range(0, 40).Select(v => Task.Run(async () =>
            {
                for (var i = 0; ; i++)
                {
                    var sentAfterClose = Volatile.Read(ref closed);
                    var result = await instances[(v + i) % 2].CastAsync(Vote(polls[0], Guid.CreateVersion7(), 0, v % 3), default);
                    if (result.Outcome == VoteOutcome.PollNotOpen)
                    {
                        return;
                    }

                    Interlocked.Increment(ref accepted);
                    if (sentAfterClose)
                    {
                        Interlocked.Increment(ref late);
                    }
                }
            })).ToList();
            await Task.Delay(20);
            (await store.PollCommands.CloseAsync(room, polls[0], default)).Refusal.ShouldBeNull();
            var atClose = await store.RecountAsync(polls[0]);
            Volatile.Write(ref closed, true);
            await Task.WhenAll(voting);
            late.ShouldBe(0);
            (await store.RecountAsync(polls[0])).ShouldBe(atClose);
            atClose[0].ShouldBe(accepted);
            await store.ShouldBeExactAsync(room, polls[0]);
        }

        foreach (var instance in instances)
        {
            await instance.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_timed_poll_refuses_votes_after_its_time_even_before_anybody_closes_it()
    {
        await using var queue = store.Instance();
        var (_, polls) = await store.OpenPollsAsync();
        await using (var expire = store.Database.CreateCommand($"UPDATE polls SET closes_at = clock_timestamp() WHERE id = '{polls[0]}'"))
        {
            await expire.ExecuteNonQueryAsync();
        }

        (await queue.CastAsync(Vote(polls[0], Guid.CreateVersion7(), 0, 0), default)).Outcome.ShouldBe(VoteOutcome.PollNotOpen);
    }

    [Fact]
    public async Task A_full_queue_answers_busy_at_once_and_keeps_what_it_took()
    {
        await using var queue = store.Instance(new VoteOptions { Writers = 1, QueueLimit = 50, BatchLimit = 10 });
        var (room, polls) = await store.OpenPollsAsync();
        var results = await Task.WhenAll(Enumerable.Range(0, 2000).Select(i => queue.CastAsync(Vote(polls[0], Guid.CreateVersion7(), 0, i % 3), default)));
        var accepted = results.Count(result => result.Outcome == VoteOutcome.Accepted);
        results.ShouldAllBe(result => result.Outcome == VoteOutcome.Accepted || result.Outcome == VoteOutcome.Busy);
        accepted.ShouldBeLessThan(2000);
        (await store.RecountAsync(polls[0]))[0].ShouldBe(accepted);
        await store.ShouldBeExactAsync(room, polls[0]);
    }

    [Fact]
    public async Task A_caller_that_gave_up_gets_its_receipt_when_it_comes_again()
    {
        await using var queue = store.Instance();
        var (room, polls) = await store.OpenPollsAsync();
        var voter = Guid.CreateVersion7();
        var vote = Vote(polls[0], voter, 7, 1);
        using var gone = new CancellationTokenSource();
        var cast = queue.CastAsync(vote, gone.Token);
        await gone.CancelAsync();
        var fate = await vote.Result;
        var again = await queue.CastAsync(Vote(polls[0], voter, 7, 1), default);
        (again.Outcome, again.Receipt).ShouldBe((VoteOutcome.Repeated, fate.Receipt));
        (await store.RecountAsync(polls[0]))[0].ShouldBe(1);
        await store.ShouldBeExactAsync(room, polls[0]);
        await cast.ContinueWith(_ => { }, TaskScheduler.Default);
    }

    [Fact]
    public async Task Draining_answers_everything_that_was_taken()
    {
        var queue = store.Instance();
        var (_, polls) = await store.OpenPollsAsync();
        var waiting = Enumerable.Range(0, 500).Select(i => queue.CastAsync(Vote(polls[0], Guid.CreateVersion7(), 0, i % 3), default)).ToList();
        await queue.DrainAsync();
        (await Task.WhenAll(waiting)).ShouldAllBe(result => result.Outcome == VoteOutcome.Accepted);
        (await queue.CastAsync(Vote(polls[0], Guid.CreateVersion7(), 0, 0), default)).Outcome.ShouldBe(VoteOutcome.Busy);
    }
}
