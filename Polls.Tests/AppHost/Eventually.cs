using Polls.AppHost.Processes;

namespace Polls.Tests.AppHost;

/// <summary>Waits for a condition, with a limit generous enough for a busy machine: a test never asserts how long something took.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static Task HoldsAsync(Func<bool> condition, string what) =>
        HoldsAsync(() => Task.FromResult(condition()), what);

    public static async Task HoldsAsync(Func<Task<bool>> condition, string what) =>
        (await Backoff.UntilAsync(_ => condition(), Limit, CancellationToken.None)).ShouldBeTrue($"{what} within {Limit.TotalSeconds:0} s");

    public static Task AllGoneAsync(IEnumerable<ProcessIdentity> processes) =>
        HoldsAsync(() => !processes.Any(process => process.IsAlive), "all processes are gone");
}
