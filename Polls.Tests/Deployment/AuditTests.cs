using Polls.AppHost.Processes;

namespace Polls.Tests.Deployment;

/// <summary>
/// <c>scripts/audit</c> distinguishes vulnerable packages, packages without known vulnerabilities, and registries
/// without an answer. The clients' output is real.
/// </summary>
public sealed class AuditTests : IDisposable
{
    private const string NothingInNpm = """{"auditReportVersion": 2, "vulnerabilities": {}, "metadata": {"vulnerabilities": {"total": 0}}}""";
    private const string NothingInNuGet = """{"version": 1, "projects": [{"path": "a.csproj", "frameworks": [{"framework": "net10.0"}]}]}""";
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("polls-audit-test-");

    [Fact]
    public async Task No_known_vulnerability_is_a_pass()
    {
        var (exitCode, lines) = await AuditAsync(NothingInNuGet, NothingInNpm);
        lines.ShouldBe(["NuGet: no known vulnerability", "npm, Polls.Web: no known vulnerability", "npm, Polls.Tests/Types: no known vulnerability", "3 passed, 0 failed"]);
        exitCode.ShouldBe(0);
    }

    [Fact]
    public async Task Vulnerable_packages_are_named_and_fail_even_if_another_registry_has_no_answer()
    {
        var package = """{"id": "Some.Package", "resolvedVersion": "1.2.3", "vulnerabilities": [{"severity": "High", "advisoryurl": "https://github.com/advisories/X"}]}""";
        var (exitCode, lines) = await AuditAsync(
            "{\"version\": 1, \"projects\": [{\"frameworks\": [{\"transitivePackages\": [" + package + "]}]}, {\"frameworks\": [{\"topLevelPackages\": [" + package + "]}]}]}",
            """{"message": "405 Method Not Allowed", "statusCode": 405}""");
        lines.ShouldBe([
            "NuGet: Some.Package 1.2.3: High, https://github.com/advisories/X", "npm, Polls.Web: could not be asked here: 405 Method Not Allowed",
            "npm, Polls.Tests/Types: could not be asked here: 405 Method Not Allowed", "0 passed, 1 failed, 2 skipped"]);
        exitCode.ShouldBe(1);

        (exitCode, lines) = await AuditAsync(
            NothingInNuGet, """{"auditReportVersion": 2, "vulnerabilities": {"ws": {"name": "ws", "severity": "low", "range": "<8"}}, "metadata": {}}""");
        lines.ShouldContain("npm, Polls.Web: ws <8: low");
        exitCode.ShouldBe(1);
    }

    [Fact]
    public async Task A_registry_without_data_is_not_a_pass()
    {
        var (exitCode, lines) = await AuditAsync(
            """{"version": 1, "problems": [{"level": "warning", "text": "Audit source 'nuget.org' did not provide any vulnerability data."}], "projects": []}""", NothingInNpm);
        lines[0].ShouldBe("NuGet: could not be asked here: Audit source 'nuget.org' did not provide any vulnerability data.");
        lines[^1].ShouldBe("2 passed, 0 failed, 1 skipped");
        exitCode.ShouldBe(75);

        (exitCode, lines) = await AuditAsync("error: Unable to load the service index", "");
        lines[0].ShouldBe("NuGet: could not be asked here: error: Unable to load the service index");
        exitCode.ShouldBe(75);
    }

    public void Dispose() => folder.Delete(recursive: true);

    private async Task<(int ExitCode, string[] Lines)> AuditAsync(string nuget, string npm)
    {
        foreach (var (name, says) in new[] { ("dotnet", nuget), ("npm", npm) })
        {
            var path = Path.Combine(folder.FullName, name);
            await File.WriteAllTextAsync(path + ".says", says);
            await File.WriteAllTextAsync(path, "#!/bin/sh\nexec cat \"$0.says\"\n");
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        var run = await Tool.RunAsync("node", [Repository.PathOf("scripts", "audit.mjs"), Repository.Root], environment: new Dictionary<string, string>
        {
            ["PATH"] = $"{folder.FullName}:{Environment.GetEnvironmentVariable("PATH")}",
        });
        return (run.ExitCode, run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }
}
