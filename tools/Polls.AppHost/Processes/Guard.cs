using System.Diagnostics;
using System.Globalization;

namespace Polls.AppHost.Processes;

/// <summary>
/// Sees to it that no process outlives its cluster, even when this program dies by kill -9: a tiny shell
/// (<c>guard.sh</c>) in a session of its own holds the end of a pipe and ends what is left once the pipe closes.
/// The same lines stand in the ledger file, so that the next run on the folder can wait for an ending one.
/// </summary>
internal sealed class Guard : IDisposable
{
    private readonly Process _shell;
    private readonly string _ledger;
    private readonly Lock _gate = new();

    private Guard(Process shell, string ledger) => (_shell, _ledger) = (shell, ledger);

    /// <summary>The script is kept beside the data: the build it came from may be replaced while the guard runs.</summary>
    public static Guard Start(string script, string ledger, string logPath)
    {
        WriteScript(script);
        // Own session: a Ctrl-C on the terminal must not reach it. Own output: whoever reads ours must not wait for it.
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

    /// <summary>From the return of this call on the process cannot outlive the cluster.</summary>
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
            // The last line of a killed run may be cut short.
            if (line.Split(' ') is [var id, var startedAt, _]
                && int.TryParse(id, CultureInfo.InvariantCulture, out var processId)
                && long.TryParse(startedAt, CultureInfo.InvariantCulture, out var ticks))
                found.Add(new(processId, ticks));
        }

        return found;
    }

    /// <summary>Lets the guard go; it ends whatever still runs.</summary>
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

    // By renaming: a guard of the last run that still reads the old file goes on reading it.
    private static void WriteScript(string path)
    {
        using var stream = typeof(Guard).Assembly.GetManifestResourceStream("guard.sh")!;
        using (var file = File.Create(path + ".new"))
            stream.CopyTo(file);
        File.Move(path + ".new", path, overwrite: true);
    }
}
