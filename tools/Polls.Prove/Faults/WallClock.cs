using System.Globalization;
using Polls.AppHost;

namespace Polls.Prove.Faults;

/// <summary>
/// Shifts the wall clock of one instance while it runs, with libfaketime in <c>LD_PRELOAD</c>. Timers and time-outs are
/// not affected, as when a machine's clock is set.
/// </summary>
internal sealed class WallClock
{
    private const string Libraries = "/usr/lib";
    private readonly string file;
    private readonly string library;

    /// <summary>Creates a clock with an offset of zero.</summary>
    /// <param name="file">The file that holds the offset.</param>
    /// <exception cref="StartFailedException">libfaketime is not installed.</exception>
    public WallClock(string file)
    {
        this.file = file;
        library = Directory.EnumerateDirectories(Libraries)
            .Select(directory => Path.Combine(directory, "faketime", "libfaketimeMT.so.1")).FirstOrDefault(File.Exists)
            ?? throw new StartFailedException("libfaketime, which shifts the clocks of instances, is not installed.");
        Set(TimeSpan.Zero);
    }

    /// <summary>The environment variables of an instance that uses this clock.</summary>
    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>
    {
        ["LD_PRELOAD"] = library,
        ["FAKETIME_TIMESTAMP_FILE"] = file,
        ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",
        // How often it reads the file, in seconds.
        ["FAKETIME_CACHE_DURATION"] = "1",
        // Without this, a killed process leaves shared memory behind.
        ["FAKETIME_DISABLE_SHM"] = "1",
        // Without this, a timed wait returns at once, again and again.
        ["FAKETIME_FORCE_MONOTONIC_FIX"] = "0",
    };

    /// <summary>Sets the offset, in whole seconds; the process uses it within about a second.</summary>
    public void Set(TimeSpan offset)
    {
        // Replace the file in one step, so that it is never read half written.
        File.WriteAllText(
            $"{file}.new", string.Create(CultureInfo.InvariantCulture, $"{offset.TotalSeconds:+0;-0;+0}\n"));
        File.Move($"{file}.new", file, overwrite: true);
    }
}
