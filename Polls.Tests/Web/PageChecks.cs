using Polls.AppHost.Processes;

namespace Polls.Tests.Web;

/// <summary>Checks of the pages' own functions, run by Node.js (<c>Polls.Tests/Types</c>).</summary>
internal static class PageChecks
{
    /// <summary>What the check prints.</summary>
    public static async Task<string> RunAsync(string script)
    {
        var run = await Tool.RunAsync("node", [Repository.PathOf("Polls.Tests", "Types", script), Repository.PathOf("Polls.Web")]);
        run.ExitCode.ShouldBe(0, run.Error);
        return run.Output;
    }

    /// <summary>For checks that print what is wrong.</summary>
    public static async Task ShouldFindNothingAsync(string script) => (await RunAsync(script)).ShouldBeEmpty();
}
