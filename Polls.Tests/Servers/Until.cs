using System.Diagnostics;
using Polls.AppHost.Processes;

namespace Polls.Tests.Servers;

/// <summary>Waits for a condition instead of for a time, with a limit that is generous enough for a busy machine.</summary>
public static class Until
{
    /// <summary>How long anything may take, on a busy machine too.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static Task TrueAsync(Func<bool> condition, string what) =>
        TrueAsync(() => Task.FromResult(condition()), what);

    internal static Task GoneAsync(IEnumerable<ProcessIdentity> processes) =>
        TrueAsync(() => !processes.Any(process => process.IsAlive), "all processes are gone");

    /// <summary>The patience is for what the product itself takes its time for.</summary>
    public static Task TrueAsync(Func<Task<bool>> condition, string what, TimeSpan? patience = null) => TrueAsync(condition, () => what, patience);

    /// <summary>Says at the end what it still waited for.</summary>
    public static async Task TrueAsync(Func<Task<bool>> condition, Func<string> what, TimeSpan? patience = null)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(started) > (patience ?? Patience))
            {
                Assert.Fail($"Waited in vain until {what()}.");
            }

            await Task.Delay(20);
        }
    }
}
