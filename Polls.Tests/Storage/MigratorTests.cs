using Microsoft.EntityFrameworkCore;
using Polls.Tests.Servers;

namespace Polls.Tests.Storage;

[Collection(nameof(SharedPostgres))]
public sealed class MigratorTests(SharedPostgres postgres)
{
    private const string Identity = "SELECT array_agg(oid::text || relname ORDER BY oid) FROM pg_class WHERE relnamespace = 'public'::regnamespace";
    private const string History = "SELECT count(*) FROM \"__EFMigrationsHistory\"";

    [Fact]
    public async Task Eight_instances_that_start_at_once_on_an_empty_database_make_one_schema_one_after_the_other()
    {
        var database = await postgres.EmptyDatabaseAsync();
        var cores = Enumerable.Range(0, 8).Select(_ => new TestCore(database)).ToList();
        var (working, together, worked) = (0, 0, 0);
        await Task.WhenAll(cores.Select(core => core.MigrateAsync(async () =>
        {
            together += Interlocked.Increment(ref working) > 1 ? 1 : 0;
            await core.ReadAsync<long>("SELECT count(*) FROM data_protection_keys");
            worked++;
            Interlocked.Decrement(ref working);
        }))).WaitAsync(TimeSpan.FromSeconds(120));
        (worked, together).ShouldBe((8, 0));
        await using var db = await cores[0].DbAsync();
        var migrations = db.Database.GetMigrations().Count();
        (await cores[0].ReadAsync<long>(History)).ShouldBe(migrations);

        var made = await cores[0].ReadAsync<string[]>(Identity);
        await cores[1].MigrateAsync();
        (await cores[0].ReadAsync<string[]>(Identity)).ShouldBe(made, "migrating again changes nothing");
        (await cores[0].ReadAsync<long>(History)).ShouldBe(migrations);
        foreach (var core in cores)
        {
            await core.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_first_start_that_fails_lets_the_next_instance_try()
    {
        await using var core = new TestCore(await postgres.EmptyDatabaseAsync());
        await Should.ThrowAsync<InvalidOperationException>(() => core.MigrateAsync(() => throw new InvalidOperationException("no key")));
        var worked = false;
        var next = core.MigrateAsync(() =>
        {
            worked = true;
            return Task.CompletedTask;
        });
        await Until.TrueAsync(() => next.IsCompleted, "the lock is released");
        await next;
        worked.ShouldBeTrue();
    }

    [Fact]
    public async Task The_migrated_schema_is_the_one_that_the_model_describes()
    {
        await using var migrated = postgres.Core();
        await using var modelled = new TestCore(await postgres.EmptyDatabaseAsync());
        await using (var db = await modelled.DbAsync())
        {
            (await db.Database.EnsureCreatedAsync()).ShouldBeTrue();
        }

        var schema = await Catalog.DescribeAsync(migrated);
        schema.Length.ShouldBeGreaterThan(50);
        schema.ShouldBe(await Catalog.DescribeAsync(modelled));
    }

    [Fact]
    public async Task Reverting_the_migrations_leaves_nothing_behind()
    {
        await using var core = new TestCore(await postgres.EmptyDatabaseAsync());
        await core.MigrateAsync();
        await using (var db = await core.DbAsync())
        {
            await db.Database.MigrateAsync(Microsoft.EntityFrameworkCore.Migrations.Migration.InitialDatabase);
        }

        (await core.ReadAsync<long>("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"))
            .ShouldBe(1, "only the history");
        (await core.ReadAsync<long>("SELECT count(*) FROM pg_proc WHERE pronamespace = 'public'::regnamespace")).ShouldBe(0);
        await core.MigrateAsync();
        (await core.OpenAsync()).Edition.ShouldBe(1);
    }
}
