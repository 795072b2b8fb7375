using System.Diagnostics;
using System.Globalization;

namespace Polls.AppHost.Processes;

/// <summary>
/// Ensures that no process outlives its cluster, even if this program is killed: a shell script (<c>guard.sh</c>) in
/// its own session reads from a pipe and ends the remaining processes when the pipe closes. The same lines are written
/// to the ledger file, so that the next run on the folder can wait for processes that are still ending.
/// </summary>
internal sealed class Guard : IDisposable
{
    private readonly Process _shell;
    private readonly string _ledger;
    private readonly Lock _gate = new();

    private Guard(Process shell, string ledger) => (_shell, _ledger) = (shell, ledger);

    /// <summary>
    /// Starts the guard. The script is copied to <paramref name="script"/>, because the build may be replaced while it
    /// runs.
    /// </summary>
    public static Guard Start(string script, string ledger, string logPath)
    {
        WriteScript(script);
        // A separate session, so that Ctrl-C does not reach it, and separate output, so that readers of ours do not
        // wait for it.
        var start = new ProcessStartInfo("setsid")
        {
            RedirectStandardInput = true,
            WorkingDirectory = "/",
            ArgumentList = { "sh", script, logPath },
        };
        File.Delete(ledger);
        return new(Process.Start(start)!, ledger);
    }

    public int ProcessId => _shell.Id;

    /// <summary>Registers a process; after this call it cannot outlive the cluster.</summary>
    public void Watch(ProcessIdentity process, PosixSignalNumber stopSignal)
    {
        var signal = stopSignal == PosixSignalNumber.Interrupt ? "INT" : "TERM";
        var line = string.Create(CultureInfo.InvariantCulture, $"{process.Id} {process.StartedAt} {signal}\n");
        lock (_gate)
        {
            File.AppendAllText(_ledger, line);
            _shell.StandardInput.Write(line);
            _shell.StandardInput.Flush();
        }
    }

    public static IReadOnlyList<ProcessIdentity> ReadLedger(string ledger)
    {
        if (!File.Exists(ledger))
            return [];
        List<ProcessIdentity> found = [];
        foreach (var line in File.ReadLines(ledger))
        {
            // The last line of a killed run may be incomplete.
            if (line.Split(' ') is [var id, var startedAt, _]
                && int.TryParse(id, CultureInfo.InvariantCulture, out var processId)
                && long.TryParse(startedAt, CultureInfo.InvariantCulture, out var ticks))
                found.Add(new(processId, ticks));
        }

        return found;
    }

    /// <summary>Closes the pipe, so that the guard ends whatever still runs, and waits for it.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _shell.StandardInput.Close();
            _shell.WaitForExit(TimeSpan.FromSeconds(30));
            _shell.Dispose();
            File.Delete(_ledger);
        }
    }

    // Renames the new file, so that a guard of the last run can continue to read the old one.
    private static void WriteScript(string path)
    {
        using var stream = typeof(Guard).Assembly.GetManifestResourceStream("guard.sh")!;
        using (var file = File.Create(path + ".new"))
            stream.CopyTo(file);
        File.Move(path + ".new", path, overwrite: true);
    }
}
