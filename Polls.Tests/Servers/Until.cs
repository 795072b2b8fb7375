using System.Diagnostics;
using Polls.AppHost.Processes;

namespace Polls.Tests.Servers;

/// <summary>
/// Waits for a condition instead of a fixed time, with a time-out that is generous enough for a busy machine.
/// </summary>
public static class Until
{
    /// <summary>The default time-out, long enough for a busy machine.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static Task TrueAsync(Func<bool> condition, string what) =>
        TrueAsync(() => Task.FromResult(condition()), what);

    internal static Task GoneAsync(IEnumerable<ProcessIdentity> processes) =>
        TrueAsync(() => !processes.Any(process => process.IsAlive), "all processes are gone");

    /// <summary>A longer time-out is for waits that the product itself makes long.</summary>
    public static Task TrueAsync(Func<Task<bool>> condition, string what, TimeSpan? limit = null) => TrueAsync(condition, () => what, limit);

    /// <summary>Includes the final state of the condition in the failure message.</summary>
    public static async Task TrueAsync(Func<Task<bool>> condition, Func<string> what, TimeSpan? limit = null)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(started) > (limit ?? Limit))
            {
                Assert.Fail($"Timed out waiting until {what()}.");
            }

            await Task.Delay(20);
        }
    }
}
