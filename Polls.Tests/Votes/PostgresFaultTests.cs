using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using Polls.Core;
using Polls.Core.Storage;
using Polls.Core.Votes;
using Polls.Tests.Servers;
using Polls.Tests.Storage;

namespace Polls.Tests.Votes;

/// <summary>PostgreSQL fails below the vote path (G1, G9).</summary>
[Collection(nameof(BreakablePostgres))]
public sealed class PostgresFaultTests(BreakablePostgres postgres)
{
    [Fact]
    public async Task No_receipted_vote_is_lost_when_PostgreSQL_is_killed_in_the_middle_of_voting()
    {
        await using var one = postgres.Core();
        await using var two = postgres.Core();
        TestCore[] cores = [one, two];
        var poll = await one.OpenAsync();
        var receipted = new ConcurrentDictionary<Guid, int>();
        var sent = new ConcurrentDictionary<Guid, int>();
        var answered = 0;
        using var stop = new CancellationTokenSource();
        var voting = Enumerable.Range(0, 40).Select(i => Task.Run(async () =>
        {
            var voter = Guid.NewGuid();
            for (var revision = 0; !stop.IsCancellationRequested;)
            {
                sent[voter] = revision;
                var result = await cores[(i + revision) % 2].CastAsync(poll, voter, revision, revision % 3);
                if (result.Outcome is VoteOutcome.Accepted or VoteOutcome.Repeated)
                {
                    result.Vote!.Revision.ShouldBe(revision);
                    receipted[voter] = revision++;
                    Interlocked.Increment(ref answered);
                }
                else
                {
                    result.ShouldBe(new VoteResult(VoteOutcome.Unavailable));
                }
            }
        })).ToList();

        for (var kill = 0; kill < 3; kill++)
        {
            var before = Volatile.Read(ref answered);
            await Until.TrueAsync(() => Volatile.Read(ref answered) > before + 300 || voting.Any(task => task.IsCompleted), "votes flow");
            await postgres.Server.KillAsync();
            var promised = receipted.ToArray();
            await postgres.Server.StartAsync();
            await AllAreThereAsync(one, poll.Id, promised);
        }

        var last = Volatile.Read(ref answered);
        await Until.TrueAsync(() => Volatile.Read(ref answered) > last + 100 || voting.Any(task => task.IsCompleted), "votes are committed again");
        await stop.CancelAsync();
        await Task.WhenAll(voting).WaitAsync(TimeSpan.FromSeconds(60));
        await AllAreThereAsync(one, poll.Id, [.. receipted]);
        var votes = await one.VotesAsync(poll.Id);
        votes.ShouldAllBe(vote => vote.Value.Revision <= sent[vote.Key] && vote.Value.Marks.Single() == vote.Value.Revision % 3);
        (await one.AuditAsync(poll.Id)).ShouldBeExact().Voters.ShouldBe(40);
    }

    [Fact]
    public async Task Without_PostgreSQL_nothing_is_acknowledged_and_the_queue_works_again_when_it_is_back()
    {
        var clock = new FakeTimeProvider();
        await using var core = new TestCore(postgres.Server.ConnectionString, new VoteOptions { Writers = 2, ReceiptTimeoutSeconds = 60 }, clock);
        var poll = await core.OpenAsync();
        var before = Guid.NewGuid();
        (await core.CastAsync(poll, before, 0, 0)).Outcome.ShouldBe(VoteOutcome.Accepted);
        await postgres.Server.KillAsync();
        core.Queue.DatabaseAnswers.ShouldBeTrue();
        try
        {
            for (var round = 0; round < 3; round++)
            {
                var casting = Task.WhenAll(Enumerable.Range(0, 30).Select(i => core.CastAsync(poll, Guid.NewGuid(), 0, i % 3)));
                await Until.TrueAsync(() =>
                {
                    // Retries of the first batch wait by this clock.
                    clock.Advance(TimeSpan.FromMilliseconds(20));
                    return casting.IsCompleted;
                }, "all are refused");
                (await casting).ShouldAllBe(result => result == new VoteResult(VoteOutcome.Unavailable));
                (await core.CastAsync(poll, before, 1, 1)).ShouldBe(new VoteResult(VoteOutcome.Unavailable));
            }

            core.Queue.DatabaseAnswers.ShouldBeFalse();
            clock.Advance(TimeSpan.FromSeconds(31));
            core.Queue.DatabaseAnswers.ShouldBeTrue("without votes the state is unknown");
            await Until.TrueAsync(async () =>
            {
                (await core.CastAsync(poll, before, 1, 1)).Vote.ShouldBeNull();
                return !core.Queue.DatabaseAnswers;
            }, "somebody votes, so it is known again");
        }
        finally
        {
            await postgres.Server.StartAsync();
        }

        var after = Guid.NewGuid();
        await Until.TrueAsync(async () => (await core.CastAsync(poll, after, 0, 2)).Vote is not null, "votes are accepted again");
        // The vote connections have recovered; this test's own connections may still belong to the killed server.
        core.Database.Clear();
        (await core.AuditAsync(poll.Id)).ShouldBe(2, 1, 0, 1);
    }

