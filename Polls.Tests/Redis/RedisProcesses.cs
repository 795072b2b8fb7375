using System.Diagnostics;
using System.Globalization;
using Polls.AppHost.Processes;

namespace Polls.Tests.Redis;

/// <summary>
/// Several real Redis processes, for setups with more than one: a primary with a replica and a Sentinel, or a cluster.
/// </summary>
internal sealed class RedisProcesses : IAsyncDisposable
{
    public const string Password = "hush";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("polls-redis-");
    private readonly Guard guard;
    private readonly List<PortReservation> ports = [];
    private readonly Dictionary<int, ChildProcess> processes = [];

    public RedisProcesses()
    {
        string In(string name) => Path.Combine(folder.FullName, name);
        guard = Guard.Start(In("guard.sh"), In("ledger"), In("guard.log"));
    }

    /// <summary>A reserved port.</summary>
    public int Port()
    {
        ports.Add(PortReservation.Free());
        return ports[^1].Port;
    }

    /// <summary>Starts a server with these settings and waits until it answers.</summary>
    public async Task StartAsync(int port, bool sentinel = false, params string[] settings)
    {
        var place = Directory.CreateDirectory(Path.Combine(folder.FullName, port.ToString(CultureInfo.InvariantCulture)));
        var configuration = Path.Combine(place.FullName, "redis.conf");
        await File.WriteAllLinesAsync(
            configuration, [$"port {port}", "bind 127.0.0.1", $"dir {place.FullName}", $"requirepass {Password}", "save \"\"", .. settings]);
        string[] arguments = sentinel ? [configuration, "--sentinel"] : [configuration];
        processes[port] = ChildProcess.Start(new Launch("redis-server", arguments), Path.Combine(place.FullName, "log"), guard);
        await Servers.Until.TrueAsync(async () => (await TryCliAsync(port, "PING")).Output == "PONG", $"the Redis on port {port} answers");
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync(int port)
    {
        if (processes.Remove(port, out var process))
        {
            await process.EndAsync(TimeSpan.Zero);
            process.Dispose();
        }
    }

    /// <summary>The output of redis-cli.</summary>
    public static async Task<string> CliAsync(int port, params string[] command)
    {
        var (exitCode, output) = await TryCliAsync(port, command);
        exitCode.ShouldBe(0, output);
        return output;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var port in processes.Keys.ToList())
        {
            await KillAsync(port);
        }

        ports.ForEach(port => port.Dispose());
        guard.Dispose();
        folder.Delete(recursive: true);
    }

    private static async Task<(int ExitCode, string Output)> TryCliAsync(int port, params string[] command)
    {
        string[] arguments = ["-p", port.ToString(CultureInfo.InvariantCulture), "--no-auth-warning", "-a", Password, .. command];
        using var run = Process.Start(new ProcessStartInfo("redis-cli", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = run.StandardError.ReadToEndAsync();
        var output = await run.StandardOutput.ReadToEndAsync().WaitAsync(Servers.Until.Limit);
        await run.WaitForExitAsync().WaitAsync(Servers.Until.Limit);
        return (run.ExitCode, (output + await errors).Trim());
    }
}
