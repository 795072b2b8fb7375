using Npgsql;
using Polls.Core.Storage;
using Polls.Prove.Faults;

namespace Polls.Tests.Storage;

[Collection(nameof(SharedPostgres))]
public sealed class BrokenConnectionTests(SharedPostgres postgres)
{
    [Fact]
    public async Task A_connection_that_breaks_while_a_statement_is_being_prepared_harms_no_later_query()
    {
        await using var link = new FaultyLink(() => postgres.Cluster.Postgres.Port);
        // One connection for the vote writer and one for all else.
        await using var core = new TestCore(
            new NpgsqlConnectionStringBuilder(postgres.Cluster.Postgres.ConnectionString) { Port = link.Port, MaxPoolSize = 2 }.ConnectionString,
            TestCore.OneWriter);
        var poll = await core.DraftAsync();

        // A statement is prepared when a connection executes it for the second time.
        for (var i = 0; i < 4; i++)
        {
            await core.PollAsync(poll.Id);
            link.Cut();
            link.Repair();
        }

        for (var i = 0; i < 4; i++)
        {
            (await core.PollAsync(poll.Id)).Id.ShouldBe(poll.Id);
            (await core.RoomAsync(poll.RoomId)).Id.ShouldBe(poll.RoomId);
        }
    }

    [Fact]
    public async Task A_statement_that_was_refused_while_it_was_being_prepared_fails_once_more_and_may_be_repeated()
    {
        var options = new DatabaseOptions { ConnectionString = postgres.Cluster.Postgres.ConnectionString, MinPoolSize = 0, MaxPoolSize = 1 };
        await using var database = NpgsqlDataSource.Create(options.Build());
        await using var connection = await database.OpenConnectionAsync();
        await using var readOnly = new NpgsqlCommand("SET default_transaction_read_only = on", connection);
        await readOnly.ExecuteNonQueryAsync();
        for (var i = 0; i < 2; i++)
        {
            (await Should.ThrowAsync<PostgresException>(LockAsync)).SqlState.ShouldBe(PostgresErrorCodes.ReadOnlySqlTransaction);
        }

        await using var writable = new NpgsqlCommand("SET default_transaction_read_only = off", connection);
        await writable.ExecuteNonQueryAsync();
        // If this no longer throws, Npgsql is mended, and TransientFaults needs no rule for it.
        TransientFaults.IsTransient(await Should.ThrowAsync<Exception>(LockAsync)).ShouldBeTrue();

        await connection.CloseAsync();
        await connection.OpenAsync();
        for (var i = 0; i < 4; i++)
        {
            await LockAsync();
        }

        async Task LockAsync()
        {
            await using var command = new NpgsqlCommand("SELECT \"MigrationId\" FROM \"__EFMigrationsHistory\" FOR NO KEY UPDATE", connection);
            await command.ExecuteScalarAsync();
        }
    }
}
