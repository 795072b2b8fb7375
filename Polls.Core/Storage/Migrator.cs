using System.Data;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Polls.Core.Storage;

/// <summary>Migrates the schema. Safe when many instances start at once: one migrates, the others wait.</summary>
public sealed class Migrator(IDbContextFactory<PollsDb> databases, NpgsqlDataSource dataSource)
{
    /// <summary>The key of the advisory lock that a starting instance holds: "POLLSMIG" in ASCII.</summary>
    private const long LockKey = 0x504F4C4C534D4947;

    /// <summary>Applies missing migrations, then runs the first-start work under the same lock.</summary>
    public Task MigrateAsync(Func<CancellationToken, Task> firstStartWork, CancellationToken cancellationToken) =>
        UnderLockAsync(db => db.Database.MigrateAsync(cancellationToken), firstStartWork, cancellationToken);

    /// <summary>
    /// Checks that no migration is missing, then runs the first-start work. For instances that must not migrate.
    /// </summary>
    /// <exception cref="SchemaOutdatedException">A migration is missing. A schema newer than this program is
    /// accepted.</exception>
    public Task VerifyAsync(Func<CancellationToken, Task> firstStartWork, CancellationToken cancellationToken) =>
        UnderLockAsync(
            async db =>
            {
                if ((await db.Database.GetPendingMigrationsAsync(cancellationToken)).ToList() is { Count: > 0 } missing)
                {
                    throw new SchemaOutdatedException(missing);
                }
            },
            firstStartWork, cancellationToken);

    private async Task UnderLockAsync(
        Func<PollsDb, Task> schemaWork, Func<CancellationToken, Task> firstStartWork,
        CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await LockAsync(connection, cancellationToken);
        try
        {
            await using var db = await databases.CreateDbContextAsync(cancellationToken);
            await schemaWork(db);
            await firstStartWork(cancellationToken);
        }
        finally
        {
            // A broken connection has already released the lock.
            if (connection.State == ConnectionState.Open)
            {
                await using var unlock = new NpgsqlCommand("SELECT pg_advisory_unlock($1)", connection)
                {
                    Parameters = { new() { Value = LockKey } }
                };
                await unlock.ExecuteNonQueryAsync(CancellationToken.None);
            }
        }
    }

    private static async Task LockAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        // Poll instead of waiting for the lock, so that neither the statement time-out nor a shutdown interferes.
        while (true)
        {
            await using var command = new NpgsqlCommand("SELECT pg_try_advisory_lock($1)", connection)
            {
                Parameters = { new() { Value = LockKey } }
            };
            if (await command.ExecuteScalarAsync(cancellationToken) is true)
            {
                return;
            }

            await Task.Delay(Random.Shared.Next(50, 200), cancellationToken);
        }
    }
}
