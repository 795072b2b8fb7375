using System.Diagnostics;

namespace Polls.AppHost.Processes;

/// <summary>A running process in its own session, with its output redirected to a log file.</summary>
internal sealed class ChildProcess : IDisposable
{
    // The shell waits for one line before it executes the program, so that the guard knows the process first. If this
    // program dies in between, the pipe closes and the program never starts. The process id stays the same through
    // exec.
    private const string WaitThenExec =
        """exec >>"$0" 2>&1; IFS= read -r go || exit 125; [ "$go" = go ] || exit 125; exec "$@" </dev/null""";

    private static readonly TimeSpan KillLimit = TimeSpan.FromSeconds(10);
    private readonly Process _process;
    private readonly PosixSignalNumber _stopSignal;

    private ChildProcess(Process process, ProcessIdentity identity, PosixSignalNumber stopSignal)
    {
        _process = process;
        _stopSignal = stopSignal;
        Identity = identity;
        Exited = WaitAsync(process);
    }

    public ProcessIdentity Identity { get; }

    /// <summary>Completes with the exit code; 128 + the signal's number when a signal ended it.</summary>
    public Task<int> Exited { get; }

    public static ChildProcess Start(Launch launch, string logPath, Guard guard)
    {
        // A separate session, so that Ctrl-C reaches only this program, which then stops the parts in order.
        var start = new ProcessStartInfo("setsid")
        {
            RedirectStandardInput = true,
            WorkingDirectory = launch.WorkingDirectory,
            // A program started in the background ignores SIGINT, its children inherit that, and a shell cannot undo
            // it.
            ArgumentList = { "env", "--default-signal=INT,QUIT", "sh", "-c", WaitThenExec, logPath, launch.File },
        };
        foreach (var argument in launch.Arguments)
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in launch.Environment)
            start.Environment[name] = value;

        var process = Process.Start(start)!;
        try
        {
            var identity = ProcessIdentity.Of(process.Id)
                ?? throw new StartFailedException($"'{launch.File}' exited before it was started.");
            guard.Watch(identity, launch.StopSignal);
            process.StandardInput.Write("go\n");
            process.StandardInput.Close();
            return new(process, identity, launch.StopSignal);
        }
        catch
        {
            process.Kill();
            process.Dispose();
            throw;
        }
    }

    /// <summary>Signals the process, then its descendants.</summary>
    public void SignalTree(PosixSignalNumber signal)
    {
        foreach (var process in Tree())
            process.Signal(signal);
    }

    /// <summary>Sends the stop signal, kills what still runs after the grace period, and waits for all exits.</summary>
    public async Task EndAsync(TimeSpan grace)
    {
        var tree = Tree();
        if (grace > TimeSpan.Zero)
        {
            Identity.Signal(_stopSignal);
            // A suspended process would not handle the signal.
            SignalTree(PosixSignalNumber.Continue);
            await Backoff.UntilAsync(() => Exited.IsCompleted, grace, CancellationToken.None);
        }

        // Kill the parent first, because it could still start children.
        foreach (var process in tree)
            process.Signal(PosixSignalNumber.Kill);
        await Exited.WaitAsync(KillLimit);
        if (!await Backoff.UntilAsync(() => !tree.Any(process => process.IsAlive), KillLimit, CancellationToken.None))
            throw new InvalidOperationException($"Process {Identity.Id} has children that survive kill -9.");
    }

    private IReadOnlyList<ProcessIdentity> Tree() => [Identity, .. Identity.Descendants()];

    public void Dispose() => _process.Dispose();

    private static async Task<int> WaitAsync(Process process)
    {
        await process.WaitForExitAsync();
        return process.ExitCode;
    }
}
