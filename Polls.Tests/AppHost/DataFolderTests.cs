using Polls.AppHost;
using Polls.AppHost.Processes;

namespace Polls.Tests.AppHost;

public sealed class DataFolderTests : IDisposable
{
    private readonly Scratch _scratch = new();

    private ClusterOptions Kept => new() { DataDirectory = _scratch.Data, Instances = 0, RedisEnabled = false };

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task Data_and_passwords_are_kept_between_runs()
    {
        var password = await WriteAsync(Kept);

        await using var again = await LocalCluster.StartNewAsync(Kept);

        again.Postgres.Password.ShouldBe(password);
        (await again.Postgres.ExecuteAsync("select word from kept")).ShouldBe("hello");
    }

    [Fact]
    public async Task Only_the_owner_can_read_the_passwords_and_no_other_password_is_accepted()
    {
        await using var cluster = await LocalCluster.StartNewAsync(Kept with { RedisEnabled = true });

        foreach (var secret in Directory.GetFiles(_scratch.DataFile("secrets")))
            (await Tool.RunAsync("stat", ["-c", "%a", secret])).Output.Trim().ShouldBe("600");
        var refused = await Tool.RunAsync(
            "psql", ["-h", "127.0.0.1", "-p", $"{cluster.Postgres.Port}", "-U", "postgres", "-w", "-c", "select 1"],
            environment: new Dictionary<string, string> { ["PGPASSWORD"] = "guess" });
        refused.Error.ShouldContain("password authentication failed");
    }

    [Fact]
    public async Task A_lost_password_file_is_recreated_and_the_data_is_kept()
    {
        await WriteAsync(Kept);
        File.Delete(_scratch.DataFile("secrets/postgres"));

        await using var again = await LocalCluster.StartNewAsync(Kept);

        (await again.Postgres.ExecuteAsync("select word from kept")).ShouldBe("hello");
    }

    [Fact]
    public async Task A_second_cluster_on_the_same_folder_is_refused_clearly()
    {
        await using var first = await LocalCluster.StartNewAsync(Kept);

        var refusal = await Should.ThrowAsync<StartFailedException>(() => LocalCluster.StartNewAsync(Kept));

        refusal.Message.ShouldStartWith($"Polls is already running (process {Environment.ProcessId}) on the data folder '{_scratch.Data}'.");
        first.Postgres.IsRunning.ShouldBeTrue();
    }

    [RootFact]
    public async Task If_the_postgres_user_cannot_enter_the_folder_only_its_files_are_under_var_tmp()
    {
        (await Tool.RunAsync("chmod", ["700", _scratch.Root])).OrThrow("chmod");
        List<string> notices = [];
        var options = Kept with { Notice = notices.Add };
        string files;
        await using (var cluster = await LocalCluster.StartNewAsync(options))
        {
            files = cluster.Postgres.FilesDirectory;
            await cluster.Postgres.ExecuteAsync("create table kept as select 'hello' as word");
        }

        try
        {
            files.ShouldStartWith("/var/tmp/polls-");
            notices.ShouldContain(line => line.Contains("cannot enter", StringComparison.Ordinal));
            await using (var again = await LocalCluster.StartNewAsync(options))
            {
                again.Postgres.FilesDirectory.ShouldBe(files);
                (await again.Postgres.ExecuteAsync("select word from kept")).ShouldBe("hello");
            }

            // Deleting the data folder starts from scratch.
            Directory.Delete(_scratch.Data, recursive: true);
            await using var anew = await LocalCluster.StartNewAsync(options);
            (await anew.Postgres.ExecuteAsync("select to_regclass('kept') is null")).ShouldBe("t");
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(files)!, recursive: true);
        }
    }

    private static async Task<string> WriteAsync(ClusterOptions options)
    {
        await using var cluster = await LocalCluster.StartNewAsync(options);
        await cluster.Postgres.ExecuteAsync("create table kept as select 'hello' as word");
        return cluster.Postgres.Password;
    }
}
