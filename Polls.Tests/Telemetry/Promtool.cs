using System.Diagnostics;

namespace Polls.Tests.Telemetry;

/// <summary>Prometheus' own judgement of a page.</summary>
internal static class Promtool
{
    /// <summary>Every complaint, such as <c>name: counter metrics should have "_total" suffix</c>; or why the page cannot be read.</summary>
    public static async Task<IReadOnlyList<string>> CheckMetricsAsync(string page)
    {
        using var process = Process.Start(new ProcessStartInfo("promtool", ["check", "metrics"])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var output = process.StandardOutput.ReadToEndAsync(limit.Token);
        var errors = process.StandardError.ReadToEndAsync(limit.Token);
        await process.StandardInput.WriteAsync(page.AsMemory(), limit.Token);
        process.StandardInput.Close();
        await process.WaitForExitAsync(limit.Token);
        string[] complaints = [.. (await output + "\n" + await errors).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
        // 0: nothing to say, 3: complaints; anything else: the page is no page.
        process.ExitCode.ShouldBeOneOf(0, 3);
        (process.ExitCode == 0).ShouldBe(complaints.Length == 0, string.Join('\n', complaints));
        return complaints;
    }
}
