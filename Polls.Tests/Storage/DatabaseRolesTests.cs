using System.Net;
using Npgsql;
using Polls.AppHost.Processes;
using Polls.Api.Accounts;
using Polls.Api.Rooms;
using Polls.Api.Seats;
using Polls.Tests.Clients;
using Polls.Tests.Servers;

namespace Polls.Tests.Storage;

/// <summary>
/// scripts/database-roles.sql: an instance can do all its work with the restricted role, and nothing else.
/// </summary>
[Collection(nameof(SharedPostgres))]
public sealed class DatabaseRolesTests(SharedPostgres postgres)
{
    private const string Script = "scripts/database-roles.sql";

    [Fact]
    public async Task An_instance_works_as_soon_as_the_owner_has_migrated_and_when_its_rights_are_narrowed_down()
    {
        var (owner, app) = await RolesAsync();
        (await InProcessProgram.MigrateAsync(("ConnectionStrings:Polls", owner))).ExitCode.ShouldBe(0);
        (string, string)[] settings =
            [("ConnectionStrings:Polls", app), ("Database:MigrateAtStart", "false"), ("Housekeeping:IntervalSeconds", "1")];
        await using var instance = await InProcessInstance.StartAsync(settings);
        using var api = new TestApi(instance.Address);

        // With the default privileges of new tables, which are more than afterwards.
        var room = await api.CreateRoomAsync(TestApi.Draft());
        var poll = (await api.StateAsync(room.Code, room.HostToken)).Polls[0].Id;
        await api.DoAsync(room, poll, "open");
        await api.VoteAsync(room.Code, poll, (await api.JoinAsync(room.Code)).Token, 1, 0);

        await ApplyAsync(owner, app);
        await JourneyAsync(api, owner);
        await using var another = await InProcessInstance.StartAsync(settings);
        (instance.Log + another.Log).ShouldNotContain("permission denied");
    }

