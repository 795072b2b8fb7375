using System.Globalization;

namespace Polls.Bench.Load;

/// <summary>What processes take of the machine, as the kernel counts it.</summary>
internal static class Usage
{
    /// <summary>CPU seconds of this process so far, with those of its children that have ended; 0 when it is gone.</summary>
    public static double CpuSeconds(int process) => Fields(process) is { } fields
        // utime, stime, cutime, cstime, in hundredths.
        ? fields[11..15].Sum(field => long.Parse(field, CultureInfo.InvariantCulture)) / 100.0
        : 0;

    /// <summary>Bytes of memory that they hold at present.</summary>
    public static long Memory(IEnumerable<int> processes) => processes.Sum(id =>
        // Pages of 4 KB.
        Fields(id) is { } fields ? long.Parse(fields[21], CultureInfo.InvariantCulture) * 4096 : 0);

    /// <summary>These processes and all below them.</summary>
    public static IReadOnlyList<int> WithChildren(IEnumerable<int> processes)
    {
        var children = Directory.EnumerateDirectories("/proc")
            .Select(path => int.TryParse(Path.GetFileName(path), out var id) ? id : 0).Where(id => id > 0)
            .Select(id => (Id: id, Parent: Fields(id) is { } fields ? int.Parse(fields[1], CultureInfo.InvariantCulture) : 0))
            .ToLookup(item => item.Parent, item => item.Id);
        List<int> found = [.. processes];
        for (var i = 0; i < found.Count; i++)
        {
            found.AddRange(children[found[i]]);
        }

        return found;
    }

    /// <summary>Seconds that all processors together have worked, and been there, since the machine began.</summary>
    public static (double Busy, double All) Machine()
    {
        var times = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Take(8)
            .Select(text => long.Parse(text, CultureInfo.InvariantCulture) / 100.0).ToArray();
        // The fourth and fifth are idle and waiting for a disk.
        return (times.Sum() - times[3] - times[4], times.Sum());
    }

    // From the state on: the name before it may hold anything.
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
