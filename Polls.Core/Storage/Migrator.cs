using System.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql;

namespace Polls.Core.Storage;

/// <summary>Migrates the schema. Safe when many instances start at once: one migrates, the others wait.</summary>
public sealed class Migrator(IDbContextFactory<PollsDb> databases, NpgsqlDataSource dataSource)
{
    /// <summary>The key of the advisory lock that a starting instance holds: "POLLSMIG" in ASCII.</summary>
    private const long LockKey = 0x504F4C4C534D4947;

    /// <summary>Applies missing migrations, then runs the first-start work under the same lock.</summary>
    public async Task MigrateAsync(Func<CancellationToken, Task> firstStartWork, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await LockAsync(connection, cancellationToken);
        try
        {
            await using var db = await databases.CreateDbContextAsync(cancellationToken);
            // On an empty database, EF Core would ask a table that is not there, and log that as an error.
            await db.GetService<IHistoryRepository>().CreateIfNotExistsAsync(cancellationToken);
            await db.Database.MigrateAsync(cancellationToken);
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

    /// <summary>
    /// Checks that no migration is missing, then runs the first-start work, which the migration has usually done. For
    /// instances that must not migrate. Takes no lock, so that it also works through a pooler: there a lock stays with
    /// a connection that the next statement does not get.
    /// </summary>
    /// <exception cref="SchemaOutdatedException">A migration is missing. A schema newer than this program is
    /// accepted.</exception>
    public async Task VerifyAsync(Func<CancellationToken, Task> firstStartWork, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if ((await db.Database.GetPendingMigrationsAsync(cancellationToken)).ToList() is { Count: > 0 } missing)
        {
            throw new SchemaOutdatedException(missing);
        }

        await firstStartWork(cancellationToken);
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