    [Fact]
    public async Task Work_of_an_instance_that_stalled_in_a_transaction_is_retried()
    {
        await using var core = postgres.Core();
        var attempts = 0;
        var outcome = await core.Databases.InTransactionAsync<int>(
            async (db, token) =>
            {
                if (++attempts == 1)
                {
                    await db.Database.ExecuteSqlAsync($"SET LOCAL idle_in_transaction_session_timeout = 1", token);
                    var pid = await db.Database.SqlQuery<int>($"SELECT pg_backend_pid() AS \"Value\"").SingleAsync(token);
                    await Until.TrueAsync(
                        async () => await core.ReadAsync<long>($"SELECT count(*) FROM pg_stat_activity WHERE pid = {pid}") == 0, "PostgreSQL closed the connection");
                }

                return await db.Database.SqlQuery<int>($"SELECT 7 AS \"Value\"").SingleAsync(token);
            },
            default);
        outcome.ShouldSucceed().ShouldBe(7);
        attempts.ShouldBe(2);
    }

    [Theory]
    [InlineData("RAISE EXCEPTION 'no' USING ERRCODE = '40001'")]
    [InlineData("PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(20)")]
    // The warning flushes the rows to the client before the commit.
    [InlineData("RAISE WARNING 'the rows are out'; PERFORM pg_sleep(20); RAISE EXCEPTION 'no' USING ERRCODE = '40001'")]
    public async Task A_vote_whose_commit_fails_or_takes_too_long_gets_no_receipt_and_is_not_stored(string commit)
    {
        var impatient = new NpgsqlConnectionStringBuilder(postgres.Server.ConnectionString) { CommandTimeout = 1 }.ConnectionString;
        await using var core = new TestCore(impatient, TestCore.OneWriter);
        var poll = await core.OpenAsync();
        var voter = Guid.NewGuid();
        await core.RunAsync($"CREATE FUNCTION hold_commit() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {commit}; RETURN NULL; END $$");
        await core.RunAsync(
            $"""
             CREATE CONSTRAINT TRIGGER hold_commit AFTER INSERT OR UPDATE ON votes DEFERRABLE INITIALLY DEFERRED
             FOR EACH ROW WHEN (NEW.poll_id = '{poll.Id}') EXECUTE FUNCTION hold_commit()
             """);
        try
        {
            (await core.CastAsync(poll, voter, 0, 1)).ShouldBe(new VoteResult(VoteOutcome.Unavailable));
        }
        finally
        {
            await Until.TrueAsync(
                async () => await core.ReadAsync<long>("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'") == 0,
                "no commit is in progress");
            await core.RunAsync("DROP FUNCTION hold_commit CASCADE");
        }

        (await core.VotesAsync(poll.Id)).ShouldBeEmpty();
        (await core.AuditAsync(poll.Id)).ShouldBe(0, 0, 0, 0);
        (await core.CastAsync(poll, voter, 0, 1)).Outcome.ShouldBe(VoteOutcome.Accepted);
        (await core.AuditAsync(poll.Id)).ShouldBe(1, 0, 1, 0);
    }

    private static async Task AllAreThereAsync(TestCore core, Guid poll, KeyValuePair<Guid, int>[] promised)
    {
        var votes = new Dictionary<Guid, VoteRow>();
        await Until.TrueAsync(
            async () =>
            {
                votes = await core.VotesAsync(poll);
                return true;
            },
            "PostgreSQL can be read");
        promised.ShouldAllBe(vote => votes.ContainsKey(vote.Key) && votes[vote.Key].Revision >= vote.Value);
        (await core.AuditAsync(poll)).ShouldBeExact();
    }
}
