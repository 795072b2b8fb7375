using System.Diagnostics;

namespace Polls.Tests.Telemetry;

/// <summary>Promtool's check of a metrics page.</summary>
internal static class Promtool
{
    /// <summary>
    /// All problems, such as <c>name: counter metrics should have "_total" suffix</c>, or the reason why the page
    /// cannot be parsed.
    /// </summary>
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
        // 0: no problems, 3: problems; anything else: the page cannot be parsed.
        process.ExitCode.ShouldBeOneOf(0, 3);
        (process.ExitCode == 0).ShouldBe(complaints.Length == 0, string.Join('\n', complaints));
        return complaints;
    }
}
