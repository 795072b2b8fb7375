using Polls.AppHost.Processes;
using Polls.Tests.Clients;
using Polls.Tests.Servers;

namespace Polls.Tests.Journeys;

/// <summary>The drill: scripts/backup and scripts/restore against a running cluster with people in a room.</summary>
[Collection(nameof(BreakableInstances))]
public sealed class BackupTests(BreakableInstances cluster) : IAsyncLifetime
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("polls-backup-");

    private string File => Path.Combine(folder.FullName, "polls.dump");

    public Task InitializeAsync() => cluster.MendAsync();

    public Task DisposeAsync()
    {
        folder.Delete(recursive: true);
        return Task.CompletedTask;
    }

    [Fact]
    public async Task After_a_restore_connected_screens_show_the_backup_and_votes_count_on()
    {
        var (room, poll) = await cluster.OpenRoomAsync();
        await using var desk = await RoomClient.ConnectAsync(cluster.A.Address, room.HostToken);
        await using var voter = await VoterAsync(room.Code);
        await using var other = await VoterAsync(room.Code);
        await voter.CastAsync(poll, 0, 1);
        var saved = await RunAsync("backup", File);
        saved.ExitCode.ShouldBe(0, saved.Error);
        await other.CastAsync(poll, 0, 2);
        await voter.CastAsync(poll, 1, 2);
        await cluster.ConvergedAsync(poll, 3, desk, voter, other);

        var restored = await RunAsync("restore", File);

        restored.ExitCode.ShouldBe(0, restored.Error + restored.Output);
        restored.Output.ShouldMatch(@"^Restored: \d+ rooms, \d+ votes. The database before had \d+ rooms, \d+ votes, and is kept as polls_before_\w+:");
        foreach (var client in (RoomClient[])[desk, voter, other])
        {
            // A state of another epoch replaces all tallies.
            await Until.TrueAsync(
                () => client.Tallies.TryGetValue(poll, out var tally) && tally.Counts.SequenceEqual([0, 1, 0]), "the client shows the tally of the backup");
        }

        await Until.TrueAsync(() => voter.State!.MyVotes.Single().Revision == 0 && other.State!.MyVotes.Count == 0, "both know which votes the backup has");
        await other.CastAsync(poll, 1, 0);
        await voter.CastAsync(poll, 2, 0);
        await cluster.ConvergedAsync(poll, 3, desk, voter, other);
        desk.Tallies[poll].Counts.ShouldBe([2, 0, 0]);

        var kept = restored.Output.Split(':')[1].Split(' ')[^1];
        (await SqlAsync($"SELECT datallowconn FROM pg_database WHERE datname = '{kept}'")).ShouldBe("f");
        await SqlAsync($"ALTER DATABASE {kept} ALLOW_CONNECTIONS true");
        var before = await PsqlAsync(kept, $"SELECT count(*) FROM votes WHERE poll_id = '{poll}'");
        before.Output.Trim().ShouldBe("2", "what the backup does not have is not lost");
        await SqlAsync($"DROP DATABASE {kept}");
    }

    [Fact]
    public async Task A_backup_that_is_broken_or_something_else_changes_nothing()
    {
        var (room, poll) = await cluster.OpenRoomAsync();
        await using var voter = await VoterAsync(room.Code);
        await voter.CastAsync(poll, 0, 1);
        (await RunAsync("backup", File)).ExitCode.ShouldBe(0);
        (await RunAsync("backup", File)).Error.ShouldContain("exists; nothing was written");
        var (epoch, databases) = (voter.State!.Epoch, await DatabasesAsync());

        var cut = Path.Combine(folder.FullName, "cut.dump");
        var bytes = await System.IO.File.ReadAllBytesAsync(File);
        await System.IO.File.WriteAllBytesAsync(cut, bytes[..(bytes.Length / 2)]);
        (await RunAsync("restore", cut)).ShouldSatisfyAllConditions(
            run => run.ExitCode.ShouldBe(1), run => run.Error.ShouldContain("nothing has changed"));

        var foreign = Path.Combine(folder.FullName, "foreign.dump");
        (await ToolAsync("pg_dump", "-Fc", "-f", foreign, "postgres")).ExitCode.ShouldBe(0);
        (await RunAsync("restore", foreign)).ShouldSatisfyAllConditions(
            run => run.ExitCode.ShouldBe(1), run => run.Error.ShouldContain("not a backup of Polls; nothing has changed"));
        (await RunAsync("restore", "/nowhere")).Error.ShouldContain("cannot be read");

        (await DatabasesAsync()).ShouldBe(databases, "nothing is left behind");
        (await voter.CastAsync(poll, 1, 2)).TallyVersion.ShouldBe(2);
        voter.State.Epoch.ShouldBe(epoch);
    }

    private async Task<RoomClient> VoterAsync(string code) =>
        await RoomClient.ConnectAsync(cluster.B.Address, (await cluster.A.JoinAsync(code)).Token);

    private Task<string> SqlAsync(string sql) => cluster.Cluster.Postgres.ExecuteAsync(sql, role: "postgres");

    private Task<string> DatabasesAsync() => SqlAsync("SELECT datname FROM pg_database ORDER BY datname");

    private Task<ToolResult> RunAsync(string script, string file) => ToolAsync(Repository.PathOf("scripts", script), file);

    private Task<ToolResult> PsqlAsync(string database, string sql) => ToolAsync("psql", "-XqtAc", sql, database);

    private Task<ToolResult> ToolAsync(string program, params string[] arguments) => Tool.RunAsync(program, arguments, environment: new Dictionary<string, string>
    {
        ["PGHOST"] = "127.0.0.1",
        ["PGPORT"] = $"{cluster.Cluster.Postgres.Port}",
        ["PGUSER"] = "postgres",
        ["PGPASSWORD"] = cluster.Cluster.Postgres.Password,
    });
}
