using Polls.AppHost.Processes;

namespace Polls.Tests.Deployment;

/// <summary>.ci/run, with stand-ins for the programs that it calls.</summary>
public sealed class CiRunTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("polls-ci-");

    public CiRunTests()
    {
        foreach (var name in new[] { ".ci", "scripts" })
        {
            folder.CreateSubdirectory(name);
        }

        Write(".ci/run", Repository.Read(".ci/run"));
        Write("prove", "#!/bin/sh\necho proved");
        Write("bench", "#!/bin/sh\necho measured");
        Write("scripts/audit", "#!/bin/sh\nexit 75");
        Write("scripts/verify-image", "#!/bin/sh\necho '3 passed, 0 failed'");
    }

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task All_steps_count_in_the_last_line()
    {
        var (exitCode, lines) = await RunAsync("echo '10 passed, 0 failed'");
        lines[^1].ShouldBe("16 passed, 0 failed, 1 skipped");
        exitCode.ShouldBe(0);
    }

    [Fact]
    public async Task A_test_that_passes_when_run_again_is_printed_as_flaky()
    {
        var (exitCode, lines) = await RunAsync(First, "echo '2 passed, 0 failed'");
        lines[^3..].ShouldBe(["flaky: Polls.Tests.A.One", "flaky: Polls.Tests.B.Two", "16 passed, 0 failed, 1 skipped"]);
        exitCode.ShouldBe(0);
    }

    [Fact]
    public async Task A_test_that_fails_again_has_failed()
    {
        var (exitCode, lines) = await RunAsync(First, "echo '  Failed Polls.Tests.B.Two(x: 1) [2 ms]'; echo '1 passed, 1 failed'; exit 1");
        lines[^2..].ShouldBe(["flaky: Polls.Tests.A.One", "15 passed, 1 failed, 1 skipped"]);
        exitCode.ShouldBe(1);
    }

    [Fact]
    public async Task A_run_that_crashes_has_failed()
    {
        var (exitCode, lines) = await RunAsync("echo '9 passed, 1 failed'; exit 1");
        lines[^1].ShouldBe("15 passed, 1 failed, 1 skipped");
        exitCode.ShouldBe(1);
    }

    [Theory]
    [InlineData("echo '  Failed Polls.Tests.A.One [1 s]'; echo 'The test run itself failed'; echo '8 passed, 2 failed'; exit 1", "echo '1 passed, 0 failed'")]
    [InlineData("echo '  Failed Polls.Tests.A.One [1 s]'; echo '8 passed, 2 failed'; exit 1", "echo '1 passed, 0 failed'")]
    [InlineData("echo '  Failed Polls.Tests.A.One [1 s]'; echo '8 passed, 2 failed'; exit 1", "echo 'The build failed.'; exit 1")]
    [InlineData("echo '  Failed Polls.Tests.A.One [1 s]'; echo '  Failed Polls.Tests.B.Two [1 s]'; echo '8 passed, 2 failed'; exit 1", "echo 'The build failed.'; exit 1")]
    public async Task What_was_not_run_again_has_failed(string first, string again)
    {
        var (exitCode, lines) = await RunAsync(first, again);
        lines.ShouldNotContain(line => line.StartsWith("flaky", StringComparison.Ordinal));
        lines[^1].ShouldBe("14 passed, 2 failed, 1 skipped");
        exitCode.ShouldBe(1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(124)]
    public async Task A_proof_that_fails_or_hangs_is_a_failure(int code)
    {
        Write("prove", $"#!/bin/sh\necho 'G1 BROKEN'; exit {code}");
        var (exitCode, lines) = await RunAsync("echo '10 passed, 0 failed'");
        lines.ShouldContain($"./prove --mutations ended with exit code {code}; its last lines:");
        lines[^1].ShouldBe("14 passed, 2 failed, 1 skipped");
        exitCode.ShouldBe(1);
    }

    private static string First =>
        "echo '  Failed Polls.Tests.A.One [1 s]'; echo '  Failed Polls.Tests.B.Two(x: 1) [2 ms]'; echo '8 passed, 2 failed'; exit 1";

    /// <summary>Runs it with a ./test that does <paramref name="first"/>, and <paramref name="again"/> when it is called with a filter.</summary>
    private async Task<(int ExitCode, string[] Lines)> RunAsync(string first, string again = "exit 1")
    {
        Write("test", $"#!/bin/sh\nif [ $# -gt 0 ]; then {again}; else {first}; fi");
        var result = await Tool.RunAsync("bash", [Path.Combine(folder.FullName, ".ci/run")]);
        return (result.ExitCode, result.Output.TrimEnd().Split('\n'));
    }

    private void Write(string name, string text)
    {
        var path = Path.Combine(folder.FullName, name);
        File.WriteAllText(path, text);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
