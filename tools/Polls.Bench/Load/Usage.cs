using System.Globalization;

namespace Polls.Bench.Load;

/// <summary>CPU time and memory of processes, from <c>/proc</c>.</summary>
internal static class Usage
{
    /// <summary>CPU seconds of a process and of its exited children; 0 if it has exited.</summary>
    public static double CpuSeconds(int process) => Fields(process) is { } fields
        // utime, stime, cutime, cstime, in hundredths.
        ? fields[11..15].Sum(field => long.Parse(field, CultureInfo.InvariantCulture)) / 100.0
        : 0;

    /// <summary>Resident memory of the processes, in bytes.</summary>
    public static long Memory(IEnumerable<int> processes) => processes.Sum(id =>
        // Pages of 4 KB.
        Fields(id) is { } fields ? long.Parse(fields[21], CultureInfo.InvariantCulture) * 4096 : 0);

    /// <summary>The processes and all their descendants.</summary>
    public static IReadOnlyList<int> WithChildren(IEnumerable<int> processes)
    {
        var children = Directory.EnumerateDirectories("/proc")
            .Select(path => int.TryParse(Path.GetFileName(path), out var id) ? id : 0).Where(id => id > 0)
            .Select(id =>
                (Id: id, Parent: Fields(id) is { } fields ? int.Parse(fields[1], CultureInfo.InvariantCulture) : 0))
            .ToLookup(item => item.Parent, item => item.Id);
        List<int> found = [.. processes];
        for (var i = 0; i < found.Count; i++)
        {
            found.AddRange(children[found[i]]);
        }

        return found;
    }

    /// <summary>Busy and total seconds of all processors since boot.</summary>
    public static (double Busy, double All) Machine()
    {
        var times = File.ReadLines("/proc/stat")
            .First()
            .Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Take(8)
            .Select(text => long.Parse(text, CultureInfo.InvariantCulture) / 100.0).ToArray();
        // The fourth and fifth are idle and iowait.
        return (times.Sum() - times[3] - times[4], times.Sum());
    }

    // The fields from the state on; the name before it may contain spaces and parentheses.
    private static string[]? Fields(int id)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{id}/stat");
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
