using Npgsql;
using Polls.Core;
using Polls.Core.Kinds;
using Polls.Core.RoomPolls;
using Polls.Core.Storage;
using Polls.Core.Votes;
using Polls.Tests.Clients;
using Polls.Tests.Kinds;
using Polls.Tests.Storage;

namespace Polls.Tests.Votes;

/// <summary>
/// A connection keeps its plan of <c>cast_votes_v1</c> for as long as it lives. A plan made while the tables were empty and analysed, as after
/// a restore, must not read them whole once they have grown.
/// </summary>
[Collection(nameof(SharedPostgres))]
public sealed class VotePlanTests(SharedPostgres postgres)
{
    private const int Batch = 20;

    [Theory]
    [InlineData(PollKind.WordCloud)]
    [InlineData(PollKind.Points)]
    public async Task A_plan_from_analysed_empty_tables_looks_up_what_a_batch_needs_and_no_more(PollKind kind)
    {
        var database = await postgres.EmptyDatabaseAsync();
        await using var core = new TestCore(database);
        await core.MigrateAsync();
        foreach (var table in new[] { "polls", "tallies", "votes", "entries" })
        {
            // Statistics that arrive later would be the reason for another plan.
            await core.RunAsync($"ALTER TABLE {table} SET (autovacuum_enabled = off)");
            await core.RunAsync($"VACUUM ANALYZE {table}");
        }

        var shape = Answering.Shape(kind, 4);
        var poll = await core.OpenAsync(TestApi.Draft(options: shape.Options, kind: kind, settings: PollSettings.Of(shape.Settings)));
        await using var connection = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(database) { MaxPoolSize = 1 });
        var cast = new CastVotes(connection);
        await cast.ExecuteAsync([Vote(poll, Guid.NewGuid(), 0, 1_500)], default);

        await core.RunAsync(kind == PollKind.WordCloud ? Words : Weights, poll.Id);
        var voters = await core.ReadAsync<Guid[]>("SELECT ARRAY(SELECT participant_id FROM votes WHERE poll_id = $1 LIMIT 10)", poll.Id);
        var before = await ReadsAsync(core, connection);
        PendingVote[] batch = [.. Enumerable.Range(0, Batch).Select(i => Vote(poll, i < voters.Length ? voters[i] : Guid.NewGuid(), 9, i))];
        var (results, _) = await cast.ExecuteAsync(batch, default);
        var after = await ReadsAsync(core, connection);

        results.ShouldAllBe(result => result.Outcome == VoteOutcome.Accepted);
        (await core.AuditAsync(poll.Id)).ShouldBeExact();
        (after.Whole - before.Whole).ShouldBe(0, "rows read by scans of whole tables");
        (after.LookedUp - before.LookedUp).ShouldBeInRange(voters.Length, 20 * Batch, "rows read through indexes");
    }

    private const string Words = """
        WITH more AS (
          INSERT INTO entries (poll_id, n, key, text, count, state)
          SELECT $1, 100 + n, 'w' || n, 'w' || n, 2, 0 FROM generate_series(1, 10000) n
        ), voted AS (
          INSERT INTO votes (poll_id, participant_id, revision, marks, keys, texts, tally_version, cast_at)
          SELECT $1, gen_random_uuid(), 0, '{}', ARRAY['w' || (1 + n % 10000)], ARRAY['w' || (1 + n % 10000)], 1, now() FROM generate_series(1, 20000) n
        )
        UPDATE tallies SET voters = voters + 20000, last_entry = 10100 WHERE poll_id = $1
        """;

    private const string Weights = """
        WITH voted AS (
          INSERT INTO votes (poll_id, participant_id, revision, marks, weights, tally_version, cast_at)
          SELECT $1, gen_random_uuid(), 0, '{0,4}', '{100,1}', 1, now() FROM generate_series(1, 20000) n
        )
        UPDATE tallies
        SET voters = voters + 20000, counts[1] = counts[1] + 2000000, counts[5] = counts[5] + 20000
        WHERE poll_id = $1
        """;

    /// <summary>Known words and new ones, or points; each vote another.</summary>
    private static PendingVote Vote(PollSnapshot poll, Guid voter, int revision, int i) => TestCore.Vote(
        poll, voter, revision,
        PollKinds.Get(poll.Kind).Read(poll.Shape, poll.Kind == PollKind.WordCloud
            ? new Answer { Texts = [$"w{1 + (i * 7)}", $"new {i}", $"New {i}!"] }
            : new Answer { Points = [50, 45 - (5 * (i % 5)), 5 + (5 * (i % 5)), 0] })!);

    /// <summary>How many rows of votes and entries were read so far: by scans of a table, and through indexes.</summary>
    private static async Task<(long Whole, long LookedUp)> ReadsAsync(TestCore core, NpgsqlDataSource connection)
    {
        await using (var flush = connection.CreateCommand("SELECT pg_stat_force_next_flush()"))
        {
            await flush.ExecuteNonQueryAsync();
        }

        const string Tables = "WHERE relname IN ('votes', 'entries')";
        return (
            await core.ReadAsync<long>($"SELECT sum(seq_tup_read)::bigint FROM pg_stat_user_tables {Tables}"),
            await core.ReadAsync<long>($"SELECT sum(idx_tup_read)::bigint FROM pg_stat_user_indexes {Tables}"));
    }
}
