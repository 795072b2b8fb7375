using System.Diagnostics;

namespace Polls.AppHost.Processes;

/// <summary>A running part: in a session of its own, its output going straight into its log file.</summary>
internal sealed class ChildProcess : IDisposable
{
    // It waits for one line before it becomes the program: the guard learns of it first. Should this program
    // die in between, the pipe closes and it never starts. The id stays the same through every exec.
    private const string WaitThenBecome =
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
        // Own session: Ctrl-C on the terminal is for this program alone, which then stops the parts in order.
        var start = new ProcessStartInfo("setsid")
        {
            RedirectStandardInput = true,
            WorkingDirectory = launch.WorkingDirectory,
            // Whoever starts this program in the background makes it ignore Ctrl-C, and a shell can never listen to what it began by ignoring.
            ArgumentList = { "env", "--default-signal=INT,QUIT", "sh", "-c", WaitThenBecome, logPath, launch.File },
        };
        foreach (var argument in launch.Arguments)
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in launch.Environment)
            start.Environment[name] = value;

        var process = Process.Start(start)!;
        try
        {
            var identity = ProcessIdentity.Of(process.Id)
                ?? throw new StartFailedException($"'{launch.File}' ended before it began.");
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

    /// <summary>Signals the process, then all that it started.</summary>
    public void SignalTree(PosixSignalNumber signal)
    {
        foreach (var process in Tree())
            process.Signal(signal);
    }

    /// <summary>Asks it to end, kills what is left after the grace, and returns when nothing of it runs.</summary>
    public async Task EndAsync(TimeSpan grace)
    {
        var tree = Tree();
        if (grace > TimeSpan.Zero)
        {
            Identity.Signal(_stopSignal);
            // A suspended process would never get to see it.
            SignalTree(PosixSignalNumber.Continue);
            await Backoff.UntilAsync(() => Exited.IsCompleted, grace, CancellationToken.None);
        }

        // What is left gets no choice. The parent first, for it could still start children.
        foreach (var process in tree)
            process.Signal(PosixSignalNumber.Kill);
        await Exited.WaitAsync(KillLimit);
        if (!await Backoff.UntilAsync(() => !tree.Any(process => process.IsAlive), KillLimit, CancellationToken.None))
            throw new InvalidOperationException($"Process {Identity.Id} left children that survive kill -9.");
    }

    private IReadOnlyList<ProcessIdentity> Tree() => [Identity, .. Identity.Descendants()];

    public void Dispose() => _process.Dispose();

    private static async Task<int> WaitAsync(Process process)
    {
        await process.WaitForExitAsync();
        return process.ExitCode;
    }
}
