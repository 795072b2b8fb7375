using System.Globalization;
using System.Runtime.InteropServices;

namespace Polls.AppHost.Processes;

/// <summary>
/// Identifies a process by id and start time, because the kernel reuses ids.
/// </summary>
internal readonly partial record struct ProcessIdentity(int Id, long StartedAt)
{
    /// <summary>
    /// False for a zombie, too: if nothing reaps orphans, an exited process keeps its entry in /proc.
    /// </summary>
    public bool IsAlive => ReadStat(Id) is { } stat && stat.StartedAt == StartedAt;

    public static ProcessIdentity? Of(int id) => ReadStat(id) is { } stat ? new(id, stat.StartedAt) : null;

    /// <summary>All descendants; nginx's workers, for example, are grandchildren of its script.</summary>
    public IReadOnlyList<ProcessIdentity> Descendants()
    {
        var children = All().ToLookup(entry => entry.Parent, entry => entry.Identity);
        List<ProcessIdentity> found = [.. children[Id]];
        for (var next = 0; next < found.Count; next++)
            found.AddRange(children[found[next].Id]);
        return found;
    }

    /// <summary>
    /// All processes whose working directory is this folder; PostgreSQL's processes work in their data directory.
    /// </summary>
    public static IReadOnlyList<ProcessIdentity> WorkingIn(string directory) =>
        [.. All().Where(entry => WorkingDirectory(entry.Identity.Id) == directory).Select(entry => entry.Identity)];

    /// <summary>Sends a signal; returns false if the process has exited.</summary>
    public bool Signal(PosixSignalNumber signal) => IsAlive && SendSignal(Id, (int)signal) == 0;

    private static IEnumerable<(ProcessIdentity Identity, int Parent)> All()
    {
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                && ReadStat(id) is { } stat)
                yield return (new(id, stat.StartedAt), stat.Parent);
        }
    }

    private static (int Parent, long StartedAt)? ReadStat(int id)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{id}/stat");
            // The program's name is in parentheses and may contain spaces and parentheses.
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] is "Z" or "X"
                ? null
                : (int.Parse(fields[1], CultureInfo.InvariantCulture),
                    long.Parse(fields[19], CultureInfo.InvariantCulture));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string? WorkingDirectory(int id)
    {
        try
        {
            return new FileInfo($"/proc/{id}/cwd").LinkTarget;
        }
        catch (Exception hidden) when (hidden is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SendSignal(int id, int signal);
}

/// <summary>The signals that this program sends, by their Linux numbers.</summary>
internal enum PosixSignalNumber
{
    Interrupt = 2,
    Kill = 9,
    Terminate = 15,
    Continue = 18,
    Stop = 19,
}
