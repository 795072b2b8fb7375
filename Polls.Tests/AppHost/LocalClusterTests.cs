using Polls.AppHost;
using Polls.AppHost.Processes;
using Polls.Tests.Servers;

namespace Polls.Tests.AppHost;

public sealed class LocalClusterTests
{
    private static readonly ClusterOptions Throwaway = new() { Throwaway = true };
    private static readonly ClusterOptions StoresOnly = Throwaway with { Instances = 0 };

    [Fact]
    public async Task Starts_every_part_and_leaves_neither_process_nor_folder_behind()
    {
        var cluster = await LocalCluster.StartNewAsync(Throwaway with { Instances = 2 });
        var processes = Scratch.ProcessesOf(cluster);
        cluster.Instances.Select(instance => instance.Name).ShouldBe(["api-1", "api-2"]);
        processes.Count.ShouldBeGreaterThan(5);
        processes.ShouldAllBe(process => process.IsAlive);
        cluster.Parts.Select(part => part.Port).ShouldAllBe(port => port < 32768);

        await cluster.DisposeAsync();

        await Until.GoneAsync(processes);
        Directory.Exists(cluster.DataDirectory).ShouldBeFalse();
    }

    [Fact]
    public async Task An_instance_that_crashed_stays_down_until_it_is_started_again_on_its_port()
    {
        await using var cluster = await LocalCluster.StartNewAsync(Throwaway with { Instances = 2 });
        var crashed = new TaskCompletionSource<string>();
        cluster.UnexpectedExit += (part, exitCode) => crashed.TrySetResult($"{part.Name} {exitCode}");
        var instance = cluster.Instances[1];
        var port = instance.Port;

        ProcessIdentity.Of(instance.ProcessId!.Value)!.Value.Signal(PosixSignalNumber.Kill);

        (await crashed.Task.WaitAsync(TimeSpan.FromSeconds(60))).ShouldBe("api-2 137");
        instance.IsRunning.ShouldBeFalse();
        await instance.StartAsync();
        instance.Port.ShouldBe(port);
        var added = await cluster.AddInstanceAsync();
        added.Name.ShouldBe("api-3");
        await instance.KillAsync();
        var processes = Scratch.ProcessesOf(cluster);

        await cluster.DisposeAsync();
        await Until.GoneAsync(processes);
    }

    [Fact]
    public async Task Stores_that_were_killed_come_back_on_the_same_port_with_their_data()
    {
        await using var cluster = await LocalCluster.StartNewAsync(StoresOnly);
        await cluster.Postgres.ExecuteAsync("create table kept (id int); insert into kept values (42)");
        var ports = cluster.Parts.Select(part => part.Port).ToList();
        var processes = Scratch.ProcessesOf(cluster).Where(process => process.Id != cluster.GuardProcessId).ToList();

        foreach (var part in cluster.Parts)
            await part.KillAsync();
        processes.ShouldAllBe(process => !process.IsAlive);
        foreach (var part in cluster.Parts)
            await part.StartAsync();

        cluster.Parts.Select(part => part.Port).ShouldBe(ports);
        (await cluster.Postgres.ExecuteAsync("select id from kept")).ShouldBe("42");
    }

    [Fact]
    public async Task A_suspended_part_does_not_answer_until_it_is_resumed_and_can_be_stopped_while_suspended()
    {
        await using var cluster = await LocalCluster.StartNewAsync(StoresOnly);
        cluster.Postgres.Suspend();
        var answer = cluster.Postgres.ExecuteAsync("select 1");
        await Until.TrueAsync(() => State(cluster.Postgres) == "T", "it is suspended");
        answer.IsCompleted.ShouldBeFalse();

        cluster.Postgres.Resume();
        (await answer).ShouldBe("1");

        cluster.Postgres.Suspend();
        await cluster.Postgres.StopAsync();
        cluster.Postgres.IsRunning.ShouldBeFalse();
    }

    [Fact]
    public async Task Clusters_side_by_side_do_not_collide()
    {
        var clusters = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => LocalCluster.StartNewAsync(StoresOnly)));
        try
        {
            clusters.SelectMany(cluster => cluster.Parts).Select(part => part.Port).ShouldBeUnique();
            foreach (var cluster in clusters)
                (await cluster.Postgres.ExecuteAsync("show data_directory", role: "postgres")).ShouldBe(cluster.Postgres.FilesDirectory);
        }
        finally
        {
            await Task.WhenAll(clusters.Select(cluster => cluster.DisposeAsync().AsTask()));
        }
    }

    [Fact]
    public async Task A_failed_start_shows_the_log_and_leaves_nothing_behind()
    {
        using var scratch = new Scratch();
        var options = new ClusterOptions
        {
            DataDirectory = scratch.Data,
            Instances = 0,
            PostgresSettings = new Dictionary<string, string> { ["max_connections"] = "many" },
        };

        var failure = await Should.ThrowAsync<StartFailedException>(() => LocalCluster.StartNewAsync(options));

        failure.Message.ShouldContain("postgres (port");
        failure.Message.ShouldContain("invalid value for parameter \"max_connections\": \"many\"");
        ProcessIdentity.WorkingIn(Path.Combine(scratch.Data, "postgres")).ShouldBeEmpty();
        await using var second = await LocalCluster.StartNewAsync(options with { PostgresSettings = new Dictionary<string, string>() });
    }

    private static string State(LocalPart part) => File.ReadAllText($"/proc/{part.ProcessId}/stat").Split(' ')[2];
}