    [Fact]
    public async Task The_role_of_the_instances_changes_no_table_and_no_history()
    {
        var (owner, app) = await RolesAsync();
        await using (var core = new TestCore(owner))
        {
            await core.MigrateAsync();
        }

        await ApplyAsync(owner, app);
        await using var source = NpgsqlDataSource.Create(app);
        var tables = new List<string>();
        await using (var command = source.CreateCommand("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))
        await using (var rows = await command.ExecuteReaderAsync())
        {
            while (await rows.ReadAsync())
            {
                tables.Add(rows.GetString(0));
            }
        }

        tables.ShouldContain("votes");
        var named = Repository.Read(Script);
        tables.Where(table => !named.Contains($"('{table}',", StringComparison.Ordinal)).ShouldBeEmpty($"{Script} grants what instances need of each table");
        string[] statements =
        [
            .. tables.SelectMany(table => (string[])
                [$"DROP TABLE \"{table}\" CASCADE", $"ALTER TABLE \"{table}\" ADD COLUMN x integer", $"TRUNCATE \"{table}\" CASCADE", $"CREATE INDEX ON \"{table}\" ((1))",
                $"ALTER TABLE \"{table}\" DISABLE TRIGGER ALL"]),
            "CREATE TABLE x (y integer)", "CREATE TEMP TABLE x (y integer)", "CREATE FUNCTION x() RETURNS integer LANGUAGE sql AS 'SELECT 1'", "CREATE SCHEMA x", "CREATE ROLE x",
            "ALTER FUNCTION cast_votes_v1 RENAME TO x", "DROP FUNCTION cast_votes_v1", "DELETE FROM audit", "UPDATE audit SET who = 'somebody else'",
            "DELETE FROM \"__EFMigrationsHistory\"", "INSERT INTO \"__EFMigrationsHistory\" VALUES ('x', 'y')", "DELETE FROM data_protection_keys",
            "SELECT pg_read_file('/etc/passwd')", "COPY votes TO PROGRAM 'cat'", $"SET ROLE {Name(owner)}", "SET session_replication_role = replica",
        ];
        foreach (var statement in statements)
        {
            await using var command = source.CreateCommand(statement);
            (await Should.ThrowAsync<PostgresException>(() => command.ExecuteNonQueryAsync())).SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege, statement);
        }
    }

    /// <summary>Writes to every table at least once.</summary>
    private static async Task JourneyAsync(TestApi api, string owner)
    {
        // A room with polls: written, ordered, deleted, opened, voted on, changed, withdrawn, closed by hand and by time, reset.
        var room = await api.CreateRoomAsync(TestApi.Draft("one"), TestApi.Draft("two"), TestApi.Draft("three"));
        var polls = (await api.StateAsync(room.Code, room.HostToken)).Polls.Select(poll => poll.Id).ToList();
        (await api.RefusalAsync(HttpMethod.Put, $"/api/rooms/{room.Code}/polls/order", room.HostToken, new { polls = polls.AsEnumerable().Reverse() })).Code.ShouldBeNull();
        (await api.RefusalAsync(HttpMethod.Put, $"/api/rooms/{room.Code}/polls/{polls[2]}", room.HostToken, TestApi.Draft("three again"))).Code.ShouldBeNull();
        (await api.RefusalAsync(HttpMethod.Delete, $"/api/rooms/{room.Code}/polls/{polls[2]}", room.HostToken)).Code.ShouldBeNull();
        await api.DoAsync(room, polls[0], "open");
        await api.DoAsync(room, polls[1], "open", new { durationSeconds = 1 });
        var person = await api.JoinAsync(room.Code, "Ann");
        await using (var phone = await RoomClient.ConnectAsync(api.Address, person.Token))
        {
            await phone.CastAsync(polls[0], 1, 0);
            await phone.CastAsync(polls[0], 2, 1);
            await phone.WithdrawAsync(polls[0], 3);
            await phone.CastAsync(polls[0], 4, 2);
        }

        (await api.DoAsync(room, polls[0], "close")).Tally!.Counts.ShouldBe([0, 0, 1]);
        await api.DoAsync(room, polls[0], "reset");
        await Until.TrueAsync(
            async () => (await api.StateAsync(room.Code, room.HostToken)).Polls.Single(poll => poll.Id == polls[1]).State == Core.Storage.PollState.Closed, "the time is over");

        // Seats.
        var hall = await api.SendAsync<CreatedRoom>(HttpMethod.Post, "/api/rooms", null, new { title = "A hall", assurance = "seatCode" });
        var seat = (await api.SendAsync<SeatList>(HttpMethod.Post, $"/api/rooms/{hall.Code}/seats", hall.HostToken, new { count = 2 })).Seats[0].Code;
        await api.SendAsync<JoinedRoom>(HttpMethod.Post, $"/api/rooms/{hall.Code}/participants", null, new { seat });

        // Accounts, their rooms and co-hosts.
        var email = TestApi.NewEmail();
        var account = (await api.RegisterAsync(email)).AccessToken;
        (await api.RefusalAsync(HttpMethod.Post, "/api/accounts/login", null, new { email, password = "something else" })).Status.ShouldBe(HttpStatusCode.Unauthorized);
        await api.SignInAsync(email);
        await api.SendAsync<InvitationLink>(HttpMethod.Post, "/api/accounts/invitations", account);
        var owned = await api.CreateRoomAsAsync(account, TestApi.Draft());
        var invitation = (await api.SendAsync<InvitationLink>(HttpMethod.Post, $"/api/accounts/rooms/{owned.RoomId}/host-invitations", account)).Invitation;
        var guest = (await api.RegisterAsync()).AccessToken;
        (await api.RefusalAsync(HttpMethod.Post, "/api/accounts/host-invitations/accept", guest, new { invitation })).Code.ShouldBeNull();
        (await api.RefusalAsync(HttpMethod.Post, $"/api/rooms/{owned.Code}/close", owned.HostToken)).Code.ShouldBeNull();
        (await api.RefusalAsync(HttpMethod.Post, $"/api/accounts/rooms/{owned.RoomId}/reopen", account)).Code.ShouldBeNull();
        (await api.RefusalAsync(HttpMethod.Delete, $"/api/accounts/rooms/{owned.RoomId}", account)).Code.ShouldBeNull();

        // Housekeeping deletes rooms that ended long ago, with everything in them.
        await using var core = new TestCore(owner);
        await core.RunAsync("UPDATE rooms SET ended_at = clock_timestamp() - interval '1 year' WHERE id = ANY ($1)", (Guid[])[room.RoomId, hall.RoomId]);
        await Until.TrueAsync(
            async () => await core.ReadAsync<long>("SELECT count(*) FROM rooms WHERE id = ANY ($1)", (Guid[])[room.RoomId, hall.RoomId]) == 0, "the rooms are deleted");
    }

    /// <summary>A new database with the two roles; returns their connection strings.</summary>
    private async Task<(string Owner, string App)> RolesAsync()
    {
        var database = new NpgsqlConnectionStringBuilder(await postgres.EmptyDatabaseAsync());
        var (owner, app) = (As("owner"), As("app"));
        await ApplyAsync(owner, app);
        foreach (var role in new[] { owner, app })
        {
            await postgres.Cluster.Postgres.ExecuteAsync($"ALTER ROLE {Name(role)} PASSWORD '{database.Password}'", role: "postgres");
        }

        return (owner, app);

        string As(string role) => new NpgsqlConnectionStringBuilder(database.ConnectionString) { Username = $"{database.Database}_{role}" }.ConnectionString;
    }

    /// <summary>Runs the script with psql as a superuser, with role names for this test only.</summary>
    private static async Task ApplyAsync(string owner, string app)
    {
        var database = new NpgsqlConnectionStringBuilder(owner);
        var run = await Tool.RunAsync(
            "psql",
            [
                "-X", "-q", "-v", "ON_ERROR_STOP=1", "-v", $"owner={Name(owner)}", "-v", $"app={Name(app)}", "-h", "127.0.0.1", "-p", $"{database.Port}",
                "-U", "postgres", "-d", database.Database!, "-f", Repository.PathOf(Script)
            ],
            environment: new Dictionary<string, string> { ["PGPASSWORD"] = database.Password! });
        run.ExitCode.ShouldBe(0, run.Error);
    }

    private static string Name(string connection) => new NpgsqlConnectionStringBuilder(connection).Username!;
}
