using System.Text.RegularExpressions;
using Polls.Tests.Servers;
using Polls.Tests.Storage;

namespace Polls.Tests.Telemetry;

/// <summary>
/// The log lines: JSON by default, text in Development. <see cref="NobodyInTelemetryTests"/> reads those of processes.
/// </summary>
[Collection(nameof(SharedPostgres))]
public sealed partial class LogLinesTests(SharedPostgres postgres)
{
    [Fact]
    public async Task In_production_each_line_is_an_object()
    {
        var lines = LogLine.Parse(await LinesAsync(("Instance:Id", "line-1")));
        lines.ShouldAllBe(line => line.InstanceId == "line-1");
        lines.ShouldContain(line => line.EventId == 2202 && line.LogLevel == "Information" && line.Category == "Polls.Api");
        lines.ShouldAllBe(line => line.LogLevel == "Information" || line.Category.EndsWith(".XmlKeyManager"), "an empty database is no failure");
    }

    [Theory]
    [InlineData("environment", "Development")]
    [InlineData("Logging:Console:FormatterName", "simple")]
    public async Task In_development_each_line_is_text(string setting, string value) =>
        (await LinesAsync((setting, value), ("Instance:Id", "line-2"))).ShouldAllBe(line => TextPattern().IsMatch(line));

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (info|warn|fail): [\w.]+\[\d+\] => line-2 \S")]
    private static partial Regex TextPattern();

    private async Task<string[]> LinesAsync(params (string Name, string Value)[] settings)
    {
        var migrated = await InProcessProgram.MigrateAsync([("ConnectionStrings:Polls", await postgres.EmptyDatabaseAsync()), .. settings]);
        migrated.ExitCode.ShouldBe(0, migrated.Error + migrated.Output);
        var lines = migrated.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.ShouldNotBeEmpty();
        return lines;
    }
}
