using System.Collections.Concurrent;
using System.Diagnostics;
using Polls.AppHost;
using Polls.AppHost.Processes;
using Polls.Tests.Servers;

namespace Polls.Tests.AppHost;

/// <summary>AppHost as a separate process, as users run it.</summary>
internal sealed class AppHostProcess : IDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();

    private AppHostProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public string Output => string.Join('\n', _lines);

    /// <summary>
    /// Starts it like a terminal: it receives Ctrl-C, even if this test run is in the background and ignores it.
    /// </summary>
    public static AppHostProcess Run(params string[] arguments) =>
        Run("env", ["--default-signal=INT,QUIT", "dotnet", typeof(LocalCluster).Assembly.Location, .. arguments]);

    /// <summary>Starts it like a shell with an ampersand: it ignores Ctrl-C.</summary>
    public static Task<AppHostProcess> ReadyInBackgroundAsync(params string[] arguments) =>
        ReadyAsync(Run("sh", ["-c", "trap '' INT QUIT; exec dotnet \"$0\" \"$@\"", typeof(LocalCluster).Assembly.Location, .. arguments]));

    public static Task<AppHostProcess> ReadyAsync(params string[] arguments) => ReadyAsync(Run(arguments));

    private static AppHostProcess Run(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return new(Process.Start(start)!);
    }

    private static async Task<AppHostProcess> ReadyAsync(AppHostProcess host)
    {
        await Until.TrueAsync(() => host.Says("Polls is ready: ") || host._process.HasExited, "AppHost is ready");
        host._process.HasExited.ShouldBeFalse(host.Output);
        return host;
    }

    public bool Says(string text) => _lines.Any(line => line.Contains(text, StringComparison.Ordinal));

    public Task SaysAsync(string text) => Until.TrueAsync(() => Says(text), $"AppHost says '{text}'");

    public void Signal(PosixSignalNumber signal) => ProcessIdentity.Of(_process.Id)?.Signal(signal);

    public async Task<int> ExitAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        await _process.WaitForExitAsync(limit.Token);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is not null)
            _lines.Enqueue(line);
    }
}
