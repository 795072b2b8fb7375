using Npgsql;
using Polls.AppHost;
using Polls.AppHost.Processes;
using Polls.Core.Storage;
using Polls.Tests.Clients;
using Polls.Tests.Servers;
using Polls.Tests.Storage;

namespace Polls.Tests.Setup;

/// <summary>A separate job migrates the database, and instances wait for it, on a real PostgreSQL.</summary>
[Collection(nameof(SharedPostgres))]
public sealed class MigrateTests(SharedPostgres postgres)
{
    private const string Schema = "SELECT (SELECT count(*) FROM pg_tables WHERE tablename = 'votes') * 10 + count(*) FROM data_protection_keys";

    [Fact]
    public async Task The_command_migrate_creates_schema_and_first_key_and_can_be_repeated()
    {
        var database = await postgres.EmptyDatabaseAsync();
        // A process as in the job, then once more in this one.
        var migrated = await Tool.RunAsync("dotnet", [ApiAssembly.Find(), "migrate"], environment: new Dictionary<string, string>
        {
            ["ConnectionStrings__Polls"] = database, ["Database__MigrateAtStart"] = "false",
        });
        migrated.ExitCode.ShouldBe(0, migrated.Error + migrated.Output);
        migrated.Output.ShouldNotContain("Now listening");
        (await ReadAsync(database, Schema)).ShouldBe(11);

        (await MigrateAsync(database, ("Database:MigrateAtStart", "false"))).ExitCode.ShouldBe(0);
        (await ReadAsync(database, Schema)).ShouldBe(11);
    }

    [Fact]
    public async Task Wrong_configuration_migrates_nothing()
    {
        var database = await postgres.EmptyDatabaseAsync();
        var refused = await MigrateAsync(database, ("Votes:Writers", "99"));
        refused.ExitCode.ShouldBe(1);
        refused.Error.ShouldContain("Votes:Writers");
        (await ReadAsync(database, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")).ShouldBe(0);
    }

    [Theory]
    [InlineData("migrat")]
    [InlineData("migrate", "twice")]
    public async Task A_misspelt_command_touches_nothing(params string[] command)
    {
        var database = await postgres.EmptyDatabaseAsync();
        var refused = await InProcessProgram.RunAsync(command, ("ConnectionStrings:Polls", database));
        refused.ExitCode.ShouldBe(2);
        refused.Error.ShouldContain($"Unknown command '{string.Join(' ', command)}'");
        (await ReadAsync(database, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")).ShouldBe(0);
    }

    [Fact]
    public async Task An_instance_that_may_not_migrate_finally_reports_what_is_missing()
    {
        var database = await postgres.EmptyDatabaseAsync();
        var waited = await InProcessProgram.RunAsync(
            [], ("ConnectionStrings:Polls", database), ("Database:MigrateAtStart", "false"), ("Database:StartTimeoutSeconds", "1"));
        waited.ExitCode.ShouldBe(1);
        waited.Output.ShouldContain("Not started");
        waited.Output.ShouldContain("20261121000000_Initial");
        waited.Output.ShouldContain("migrate");
        (await ReadAsync(database, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")).ShouldBe(0);
    }

    [Fact]
    public async Task An_instance_that_may_not_migrate_waits_for_the_migration()
    {
        var database = await postgres.EmptyDatabaseAsync();
        await using var core = new TestCore(database);
        await using var instance = new InProcessInstance(("ConnectionStrings:Polls", database), ("Database:MigrateAtStart", "false"));
        var start = instance.ListenAsync();
        await Until.TrueAsync(
            () => start.IsCompleted || instance.Log.Contains("Waiting for PostgreSQL: The database lacks", StringComparison.Ordinal), "the instance waits");
        start.IsCompleted.ShouldBeFalse();

        await core.MigrateAsync();
        await start;
        using var api = new TestApi(instance.Address);
        await api.CreateRoomAsync();
    }

    [Fact]
    public async Task An_instance_that_may_not_migrate_accepts_an_existing_schema_and_a_newer_one()
    {
        await using var core = new TestCore(await postgres.EmptyDatabaseAsync());
        await Should.ThrowAsync<SchemaOutdatedException>(() => core.VerifyAsync());
        await core.MigrateAsync();
        await core.VerifyAsync();

        await core.RunAsync("INSERT INTO \"__EFMigrationsHistory\" VALUES ('29990101000000_Later', '99')");
        await core.VerifyAsync();
    }

    [Fact]
    public async Task A_database_that_refuses_the_connection_is_reported_without_a_crash()
    {
        var wrong = new NpgsqlConnectionStringBuilder(await postgres.EmptyDatabaseAsync()) { Password = "wrong" }.ConnectionString;
        var refused = await MigrateAsync(wrong);
        refused.ExitCode.ShouldBe(1);
        refused.Output.ShouldContain("password authentication failed");
        refused.Error.ShouldBeEmpty();
    }

    private static Task<ToolResult> MigrateAsync(string database, params (string Name, string Value)[] settings) =>
        InProcessProgram.MigrateAsync([("ConnectionStrings:Polls", database), .. settings]);

    private static async Task<long> ReadAsync(string database, string sql)
    {
        await using var core = new TestCore(database);
        return await core.ReadAsync<long>(sql);
    }
}
