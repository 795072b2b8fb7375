using System.Collections.Concurrent;
using Polls.Core;
using Polls.Core.RoomPolls;
using Polls.Core.Votes;
using Polls.Tests.Clients;
using Polls.Tests.Storage;

namespace Polls.Tests.Votes;

/// <summary>Many writers of several instances on the same rows (G3, G4).</summary>
[Collection(nameof(SharedPostgres))]
public sealed class HotPollTests(SharedPostgres postgres) : IAsyncLifetime
{
    private readonly TestCore[] cores = [postgres.Core(), postgres.Core(), postgres.Core()];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var core in cores)
        {
            await core.DisposeAsync();
        }
    }

    [Fact]
    public async Task With_all_instances_writing_the_tally_of_a_poll_equals_the_recount_at_every_version()
    {
        var poll = await cores[0].OpenAsync(TestApi.Draft(options: 5));
        using var done = new CancellationTokenSource();
        var observing = ObserveAsync(poll.Id, done.Token);
        var accepted = new ConcurrentBag<long>();
        await Parallel.ForEachAsync(Enumerable.Range(0, 300), new ParallelOptions { MaxDegreeOfParallelism = 48 }, async (i, _) =>
        {
            var voter = Guid.NewGuid();
            for (var revision = 0; revision < 4; revision++)
            {
                int[] choices = revision == 2 ? [] : [(i + revision) % 5];
                var result = await cores[(i + revision) % cores.Length].CastAsync(poll, voter, revision, choices);
                result.Outcome.ShouldBe(VoteOutcome.Accepted);
                accepted.Add(result.Vote!.TallyVersion!.Value);
            }
        });
        await done.CancelAsync();
        (await observing).ShouldBeGreaterThan(0);

        var final = (await cores[0].AuditAsync(poll.Id)).ShouldBeExact();
        final.Voters.ShouldBe(300);
        final.Counts.ShouldBe([60, 60, 60, 60, 60]);
        accepted.Distinct().Order().ShouldBe(Versions(final.Version), "every version belongs to a batch");
        var heard = cores.SelectMany(core => core.Heard.TalliesOf(poll.Id)).ToList();
        heard.Select(tally => tally.Version).Distinct().Order().ShouldBe(Versions(final.Version), "every version is announced");
        heard.ShouldAllBe(tally => tally.Counts.Sum() == tally.Voters);
        foreach (var core in cores)
        {
            core.Heard.TalliesOf(poll.Id).Select(tally => tally.Version).ShouldBeInOrder();
        }
    }

    [Fact]
    public async Task Readers_that_use_every_connection_do_not_block_votes()
    {
        var poll = await cores[0].OpenAsync();
        // 20 connections, of which the four writers have one each.
        var readers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => cores[0].Database.OpenConnectionAsync().AsTask()));
        try
        {
            (await cores[0].CastAsync(poll, Guid.NewGuid(), 0, 0)).Outcome.ShouldBe(VoteOutcome.Accepted);
            using var oneMore = new CancellationTokenSource(100);
            await Should.ThrowAsync<OperationCanceledException>(async () => await cores[0].Database.OpenConnectionAsync(oneMore.Token));
        }
        finally
        {
            await Task.WhenAll(readers.Select(reader => reader.DisposeAsync().AsTask()));
        }
    }

    [Fact]
    public async Task Batches_over_many_polls_in_any_order_never_deadlock()
    {
        var deadlocks = postgres.Deadlocks();
        await using var first = postgres.Core(TestCore.OneWriter);
        await using var second = postgres.Core(TestCore.OneWriter);
        await using var third = postgres.Core(TestCore.OneWriter);
        TestCore[] writers = [first, second, third];
        var room = await first.RoomAsync();
        var polls = new List<PollSnapshot>();
        for (var i = 0; i < 8; i++)
        {
            polls.Add(await first.OpenAsync(room: room.Id));
        }

        await Parallel.ForEachAsync(Enumerable.Range(0, 60), new ParallelOptions { MaxDegreeOfParallelism = 30 }, async (i, _) =>
        {
            var voter = Guid.NewGuid();
            var order = polls.ToArray();
            new Random(i).Shuffle(order);
            var results = await Task.WhenAll(order.SelectMany(poll => writers.Select((core, n) => core.CastAsync(poll, voter, n, i % 3))));
            results.ShouldAllBe(result => result.Outcome == VoteOutcome.Accepted || result.Outcome == VoteOutcome.Superseded);
            if (i % 10 == 0)
            {
                (await writers[i % 3].Polls.ShowResultsAsync(room.Id, order[0].Id, i % 20 == 0, default)).ShouldSucceed();
            }
        });
        foreach (var poll in polls)
        {
            (await first.AuditAsync(poll.Id)).ShouldBe(60, 20, 20, 20);
            (await first.VotesAsync(poll.Id)).Values.ShouldAllBe(vote => vote.Revision == 2);
        }

        postgres.Deadlocks().ShouldBe(deadlocks);
    }

    [Fact]
    public async Task After_a_close_is_answered_no_vote_is_accepted_and_every_earlier_receipt_is_counted()
    {
        for (var round = 0; round < 15; round++)
        {
            var poll = await cores[0].OpenAsync();
            var accepted = new ConcurrentBag<CommittedVote>();
            var closed = false;
            var late = 0;
            var warm = new TaskCompletionSource();
            var voting = Enumerable.Range(0, 24).Select(i => Task.Run(async () =>
            {
                while (true)
                {
                    var wasClosed = Volatile.Read(ref closed);
                    var result = await cores[i % cores.Length].CastAsync(poll, Guid.NewGuid(), 0, i % 3);
                    if (result.Outcome == VoteOutcome.PollNotOpen)
                    {
                        return;
                    }

                    result.Outcome.ShouldBe(VoteOutcome.Accepted);
                    accepted.Add(result.Vote!);
                    if (wasClosed)
                    {
                        Interlocked.Increment(ref late);
                    }

                    if (accepted.Count > 30 + round)
                    {
                        warm.TrySetResult();
                    }
                }
            })).ToList();
            await Task.WhenAny(warm.Task, Task.WhenAll(voting)).WaitAsync(TimeSpan.FromSeconds(60));

            await cores[round % cores.Length].CloseAsync(poll);
            Volatile.Write(ref closed, true);
            var atClose = await cores[0].AuditAsync(poll.Id);

            await Task.WhenAll(voting).WaitAsync(TimeSpan.FromSeconds(60));
            var atEnd = (await cores[0].AuditAsync(poll.Id)).ShouldBeExact();
            late.ShouldBe(0);
            atEnd.Version.ShouldBe(atClose.Version);
            atEnd.Voters.ShouldBe(accepted.Count);
            accepted.Max(receipt => receipt.TallyVersion).ShouldBe(atClose.Version);
        }
    }

    /// <summary>Recounts repeatedly while others vote; returns how often the tally had changed.</summary>
    private async Task<int> ObserveAsync(Guid poll, CancellationToken done)
    {
        var moves = 0;
        for (long last = 0; !done.IsCancellationRequested;)
        {
            var seen = (await cores[0].AuditAsync(poll)).ShouldBeExact();
            seen.Version.ShouldBeGreaterThanOrEqualTo(last);
            moves += seen.Version > last ? 1 : 0;
            last = seen.Version;
        }

        return moves;
    }

    private static IEnumerable<long> Versions(long last) => Enumerable.Range(1, (int)last).Select(version => (long)version);
}
