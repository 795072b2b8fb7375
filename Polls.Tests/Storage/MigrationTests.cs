using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Polls.Core.Storage;
using Polls.Tests.Votes;

namespace Polls.Tests.Storage;

/// <summary>The hand-written migrations against the EF Core model, on real PostgreSQL.</summary>
[Collection(nameof(VoteStore))]
public sealed class MigrationTests(VoteStore store)
{
    // Everything that the model and the migrations both decide. Fill factors and the vote function are the migrations' own.
    private const string Shape =
        """
        SELECT 'column ' || table_name || '.' || column_name || ' ' || udt_name || ' ' || is_nullable
          FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> '__EFMigrationsHistory'
        UNION ALL
        SELECT 'constraint ' || conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
          FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text NOT LIKE '%EFMigrationsHistory%'
        UNION ALL
        SELECT 'index ' || indexname || ' ' || indexdef
          FROM pg_indexes WHERE schemaname = 'public' AND tablename <> '__EFMigrationsHistory'
        ORDER BY 1
        """;

    [Fact]
    public async Task The_migrated_schema_is_the_one_that_the_model_would_create()
    {
        await using var migrated = await DatabaseAsync();
        await MigrateAsync(migrated);
        await using var created = await DatabaseAsync();
        await using (var db = await created.GetRequiredService<IDbContextFactory<PollsDb>>().CreateDbContextAsync())
        {
            await using var create = created.GetRequiredService<NpgsqlDataSource>().CreateCommand(db.Database.GenerateCreateScript());
            await create.ExecuteNonQueryAsync();
        }

        var shape = await ReadAsync(migrated, Shape);
        shape.Count.ShouldBeGreaterThan(40);
        shape.ShouldBe(await ReadAsync(created, Shape));
    }

    [Fact]
    public async Task Many_instances_may_start_at_once_on_an_empty_database()
    {
        var database = await CreateAsync();
        var starting = Enumerable.Range(0, 6).Select(_ => Provide(database)).ToList();
        var first = 0;
        await Task.WhenAll(starting.Select(instance => instance.GetRequiredService<Migrator>().MigrateAsync(
            async token =>
            {
                Interlocked.Increment(ref first).ShouldBe(1, "nobody else is at work under the lock");
                await Task.Delay(20, token);
                Interlocked.Decrement(ref first);
            },
            default)));
        (await ReadAsync(starting[0], "SELECT \"MigrationId\" FROM \"__EFMigrationsHistory\"")).ShouldBe(["20261121000000_Initial"]);
        foreach (var instance in starting)
        {
            await instance.DisposeAsync();
        }
    }

    [Theory]
    [InlineData("INSERT INTO rooms VALUES (gen_random_uuid(), '12345', 'x', 1, now(), now())", "ck_rooms_code")]
    [InlineData("INSERT INTO rooms VALUES (gen_random_uuid(), '700001', 'x', 1, now(), now()), (gen_random_uuid(), '700001', 'x', 1, now(), now())", "ux_rooms_live_code")]
    [InlineData("UPDATE tallies SET counts = '{-1,0,0}'", "ck_tallies_counts")]
    [InlineData("UPDATE tallies SET voters = -1", "ck_tallies_voters")]
    [InlineData("UPDATE polls SET options = '{A}'", "ck_polls_options")]
    [InlineData("UPDATE polls SET max_choices = 4", "ck_polls_max_choices")]
    [InlineData("UPDATE polls SET state = 7", "ck_polls_state")]
    [InlineData("INSERT INTO votes SELECT id, id, 0, '{0}'::smallint[], 1, now() FROM polls UNION ALL SELECT id, id, 1, '{1}'::smallint[], 1, now() FROM polls", "pk_votes")]
    [InlineData("INSERT INTO votes SELECT id, id, -1, '{0}', 1, now() FROM polls", "ck_votes_revision")]
    public async Task The_database_itself_refuses_what_must_never_be(string statement, string constraint)
    {
        await store.OpenPollsAsync();
        await using var command = store.Database.CreateCommand(statement);
        var refused = await Should.ThrowAsync<PostgresException>(() => command.ExecuteNonQueryAsync());
        refused.ConstraintName.ShouldBe(constraint);
    }

    [Fact]
    public void The_bounds_of_the_pool_hold_unless_the_connection_string_says_otherwise()
    {
        var bounded = new DatabaseOptions { ConnectionString = "Host=here;Database=polls" }.Build();
        (bounded.MinPoolSize, bounded.MaxPoolSize, bounded.Timeout, bounded.Host).ShouldBe((2, 20, 5, "here"));
        bounded.Options!.ShouldContain("statement_timeout=30000");
        new DatabaseOptions { ConnectionString = "Host=here;Maximum Pool Size=7" }.Build().MaxPoolSize.ShouldBe(7);
    }

    private async Task<ServiceProvider> DatabaseAsync() => Provide(await CreateAsync());

    private async Task<string> CreateAsync()
    {
        var name = $"polls_{Guid.NewGuid():N}";
        await using var create = store.Database.CreateCommand($"CREATE DATABASE {name}");
        await create.ExecuteNonQueryAsync();
        return name;
    }

    private ServiceProvider Provide(string database) => new ServiceCollection().AddLogging().AddPollsStorage()
        .Configure<DatabaseOptions>(options => options.ConnectionString =
            new NpgsqlConnectionStringBuilder(store.Cluster.Postgres.ConnectionString) { Database = database, MinPoolSize = 0, MaxPoolSize = 4 }.ConnectionString)
        .BuildServiceProvider();

    private static Task MigrateAsync(ServiceProvider services) =>
        services.GetRequiredService<Migrator>().MigrateAsync(_ => Task.CompletedTask, default);

    private static async Task<List<string>> ReadAsync(ServiceProvider services, string query)
    {
        await using var command = services.GetRequiredService<NpgsqlDataSource>().CreateCommand(query);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
        {
            rows.Add(reader.GetString(0));
        }

        return rows;
    }
}
