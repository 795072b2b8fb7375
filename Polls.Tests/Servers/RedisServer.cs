using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Polls.Tests.Servers;

/// <summary>A real redis-server of Debian's on a free port, in a folder of its own; keeps its port over restarts.</summary>
public sealed class RedisServer : IAsyncDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("polls-redis-");
    private readonly string? password;
    private Process? process;

    private RedisServer(string? password) => this.password = password;

    public int Port { get; private set; } = FreePort();

    public string ConnectionString => $"127.0.0.1:{Port}" + (password is null ? "" : $",password={password}");

    /// <summary>A port and a folder for a server that does not run yet.</summary>
    public static RedisServer Down(string? password = null) => new(password);

    public static async Task<RedisServer> UpAsync(string? password = null)
    {
        var server = new RedisServer(password);
        await server.StartAsync();
        return server;
    }

    public async Task StartAsync()
    {
        List<string> arguments =
        [
            "--port", Text(Port), "--bind", "127.0.0.1", "--dir", folder.FullName, "--save", "", "--appendonly", "no",
            "--daemonize", "no", "--logfile", Path.Combine(folder.FullName, "log"),
        ];
        if (password is not null) arguments.AddRange(["--requirepass", password]);
        process = Process.Start("redis-server", arguments);
        await Until.TrueAsync(async () => await TryCliAsync("PING") == "PONG", "redis-server answers");
    }

    public async Task KillAsync()
    {
        if (process is null) return;
        process.Kill();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(10));
        process.Dispose();
        process = null;
    }

    public Task StallAsync() => SignalAsync("-STOP");

    public Task ResumeAsync() => SignalAsync("-CONT");

    /// <summary>What redis-cli prints for a command.</summary>
    public async Task<string> CliAsync(params string[] command)
    {
        var (exitCode, output) = await RunAsync("redis-cli", ArgumentsOf(command));
        exitCode.ShouldBe(0, output);
        return output;
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        folder.Delete(recursive: true);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    // Below the ephemeral range, where a bind could hit some client's port.
    private static int FreePort()
    {
        while (true)
        {
            var port = Random.Shared.Next(21_000, 32_000);
            using var probe = new TcpListener(IPAddress.Loopback, port);
            try
            {
                probe.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken; another one.
            }
        }
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(string file, IEnumerable<string> arguments)
    {
        using var run = Process.Start(new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true })!;
        var output = await run.StandardOutput.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(20));
        await run.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(10));
        return (run.ExitCode, output.Trim());
    }

    private async Task<string?> TryCliAsync(params string[] command)
    {
        var (exitCode, output) = await RunAsync("redis-cli", ArgumentsOf(command));
        return exitCode == 0 ? output : null;
    }

    private IEnumerable<string> ArgumentsOf(string[] command) =>
        [.. (string[])["-p", Text(Port)], .. password is null ? (string[])[] : ["-a", password, "--no-auth-warning"], .. command];

    private async Task SignalAsync(string signal) =>
        (await RunAsync("kill", [signal, Text(process!.Id)])).ExitCode.ShouldBe(0);
}
