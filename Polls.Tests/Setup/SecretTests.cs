using System.Text.RegularExpressions;
using Polls.Api.Secrets;
using Polls.AppHost;
using Polls.AppHost.Processes;
using Polls.Tests.Servers;
using Polls.Tests.Storage;

namespace Polls.Tests.Setup;

/// <summary>
/// Secrets come from the environment or from files; in production, publicly known or readable secrets stop the start.
/// </summary>
[Collection(nameof(SharedPostgres))]
public sealed partial class SecretTests(SharedPostgres postgres)
{
    private const string Nowhere = "Host=127.0.0.1;Port=1;Username=polls;Database=polls";

    [Fact]
    public async Task A_folder_of_files_is_read_and_wins_over_other_settings()
    {
        var folder = Directory.CreateTempSubdirectory("polls-secrets-");
        try
        {
            // With a trailing line feed, as editors write it.
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "ConnectionStrings__Polls"), await postgres.EmptyDatabaseAsync() + "\n");
            var migrated = await InProcessProgram.MigrateAsync(("Secrets:Directory", folder.FullName), ("ConnectionStrings:Polls", Nowhere));
            migrated.ExitCode.ShouldBe(0, migrated.Error + migrated.Output);

            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "KeyRing__CertificateFile"), "/nowhere.pfx");
            var refused = await InProcessProgram.MigrateAsync(("Secrets:Directory", folder.FullName));
            refused.ExitCode.ShouldBe(1);
            refused.Error.ShouldContain("KeyRing:CertificateFile: '/nowhere.pfx' cannot be used");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_missing_folder_stops_the_start()
    {
        var refused = await InProcessProgram.MigrateAsync(("Secrets:Directory", "/run/no-secrets"), ("ConnectionStrings:Polls", Nowhere));
        refused.ExitCode.ShouldBe(1);
        refused.Error.Trim().ShouldBe("Configuration: Secrets:Directory must be a folder with a file for each secret, such as /run/secrets, or absent; '/run/no-secrets' is not one.");
    }

    [Fact]
    public async Task Every_published_password_is_refused_in_production_and_accepted_in_a_trial()
    {
        var shown = Directory.EnumerateFiles(Repository.Root, "*.*", SearchOption.TopDirectoryOnly)
            .Concat(new[] { "docs", "k8s", "scripts", "nginx", "observability" }.SelectMany(folder => Directory.EnumerateFiles(Repository.PathOf(folder), "*", SearchOption.AllDirectories)))
            .Where(file => file.EndsWith(".md", StringComparison.Ordinal) || file.EndsWith(".yaml", StringComparison.Ordinal) || file.EndsWith(".yml", StringComparison.Ordinal)
                || file.EndsWith(".sql", StringComparison.Ordinal) || file.EndsWith(".example", StringComparison.Ordinal))
            .SelectMany(file => Password().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value)).Distinct().Order(StringComparer.Ordinal).ToList();
        shown.ShouldContain("only-for-trying", "the search finds a known password");
        shown.ShouldContain("REPLACE-ME");

        shown.Where(password => !SecretSetup.IsExample(password)).ShouldBeEmpty();

        (string, string)[] settings =
            [("ConnectionStrings:Polls", $"{Nowhere};Password=only-for-trying"), ("ConnectionStrings:Redis", "127.0.0.1:1,password=REPLACE-ME"), ("KeyRing:Password", "Postgres")];
        var refused = await InProcessProgram.MigrateAsync(settings);
        refused.ExitCode.ShouldBe(1);
        refused.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal).ShouldBe(
            from setting in new[] { "ConnectionStrings:Polls", "ConnectionStrings:Redis", "KeyRing:Password" }
            select $"Configuration: {setting} has a well-known password from an example: set your own, such as the output of openssl rand -hex 24.");

        var trial = await InProcessProgram.MigrateAsync([.. settings, ("environment", "Trial"), ("Votes:Writers", "99")]);
        trial.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldHaveSingleItem().ShouldContain("Votes:Writers");
    }

    [Fact]
    public async Task A_process_with_a_password_on_the_command_line_is_refused_in_production()
    {
        var refused = await Tool.RunAsync("dotnet", [ApiAssembly.Find(), "migrate", "--ConnectionStrings:Polls", $"{Nowhere};Password=for-all-to-see"]);
        refused.ExitCode.ShouldBe(1);
        refused.Error.Trim().ShouldBe("Configuration: ConnectionStrings:Polls must not be on the command line, which all users of the host can read: "
            + "set it in the environment, or in a file below Secrets:Directory.");
        refused.Output.ShouldBeEmpty();
    }

    // A value, not ${A_VARIABLE}, $(another) or the name of a file.
    [GeneratedRegex(@"password=([^\s$<;,""'`&)]+)", RegexOptions.IgnoreCase)]
    private static partial Regex Password();
}
