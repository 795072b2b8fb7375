using System.Diagnostics;
using System.Globalization;
using Polls.AppHost;

namespace Polls.Tests.Servers;

/// <summary>A real Redis for one test that breaks it: the local cluster's, without the other parts.</summary>
public sealed class RedisServer : IAsyncDisposable
{
    private readonly LocalCluster cluster;

    private RedisServer(LocalCluster cluster) => this.cluster = cluster;

    public string ConnectionString => $"127.0.0.1:{Port},password={Password}";

    public string Password => Part.Password;

    public int Port => Part.Port;

    private global::Polls.AppHost.RedisServer Part => cluster.Redis!;

    /// <summary>A server that is not running yet, with a reserved port.</summary>
    public static async Task<RedisServer> DownAsync()
    {
        var server = await UpAsync();
        await server.KillAsync();
        return server;
    }

    public static async Task<RedisServer> UpAsync() => new(await LocalCluster.StartNewAsync(
        new ClusterOptions { Throwaway = true, Instances = 0, PostgresEnabled = false }));

    public Task StartAsync() => Part.StartAsync();

    public Task KillAsync() => Part.KillAsync();

    public void Stall() => Part.Suspend();

    public void Resume() => Part.Resume();

    /// <summary>The output of redis-cli for a command.</summary>
    public Task<string> CliAsync(params string[] command) => CliAsAsync(Password, command);

    /// <summary>The same, with another password than the server's.</summary>
    public async Task<string> CliAsAsync(string password, params string[] command)
    {
        string[] arguments = ["-p", Port.ToString(CultureInfo.InvariantCulture), "--no-auth-warning", "-a", password, .. command];
        using var run = Process.Start(new ProcessStartInfo("redis-cli", arguments) { RedirectStandardOutput = true })!;
        var output = await run.StandardOutput.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(20));
        await run.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(10));
        run.ExitCode.ShouldBe(0, output);
        return output.Trim();
    }

    public ValueTask DisposeAsync() => cluster.DisposeAsync();
}
