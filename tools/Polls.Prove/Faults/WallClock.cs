using System.Globalization;
using Polls.AppHost;

namespace Polls.Prove.Faults;

/// <summary>
/// The wall clock of one instance, which can be put forward and back while it runs: libfaketime, loaded before all else, adds to what the kernel
/// says. Timers and timeouts go on as they were; nobody who sets a machine's clock changes those either.
/// </summary>
internal sealed class WallClock
{
    private const string Libraries = "/usr/lib";
    private readonly string file;
    private readonly string library;

    /// <summary>Is right at first.</summary>
    /// <param name="file">Where it is written down how wrong it is.</param>
    /// <exception cref="StartFailedException">libfaketime is not installed.</exception>
    public WallClock(string file)
    {
        this.file = file;
        library = Directory.EnumerateDirectories(Libraries).Select(directory => Path.Combine(directory, "faketime", "libfaketimeMT.so.1")).FirstOrDefault(File.Exists)
            ?? throw new StartFailedException("libfaketime, by which clocks are set, is not installed.");
        Set(TimeSpan.Zero);
    }

    /// <summary>With these variables an instance lives by this clock.</summary>
    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>
    {
        ["LD_PRELOAD"] = library,
        ["FAKETIME_TIMESTAMP_FILE"] = file,
        ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",
        // How often it looks into the file, in seconds.
        ["FAKETIME_CACHE_DURATION"] = "1",
        // Otherwise a process that is killed leaves memory behind, and one that waits for a time wakes up at once, again and again.
        ["FAKETIME_DISABLE_SHM"] = "1",
        ["FAKETIME_FORCE_MONOTONIC_FIX"] = "0",
    };

    /// <summary>From about a second later on it is wrong by this much, in whole seconds.</summary>
    public void Set(TimeSpan wrong)
    {
        // Never half written.
        File.WriteAllText($"{file}.new", string.Create(CultureInfo.InvariantCulture, $"{wrong.TotalSeconds:+0;-0;+0}\n"));
        File.Move($"{file}.new", file, overwrite: true);
    }
}
